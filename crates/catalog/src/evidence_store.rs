use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::stac::media_type;
use crate::{Digest, Error};

/// A folder of files named by their content, each written once.
///
/// A file lies at `sha256/ab/ab12….jpg`: the digest of its bytes, under the first two digits. What is stored cannot be
/// written again under the same name, carries read-only permissions, and is hashed whenever it is read.
#[derive(Debug, Clone)]
pub struct EvidenceStore {
    folder: PathBuf,
}

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// Digest of the content.
    pub sha256: Digest,
    /// Size of the content, bytes.
    pub size: u64,
    /// Ending of the name, without the dot, lower case.
    pub extension: String,
}

impl EvidenceStore {
    /// The store in a folder, which need not exist yet.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Stores bytes; storing the same again changes nothing.
    pub fn store(&self, bytes: &[u8], extension: &str) -> Result<Stored, Error> {
        let stored = Stored {
            sha256: Digest::of(bytes),
            size: bytes.len() as u64,
            extension: extension.to_ascii_lowercase(),
        };
        self.place(&stored, |path| fs::write(path, bytes))?;
        Ok(stored)
    }

    /// Stores a copy of a file byte for byte and checks the copy against the original.
    pub fn store_file(&self, original: &Path) -> Result<Stored, Error> {
        let (sha256, size) = Digest::of_file(original)?;
        let extension = original.extension().and_then(|e| e.to_str()).unwrap_or("bin").to_ascii_lowercase();
        let stored = Stored { sha256, size, extension };
        self.place(&stored, |path| fs::copy(original, path).map(drop))?;
        self.read(&stored)?;
        Ok(stored)
    }

    /// The content of a stored file, after hashing it again.
    pub fn read(&self, stored: &Stored) -> Result<Vec<u8>, Error> {
        let path = self.path(stored);
        let bytes = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        let found = Digest::of(&bytes);
        if found == stored.sha256 {
            Ok(bytes)
        } else {
            Err(Error::Altered { path, found: found.to_string() })
        }
    }

    /// Where a stored file lies.
    pub fn path(&self, stored: &Stored) -> PathBuf {
        self.folder.join(stored.path())
    }

    /// Writes beside the final place, seals the file and moves it there, unless it is there already.
    fn place(&self, stored: &Stored, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Error> {
        let path = self.path(stored);
        if path.exists() {
            return Ok(());
        }
        let under_way = path.with_extension("part");
        let placed = || -> io::Result<()> {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            write(&under_way)?;
            let mut permissions = fs::metadata(&under_way)?.permissions();
            permissions.set_readonly(true);
            fs::set_permissions(&under_way, permissions)?;
            fs::rename(&under_way, &path)
        };
        placed().map_err(|source| Error::Write { path: path.clone(), source })
    }
}

impl Stored {
    /// Path inside the store, with forward slashes.
    pub fn path(&self) -> String {
        let name = self.sha256.to_string();
        format!("sha256/{}/{name}.{}", &name[..2], self.extension)
    }

    /// Media type by the ending of the name.
    pub fn media_type(&self) -> &'static str {
        media_type(&self.extension)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_is_stored_once_and_cannot_be_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let first = store.store(b"photo", "JPG").unwrap();
        assert_eq!(store.store(b"photo", "jpg").unwrap(), first);
        assert!(store.path(&first).metadata().unwrap().permissions().readonly());
        assert_eq!(store.read(&first).unwrap(), b"photo");
        assert_eq!(fs::read_dir(store.path(&first).parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn an_altered_file_is_named_when_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let stored = store.store(b"photo", "jpg").unwrap();
        fs::remove_file(store.path(&stored)).unwrap();
        fs::write(store.path(&stored), b"phot0").unwrap();
        let error = store.read(&stored).unwrap_err();
        assert!(matches!(error, Error::Altered { .. }));
        assert!(error.to_string().contains(&stored.sha256.to_string()));
    }

    #[test]
    fn a_copied_original_keeps_every_byte() {
        let folder = tempfile::tempdir().unwrap();
        let original = folder.path().join("DJI_0001.JPG");
        fs::write(&original, [0xff, 0xd8, 0, 1, 2]).unwrap();
        let store = EvidenceStore::in_folder(&folder.path().join("evidence"));
        let stored = store.store_file(&original).unwrap();
        assert_eq!(store.read(&stored).unwrap(), fs::read(&original).unwrap());
        assert!(!original.metadata().unwrap().permissions().readonly());
    }
}
