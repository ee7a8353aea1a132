use std::path::PathBuf;

/// What can go wrong when findings are made or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A code that is no kind of finding.
    #[error("unknown kind of finding {code:?}: see the kinds in the README of the finding crate")]
    UnknownKind {
        /// What was given.
        code: String,
    },
    /// The file system refused.
    #[error("cannot use {path}: is the folder there and writable?")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}
