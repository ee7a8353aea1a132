use std::io;
use std::path::PathBuf;

/// What can go wrong with evidence and its log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}: is it there and readable?")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {path}: is the disk full or the folder read-only?")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A stored file is no longer what was stored.
    #[error("{path} was altered: its content hashes to {found}; restore it from a backup")]
    Altered {
        /// The file.
        path: PathBuf,
        /// SHA-256 of what lies there now.
        found: String,
    },
    /// A text that should be a digest is none.
    #[error("{text:?} is no digest: 64 hexadecimal digits are needed")]
    NoDigest {
        /// What was given.
        text: String,
    },
}
