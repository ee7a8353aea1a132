use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::{Digest, Error, Stored};

/// A stored file whose whole content was hashed when it was opened, for reading parts of it.
///
/// The system's own time of the last change, which no program can set, tells whether anybody touched the file since; then
/// it is hashed again.
#[derive(Debug)]
pub struct CheckedFile {
    file: File,
    path: PathBuf,
    sha256: Digest,
    size: u64,
    stamp: Stamp,
}

/// Size and time of the last change, seconds and nanoseconds.
type Stamp = (u64, i64, i64);

impl CheckedFile {
    /// Opens and hashes a file.
    pub(crate) fn open(path: &Path, stored: &Stored) -> Result<Self, Error> {
        let opened = || {
            let file = File::open(path)?;
            let stamp = stamp(&file.metadata()?);
            Ok((file, stamp))
        };
        let (file, stamp) = opened().map_err(|source| read_error(path, source))?;
        let checked = Self { file, path: path.to_owned(), sha256: stored.sha256, size: stored.size, stamp };
        checked.check()?;
        Ok(checked)
    }

    /// Size of the content, bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Up to `length` bytes from a position; fewer only at the end of the file.
    pub fn read_at(&self, position: u64, length: usize) -> Result<Vec<u8>, Error> {
        let left = usize::try_from(self.size.saturating_sub(position)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length.min(left)];
        self.file.read_exact_at(&mut bytes, position).map_err(|source| read_error(&self.path, source))?;
        let now = self.file.metadata().map_err(|source| read_error(&self.path, source))?;
        if stamp(&now) != self.stamp {
            self.check()?;
        }
        Ok(bytes)
    }

    fn check(&self) -> Result<(), Error> {
        let mut whole = Whole { file: &self.file, position: 0 };
        let (found, _) = Digest::of_reader(&mut whole).map_err(|source| read_error(&self.path, source))?;
        if found == self.sha256 {
            Ok(())
        } else {
            Err(Error::Altered { path: self.path.clone(), found: found.to_string() })
        }
    }
}

/// Reads a file from its start without moving the position that others may be using.
struct Whole<'a> {
    file: &'a File,
    position: u64,
}

impl Read for Whole<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(bytes, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    (metadata.len(), metadata.ctime(), metadata.ctime_nsec())
}

fn read_error(path: &Path, source: io::Error) -> Error {
    Error::Read { path: path.to_owned(), source }
}
