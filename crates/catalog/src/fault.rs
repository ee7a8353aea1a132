use std::fmt;
use std::path::PathBuf;

use plumbline_custody::{Digest, LogFault, StoreFault};

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
    /// The custody log of a shared catalog.
    Log(LogFault),
    /// A file in the store of a shared catalog.
    File {
        /// Name that it had, where it is known.
        name: Option<String>,
        /// What is wrong with it.
        fault: StoreFault,
    },
    /// A row of the table of events is not the entry of the log.
    Event {
        /// Its number.
        seq: u64,
    },
    /// A row of the table of events has gone.
    EventGone {
        /// Its number.
        seq: u64,
    },
    /// A document, item, lead or record is not as it was logged last.
    Document {
        /// What it is of.
        subject: String,
        /// Digest of what is there now.
        found: Digest,
    },
    /// A document, item, lead or record has gone without an event.
    Gone {
        /// What it was of.
        subject: String,
    },
    /// A document, item, lead or record came without an event.
    Unlogged {
        /// What it is of.
        subject: String,
    },
    /// What an item or lead is searched by is not what its document says.
    Columns {
        /// What it is of.
        subject: String,
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
            Self::Log(fault) => write!(f, "custody log: {fault}"),
            Self::File { name: Some(name), fault } => write!(f, "{name}: {fault}"),
            Self::File { name: None, fault } => write!(f, "{fault}"),
            Self::Event { seq } => write!(f, "event {seq} is not the entry of the custody log"),
            Self::EventGone { seq } => write!(f, "event {seq} is missing"),
            Self::Document { subject, found } => write!(f, "{subject} was altered: it hashes to {found} now"),
            Self::Gone { subject } => write!(f, "{subject} is missing"),
            Self::Unlogged { subject } => write!(f, "{subject} came without an event"),
            Self::Columns { subject } => {
                write!(f, "{subject} is searched by other values than its document has")
            }
        }
    }
}
