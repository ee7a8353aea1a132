use std::fs;
use std::io;
use std::path::Path;

use crate::evidence_store::CONTENT;
use crate::stored::path;
use crate::{Digest, Error};

/// What lies in a store, told from names alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Files whose names are digests, in the order of their paths.
    pub files: Vec<Listed>,
    /// Paths of everything else: unfinished parts, and what does not belong there.
    pub strange: Vec<String>,
}

/// A file by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Path inside the store, with forward slashes.
    pub path: String,
    /// The digest that its content should have.
    pub sha256: Digest,
}

impl Listing {
    pub(crate) fn of(store: &Path) -> Result<Self, Error> {
        let mut listing = Self { files: Vec::new(), strange: Vec::new() };
        listing.walk(store, "")?;
        listing.files.sort();
        listing.strange.sort();
        Ok(listing)
    }

    /// Lists a folder; `inside` is its path inside the store, with a slash at the end.
    fn walk(&mut self, store: &Path, inside: &str) -> Result<(), Error> {
        let folder = store.join(inside);
        let read_error = |source| Error::Read { path: folder.clone(), source };
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(read_error)?,
        };
        for entry in entries {
            let entry = entry.map_err(read_error)?;
            let path = format!("{inside}{}", entry.file_name().to_string_lossy());
            if entry.file_type().map_err(read_error)?.is_dir() {
                self.walk(store, &format!("{path}/"))?;
            } else if let Some(sha256) = digest_of_name(&path) {
                self.files.push(Listed { path, sha256 });
            } else {
                self.strange.push(path);
            }
        }
        Ok(())
    }
}

/// The digest in the name of a file, if it lies where the store would have put it.
fn digest_of_name(inside: &str) -> Option<Digest> {
    let (_, name) = inside.rsplit_once('/')?;
    let (digest, extension) = name.split_once('.')?;
    let sha256: Digest = digest.parse().ok()?;
    (inside == path(&sha256, extension) && inside.starts_with(CONTENT)).then_some(sha256)
}
