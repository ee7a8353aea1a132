use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::bucket::Bucket;
use crate::digest::CHUNK;
use crate::durable::{self, create_folder, seal, sync_folder};
use crate::{CheckedFile, Digest, Digests, Error, Hashing, Listing, Stored, files_under};

/// Folder inside the store that holds all content.
pub(crate) const CONTENT: &str = "sha256";

/// Ending of files that are being written.
pub(crate) const UNDER_WAY: &str = "part";

/// Files named by their content, each written once: in a folder, or in a bucket of object storage of which a folder keeps copies.
///
/// A file lies at `sha256/ab/ab12….jpg`: the SHA-256 of its bytes, under the first two digits. What is stored cannot be
/// written again under the same name, carries read-only permissions, and is hashed whenever it is read.
#[derive(Debug, Clone)]
pub struct EvidenceStore {
    folder: PathBuf,
    bucket: Option<Bucket>,
}

impl EvidenceStore {
    /// The store in a folder, which need not exist yet.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), bucket: None }
    }

    /// The store in a bucket, such as `s3://bucket/prefix`. What is read or stored here stays in the folder too, which may be emptied at any
    /// time. Settings are those of `object_store`, such as `aws_endpoint`. Every call may wait for the network: not to be made by async tasks.
    pub fn in_bucket(
        folder: &Path,
        url: &str,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        Ok(Self { folder: folder.to_owned(), bucket: Some(Bucket::at(url, settings)?) })
    }

    /// Stores bytes; storing the same again checks what is there and changes nothing.
    pub fn store(&self, bytes: &[u8], extension: &str) -> Result<Stored, Error> {
        let stored = Stored::new(Digests::of(bytes), extension);
        if self.path(&stored).exists() {
            self.check_copy(&stored)?;
            self.carry(&stored)?;
            return Ok(stored);
        }
        self.write(&mut &bytes[..], Path::new("memory"), extension)
    }

    /// Stores a copy of a file byte for byte, hashed as it is read and checked against what the disk holds, and the bucket.
    pub fn store_file(&self, original: &Path) -> Result<Stored, Error> {
        let mut file =
            File::open(original).map_err(|source| Error::Read { path: original.to_owned(), source })?;
        self.write(&mut file, original, original.extension().and_then(|e| e.to_str()).unwrap_or_default())
    }

    /// The content of a stored file, after hashing it again.
    pub fn read(&self, stored: &Stored) -> Result<Vec<u8>, Error> {
        let path = self.file(stored)?;
        let bytes = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        let found = Digest::of(&bytes);
        if found == stored.sha256 { Ok(bytes) } else { Err(altered(path, found)) }
    }

    /// Opens a stored file after hashing it, for reading parts of it.
    pub fn open(&self, stored: &Stored) -> Result<CheckedFile, Error> {
        CheckedFile::open(&self.file(stored)?, stored)
    }

    /// Where a stored file lies on this machine, fetched first where only the bucket has it; its content is not checked again.
    pub fn file(&self, stored: &Stored) -> Result<PathBuf, Error> {
        let path = self.path(stored);
        if let Some(bucket) = &self.bucket
            && !path.exists()
        {
            self.fetch(bucket, stored)?;
        }
        Ok(path)
    }

    /// Everything that lies in the store, by its name.
    pub fn list(&self) -> Result<Listing, Error> {
        let mut names = self.names_here()?;
        if let Some(bucket) = &self.bucket {
            names.extend(bucket.list()?);
            names.sort();
            names.dedup();
        }
        Ok(Listing::of(names))
    }

    /// Removes a stored file for good; one that has gone already is fine.
    pub fn remove(&self, stored: &Stored) -> Result<(), Error> {
        self.bucket.iter().try_for_each(|bucket| bucket.remove(&stored.path()))?;
        let path = self.path(stored);
        durable::remove(&path).map_err(|source| Error::Write { path, source })
    }

    /// Removes what writers that were killed have left; what a living writer is at is left alone.
    pub fn remove_unfinished(&self) -> Result<(), Error> {
        let strange = Listing::of(self.names_here()?).strange.into_iter().map(|name| self.folder.join(name));
        for path in strange.filter(|path| path.extension().is_some_and(|e| e == UNDER_WAY)) {
            let removed = File::open(&path).and_then(|file| match file.try_lock() {
                Ok(()) => fs::remove_file(&path),
                Err(_) => Ok(()),
            });
            match removed {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::Write { path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Names of everything on this machine.
    fn names_here(&self) -> Result<Vec<String>, Error> {
        files_under(&self.folder).map_err(|source| Error::Read { path: self.folder.clone(), source })
    }

    /// The bucket, where there is one.
    pub(crate) fn bucket(&self) -> Option<&Bucket> {
        self.bucket.as_ref()
    }

    /// Where a stored file, or the copy of one, lies on this machine.
    pub(crate) fn path(&self, stored: &Stored) -> PathBuf {
        self.folder.join(stored.path())
    }

    /// Writes what a reader yields beside, and gives it its name once it is safe.
    fn write(&self, reader: &mut impl Read, from: &Path, extension: &str) -> Result<Stored, Error> {
        let (part, file) = self.begin()?;
        let stored = fill(&part, file, reader, from)
            .map(|digests| Stored::new(digests, extension))
            .and_then(|stored| self.settle(&part, stored));
        let stored = cleared(&part, stored)?;
        self.carry(&stored)?;
        Ok(stored)
    }

    /// Fetches a file that only the bucket has.
    fn fetch(&self, bucket: &Bucket, stored: &Stored) -> Result<(), Error> {
        let (name, (part, file)) = (stored.path(), self.begin()?);
        let fetched = bucket.read(&name, file).and_then(|fetched| match fetched {
            None => Err(Error::Read { path: bucket.place(&name), source: io::ErrorKind::NotFound.into() }),
            Some((file, found)) if found == stored.digests() => sealed(&part, &file),
            Some((_, found)) => Err(altered(bucket.place(&name), found.sha256)),
        });
        let settled = fetched.and_then(|()| self.settle(&part, stored.clone()));
        cleared(&part, settled).map(|_| ())
    }

    /// Carries a file that is safe here into the bucket, and reads what the bucket then has.
    fn carry(&self, stored: &Stored) -> Result<(), Error> {
        let Some(bucket) = &self.bucket else { return Ok(()) };
        let name = stored.path();
        let mut found = bucket.digests(&name)?;
        if found.is_none() {
            bucket.write(&self.path(stored), &name)?;
            found = bucket.digests(&name)?;
        }
        match found {
            Some(found) if found == stored.digests() => Ok(()),
            Some(found) => Err(altered(bucket.place(&name), found.sha256)),
            None => Err(Error::Read { path: bucket.place(&name), source: io::ErrorKind::NotFound.into() }),
        }
    }

    /// A new file for what is being written.
    fn begin(&self) -> Result<(PathBuf, File), Error> {
        let content = self.folder.join(CONTENT);
        let created = create_folder(&content).and_then(|()| new_part(&content));
        created.map_err(|source| Error::Write { path: content, source })
    }

    /// Checks a sealed part and gives it its name.
    fn settle(&self, part: &Path, stored: Stored) -> Result<Stored, Error> {
        CheckedFile::open(part, &stored)?;
        let path = self.path(&stored);
        let settled = if path.exists() {
            self.check_copy(&stored)?;
            fs::remove_file(part)
        } else {
            let folder = path.parent().unwrap_or(&self.folder);
            create_folder(folder).and_then(|()| fs::rename(part, &path)).and_then(|()| sync_folder(folder))
        };
        settled.map_err(|source| Error::Write { path, source })?;
        Ok(stored)
    }

    /// Fails unless what lies on this machine is what was stored.
    fn check_copy(&self, stored: &Stored) -> Result<(), Error> {
        CheckedFile::open(&self.path(stored), stored).map(|_| ())
    }
}

/// What became of a part, which is removed if nothing did.
fn cleared<T>(part: &Path, became: Result<T, Error>) -> Result<T, Error> {
    if became.is_err() {
        // The error is the one to tell; a part that stays is known to `remove_unfinished`.
        let _ = fs::remove_file(part);
    }
    became
}

fn altered(path: PathBuf, found: Digest) -> Error {
    Error::Altered { path, found: found.to_string() }
}

/// Copies a reader into a part, flushes it to the disk and seals it; both digests are taken on the way.
fn fill(part: &Path, file: File, reader: &mut impl Read, from: &Path) -> Result<Digests, Error> {
    let write_error = |source| Error::Write { path: part.to_owned(), source };
    let (mut hashing, mut chunk) = (Hashing::into(file), vec![0; CHUNK]);
    loop {
        match reader.read(&mut chunk).map_err(|source| Error::Read { path: from.to_owned(), source })? {
            0 => break,
            n => hashing.write_all(&chunk[..n]).map_err(write_error)?,
        }
    }
    let (file, digests) = hashing.finish();
    sealed(part, &file)?;
    Ok(digests)
}

/// Flushes a part to the disk and takes the right to write from it.
fn sealed(part: &Path, file: &File) -> Result<(), Error> {
    let sealed = file.sync_all().and_then(|()| seal(file));
    sealed.map_err(|source| Error::Write { path: part.to_owned(), source })
}

/// A new file for what is being written, locked while its writer lives.
fn new_part(folder: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 0_u64;
    loop {
        let path = folder.join(format!("{number}.{UNDER_WAY}"));
        match File::create_new(&path) {
            Ok(file) => {
                file.lock()?;
                return Ok((path, file));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
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
    fn a_stored_file_that_is_not_what_it_should_be_is_not_stored_again_as_if_nothing_were() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let stored = store.store(b"photo", "jpg").unwrap();
        fs::remove_file(store.path(&stored)).unwrap();
        fs::write(store.path(&stored), b"phot0").unwrap();
        assert!(matches!(store.store(b"photo", "jpg"), Err(Error::Altered { .. })));
        let original = folder.path().join("photo.jpg");
        fs::write(&original, b"photo").unwrap();
        assert!(matches!(store.store_file(&original), Err(Error::Altered { .. })));
        assert_eq!(fs::read(store.path(&stored)).unwrap(), b"phot0");
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

    #[test]
    fn many_writers_of_one_content_leave_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let photo = vec![7; 300_000];
        let stored = std::thread::scope(|scope| {
            let writers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| store.store(&photo, "jpg").unwrap())).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).next_back().unwrap()
        });
        let listing = store.list().unwrap();
        assert_eq!(listing.files.iter().map(|file| &file.path).collect::<Vec<_>>(), [&stored.path()]);
        assert_eq!(listing.strange, Vec::<String>::new());
    }

    #[test]
    fn what_a_killed_writer_left_is_listed_and_removed_and_a_living_writer_keeps_his() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        store.store(b"photo", "jpg").unwrap();
        fs::write(folder.path().join("sha256/0.part"), b"pho").unwrap();
        let (living, _lock) = new_part(&folder.path().join("sha256")).unwrap();
        assert_eq!(store.list().unwrap().strange, ["sha256/0.part", "sha256/1.part"]);
        store.remove_unfinished().unwrap();
        assert_eq!(store.list().unwrap().strange, ["sha256/1.part"]);
        assert!(living.exists());
        assert_eq!(store.list().unwrap().files.len(), 1);
    }

    #[test]
    fn a_failing_reader_leaves_nothing() {
        struct LostCard;
        impl Read for LostCard {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("card removed"))
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let mut reader = (&b"pho"[..]).chain(LostCard);
        let error = store.write(&mut reader, Path::new("card/DJI_0001.JPG"), "jpg").unwrap_err();
        assert!(error.to_string().contains("card/DJI_0001.JPG"));
        assert_eq!(store.list().unwrap(), Listing { files: Vec::new(), strange: Vec::new() });
    }

    #[test]
    fn parts_of_a_file_are_read_and_a_change_after_opening_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let stored = store.store(b"0123456789", "bin").unwrap();
        let open = store.open(&stored).unwrap();
        assert_eq!(open.size(), 10);
        assert_eq!(open.read_at(3, 4).unwrap(), b"3456");
        assert_eq!(open.read_at(8, 4).unwrap(), b"89");
        assert_eq!(open.read_at(11, 4).unwrap(), b"");
        let path = store.path(&stored);
        let writable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        fs::set_permissions(&path, writable).unwrap();
        assert_eq!(open.read_at(3, 4).unwrap(), b"3456", "the content is still the same");
        fs::write(&path, b"01234567x9").unwrap();
        assert!(matches!(open.read_at(0, 2), Err(Error::Altered { .. })));
    }
}
