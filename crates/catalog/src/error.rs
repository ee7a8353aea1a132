use std::io;
use std::path::PathBuf;

/// What can go wrong with the catalog.
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
    /// A file is no JSON, or not the JSON it should be.
    #[error("{path} is damaged or not part of a catalog: run again to write the catalog anew")]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A raster among the products could not be opened.
    #[error("cannot describe a product in the catalog")]
    Product(#[source] Box<plumbline_raster::Error>),
    /// A footprint could not be converted to longitude and latitude.
    #[error("cannot place a footprint on the globe")]
    Footprint(#[source] Box<plumbline_geodesy::Error>),
    /// The index refused.
    #[error("cannot use the index {path}: delete the catalog folder and run again")]
    Index {
        /// The SQLite file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: sqlx::Error,
    },
    /// A stored file is no longer what was stored.
    #[error("{path} was altered: its content hashes to {found}; restore it from a backup")]
    Altered {
        /// The file.
        path: PathBuf,
        /// Digest of what lies there now.
        found: String,
    },
    /// The evidence store or a digest refused.
    #[error(transparent)]
    Custody(#[from] plumbline_custody::Error),
    /// Two records have the same name.
    #[error("{collection} holds {id:?} twice: names must be unique in a project")]
    Duplicate {
        /// The collection.
        collection: String,
        /// The name.
        id: String,
    },
}

impl From<plumbline_raster::Error> for Error {
    fn from(source: plumbline_raster::Error) -> Self {
        Self::Product(Box::new(source))
    }
}

impl From<plumbline_geodesy::Error> for Error {
    fn from(source: plumbline_geodesy::Error) -> Self {
        Self::Footprint(Box::new(source))
    }
}
