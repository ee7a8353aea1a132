use std::path::PathBuf;

/// What can go wrong when a report is written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A picture could not be read.
    #[error("cannot put {path} into the report: is it there, and a JPEG or PNG?")]
    Picture {
        /// The picture.
        path: PathBuf,
        /// What the decoder said.
        #[source]
        source: image::ImageError,
    },
    /// A map could not be turned into a picture.
    #[error("cannot draw a map of {cols} x {rows} cells")]
    Map {
        /// Columns of the raster.
        cols: usize,
        /// Rows of the raster.
        rows: usize,
        /// What the encoder said.
        #[source]
        source: image::ImageError,
    },
    /// The page could not be filled in: a fault of this program.
    #[error("cannot fill in the report: please tell the makers of Plumbline")]
    Template(#[from] minijinja::Error),
    /// The texts in two languages do not fit: a fault of this program.
    #[error("cannot read the texts of the report: please tell the makers of Plumbline")]
    Texts(#[from] toml::de::Error),
    /// The file could not be written.
    #[error("cannot write {path}: is the disk full or the folder read-only?")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}
