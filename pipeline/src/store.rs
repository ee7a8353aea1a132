//! What tasks left behind, found again by what went into them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Bytes of a file that are hashed at a time.
const READ_BYTES: usize = 1 << 20;

/// Digest of everything a result depends on: the task, its inputs, its options and the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// The key of a task from anything that serialises: options, file digests, other keys.
    pub fn of(task: &str, inputs: &impl Serialize) -> Result<Self, Error> {
        let inputs =
            postcard::to_stdvec(inputs).map_err(|source| Error::Encode { task: task.to_owned(), source })?;
        let mut hasher = Sha256::new();
        hasher.update(task.as_bytes());
        hasher.update([0]);
        hasher.update(inputs);
        Ok(Self(hex(&hasher.finalize())))
    }

    /// The digest in hexadecimal.
    pub fn hex(&self) -> &str {
        &self.0
    }
}

/// A folder of results. A file is there whole or not at all, and says itself whether it is intact.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    build: String,
}

/// Files that a step wrote, with the digests they had.
#[derive(Debug, Serialize, Deserialize)]
struct Stamp {
    files: BTreeMap<PathBuf, String>,
}

impl Store {
    /// Opens or makes a store. Results of another build are never taken for this one's.
    pub fn open(root: &Path) -> Result<Self, Error> {
        fs::create_dir_all(root).map_err(|source| Error::io("create", root, source))?;
        let build = std::env::current_exe().and_then(|exe| digest_file(&exe));
        let build =
            build.map_err(|source| Error::io("read", Path::new("this program's own file"), source))?;
        Ok(Self { root: root.to_owned(), build })
    }

    /// The key of a task in this build.
    pub fn key(&self, task: &str, inputs: &impl Serialize) -> Result<Key, Error> {
        Key::of(task, &(&self.build, inputs))
    }

    /// The stored result, or the result of `make`, stored.
    pub fn value<T, E>(&self, task: &str, key: &Key, make: impl FnOnce() -> Result<T, E>) -> Result<T, Error>
    where
        T: Serialize + DeserializeOwned,
        Error: From<E>,
    {
        if let Some(value) = self.known(task, key) {
            return Ok(value);
        }
        let value = make()?;
        self.keep(task, key, &value)?;
        Ok(value)
    }

    /// The stored result, where there is one.
    pub fn known<T: DeserializeOwned>(&self, task: &str, key: &Key) -> Option<T> {
        let bytes = read_sealed(&self.value_path(task, key))?;
        postcard::from_bytes(&bytes).ok()
    }

    /// Stores a result.
    pub fn keep(&self, task: &str, key: &Key, value: &impl Serialize) -> Result<(), Error> {
        let bytes =
            postcard::to_stdvec(value).map_err(|source| Error::Encode { task: task.to_owned(), source })?;
        write_whole(&self.value_path(task, key), &sealed(&bytes))
    }

    fn value_path(&self, task: &str, key: &Key) -> PathBuf {
        self.root.join(task).join(format!("{}.bin", key.hex()))
    }

    /// Runs `make` unless `files` are already as it left them. Returns whether it ran.
    pub fn files<E>(
        &self,
        task: &str,
        key: &Key,
        files: &[PathBuf],
        make: impl FnOnce() -> Result<(), E>,
    ) -> Result<bool, Error>
    where
        Error: From<E>,
    {
        let path = self.root.join(task).join(format!("{}.json", key.hex()));
        if read_stamp(&path).is_some_and(|stamp| stamp.holds(files)) {
            return Ok(false);
        }
        make()?;
        let mut stamp = Stamp { files: BTreeMap::new() };
        for file in files {
            stamp.files.insert(file.clone(), digest(file)?);
        }
        let text =
            serde_json::to_vec_pretty(&stamp).map_err(|source| Error::Json { path: path.clone(), source })?;
        write_whole(&path, &text)?;
        Ok(true)
    }
}

impl Stamp {
    fn holds(&self, files: &[PathBuf]) -> bool {
        files.len() == self.files.len()
            && files.iter().all(|file| {
                self.files.get(file).is_some_and(|was| digest_file(file).is_ok_and(|is| &is == was))
            })
    }
}

fn read_stamp(path: &Path) -> Option<Stamp> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Writes a file beside its place, makes sure it is on the disk, and moves it in.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| Error::io("create", folder, source))?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let under_way = folder.join(name);
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&under_way)?;
        file.write_all(bytes)?;
        file.sync_data()?;
        fs::rename(&under_way, path)
    };
    write().map_err(|source| Error::io("write", path, source))
}

/// Takes a file away, where there is one.
pub fn remove(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(Error::io("remove", file, source)),
        _ => Ok(()),
    }
}

/// As [`digest_file`]; the error names the file.
pub fn digest(file: &Path) -> Result<String, Error> {
    digest_file(file).map_err(|source| Error::io("read", file, source))
}

/// SHA-256 of a file's bytes, hexadecimal.
pub fn digest_file(path: &Path) -> std::io::Result<String> {
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; READ_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&hasher.finalize())),
            n => hasher.update(&piece[..n]),
        }
    }
}

/// Bytes behind their own digest.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    [Sha256::digest(bytes).as_slice(), bytes].concat()
}

fn read_sealed(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = fs::read(path).ok()?;
    let body = bytes.split_off(bytes.len().min(Sha256::output_size()));
    (Sha256::digest(&body).as_slice() == bytes).then_some(body)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        (folder, store)
    }

    fn count(store: &Store, key: &Key, runs: &mut u32) -> u32 {
        store
            .value("count", key, || {
                *runs += 1;
                Ok::<_, Error>(*runs)
            })
            .unwrap()
    }

    #[test]
    fn a_value_is_made_once_for_the_same_inputs() {
        let (_folder, store) = store();
        let mut runs = 0;
        let key = store.key("count", &("photo.jpg", 3)).unwrap();
        assert_eq!((count(&store, &key, &mut runs), count(&store, &key, &mut runs)), (1, 1));
        let other = store.key("count", &("photo.jpg", 4)).unwrap();
        assert_eq!(count(&store, &other, &mut runs), 2);
    }

    #[test]
    fn a_damaged_value_is_made_again() {
        let (folder, store) = store();
        let mut runs = 0;
        let key = store.key("count", &1).unwrap();
        count(&store, &key, &mut runs);
        let path = folder.path().join("count").join(format!("{}.bin", key.hex()));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(count(&store, &key, &mut runs), 2);
    }

    #[test]
    fn an_altered_product_is_written_again() {
        let (folder, store) = store();
        let product = folder.path().join("dsm.tif");
        let key = store.key("surface", &1).unwrap();
        let make = || write_whole(&product, b"heights");
        assert!(store.files("surface", &key, std::slice::from_ref(&product), make).unwrap());
        assert!(!store.files("surface", &key, std::slice::from_ref(&product), make).unwrap());
        fs::write(&product, b"altered").unwrap();
        assert!(store.files("surface", &key, std::slice::from_ref(&product), make).unwrap());
        assert_eq!(fs::read(&product).unwrap(), b"heights");
    }
}
