use std::fmt;
use std::path::PathBuf;

use plumbline_custody::Digest;

/// Something in a catalog that is no longer as it was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A file has gone.
    Missing {
        /// Path inside the run's folder.
        path: PathBuf,
    },
    /// A file has other content than was filed.
    Altered {
        /// Path inside the run's folder.
        path: PathBuf,
        /// Digest that was filed.
        filed: Digest,
        /// Digest of what lies there now.
        found: Digest,
    },
    /// The custody log was changed, cut or reordered.
    LogBroken {
        /// Number of the first event that does not follow from those before it.
        seq: u64,
    },
    /// The log ends otherwise than `catalog.json` says: its tail was removed or the whole log rewritten.
    LogHead {
        /// Digest of the last event in the log.
        found: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "{} is missing", path.display()),
            Self::Altered { path, filed, found } => {
                write!(f, "{} was altered: filed as {filed}, now {found}", path.display())
            }
            Self::LogBroken { seq } => write!(f, "the custody log was altered at event {seq}"),
            Self::LogHead { found } => {
                write!(f, "the custody log was cut or rewritten: it ends with {found}")
            }
        }
    }
}
