use std::path::PathBuf;

/// What can go wrong when a table is made, written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot use {path}: is it there, and the folder writable?")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A table that could not be made, or a file that holds none.
    #[error("cannot use the table {path}")]
    Table {
        /// The file.
        path: PathBuf,
        /// What polars said.
        #[source]
        source: Box<polars::error::PolarsError>,
    },
}
