use std::path::PathBuf;

use chrono::NaiveDate;

use crate::Quantity;

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
    /// A jurisdiction pack that is not one.
    #[error("the jurisdiction pack {path} cannot be used: {source}")]
    Pack {
        /// The file.
        path: PathBuf,
        /// Which key is wrong, and where.
        source: Box<toml::de::Error>,
    },
    /// A pack without a tolerance for the day of the flight.
    #[error(
        "the jurisdiction pack {pack} has no tolerance for {quantity:?} on {on}: add a [[tolerance]] row"
    )]
    NoTolerance {
        /// Name of the pack.
        pack: String,
        /// Of what.
        quantity: Quantity,
        /// The day of the flight.
        on: NaiveDate,
    },
    /// Outlines could not be converted to longitude and latitude.
    #[error(transparent)]
    Plan(#[from] plumbline_plan::Error),
}
