use std::path::PathBuf;

/// What can go wrong when blocks and control points are read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot use {path}: is it there, and may it be written?")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A list of ground points that does not say its coordinate system.
    #[error(
        "{path} begins with {found:?}, which names no coordinate system: the first line has to be like EPSG:4547, \
         WGS84 UTM 50N or +proj=..."
    )]
    ControlHeader {
        /// The file.
        path: PathBuf,
        /// Its first line.
        found: String,
    },
    /// A row of a list of ground points that cannot be understood.
    #[error("{path} line {line}: {reason}; expected {expected}")]
    ControlRow {
        /// The file.
        path: PathBuf,
        /// Counted from one.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A list of ground points of another flight.
    #[error(
        "none of the photos that {path} marks is among the flight's ({example} for one): are these the ground points of this flight?"
    )]
    ForeignControl {
        /// The file.
        path: PathBuf,
        /// A photo it names.
        example: String,
    },
    /// A list without a ground point.
    #[error("{path} names no ground point: below its coordinate system each line is a mark in a photo")]
    NoControl {
        /// The file.
        path: PathBuf,
    },
    /// Coordinates.
    #[error(transparent)]
    Geodesy(#[from] plumbline_geodesy::Error),
}
