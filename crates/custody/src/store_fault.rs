use std::fmt;

use crate::Digest;

/// Something in an evidence store that is no longer as it was stored. Paths are those inside the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreFault {
    /// A file has gone.
    Missing {
        /// The file.
        path: String,
    },
    /// A file has other content than was stored.
    Altered {
        /// The file.
        path: String,
        /// SHA-256 of what lies there now.
        found: Digest,
    },
    /// A file cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        why: String,
    },
    /// A file lies in the store that nobody stored, or that a killed writer left.
    Stray {
        /// The file.
        path: String,
    },
}

impl StoreFault {
    /// Path of the file inside the store.
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path }
            | Self::Altered { path, .. }
            | Self::Unreadable { path, .. }
            | Self::Stray { path } => path,
        }
    }
}

impl fmt::Display for StoreFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "{path} is missing"),
            Self::Altered { path, found } => write!(f, "{path} was altered: its content hashes to {found}"),
            Self::Unreadable { path, why } => write!(f, "{path} cannot be read: {why}"),
            Self::Stray { path } => write!(f, "{path} does not belong there"),
        }
    }
}
