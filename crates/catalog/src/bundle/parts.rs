use std::collections::BTreeMap;
use std::path::PathBuf;

/// What goes into a bundle, by its path there.
#[derive(Debug, Default)]
pub(crate) struct Parts(pub BTreeMap<String, Part>);

/// One file of a bundle.
#[derive(Debug)]
pub(crate) enum Part {
    /// Made for the bundle.
    Bytes(Vec<u8>),
    /// Copied from the store.
    File(PathBuf),
}

/// The public key of the log.
pub(super) const KEY: &str = "log.pub";
/// Folder of the documents: one a file, named by its number in the list.
pub(super) const DOCUMENTS: &str = "documents";
/// What each document is of: its path and its subject.
pub(super) const LIST: &str = "documents.json";
/// Folder of the receipts, one an event.
pub(super) const RECEIPTS: &str = "receipts";
/// Folder of the stored files, named by their digests.
pub(super) const FILES: &str = "files";
/// The page for people.
pub(super) const PAGE: &str = "index.html";

impl Parts {
    /// Adds a file made for the bundle.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), Part::Bytes(bytes.into()));
    }

    /// Adds a stored file.
    pub fn add_file(&mut self, path: impl Into<String>, file: PathBuf) {
        self.0.insert(path.into(), Part::File(file));
    }
}
