use std::fmt;
use std::ops::Range;

use crate::log_files::CHECKPOINT;

/// Something in a log that is not as its checkpoint says. Paths are those inside the log's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFault {
    /// There is no checkpoint, and so no log.
    NoCheckpoint,
    /// The checkpoint was altered, or another key signed it.
    Checkpoint {
        /// What is wrong with it.
        why: String,
    },
    /// The tree does not have the root that the checkpoint says, whichever of the unfinished tiles is believed.
    Root,
    /// A file has gone.
    Missing {
        /// The file.
        path: String,
    },
    /// A file cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        why: String,
    },
    /// A file was cut or lengthened.
    Length {
        /// The file.
        path: String,
    },
    /// Entries are not the ones that were logged.
    Entries {
        /// The bundle.
        path: String,
        /// Their numbers in the log.
        entries: Range<u64>,
    },
    /// An entry stands where another one was logged.
    Moved {
        /// The bundle.
        path: String,
        /// Where it stands.
        entry: u64,
        /// Where it was logged.
        logged: u64,
    },
    /// Hashes of the tree were altered.
    Hashes {
        /// The tile.
        path: String,
        /// Their places in the tile.
        hashes: Range<u64>,
        /// The entries that they stand for.
        entries: Range<u64>,
    },
    /// A tile and all below it fit each other and not the tree: both were rewritten.
    Rewritten {
        /// The tile.
        path: String,
        /// The entries below it, some of which are not the ones that were logged.
        entries: Range<u64>,
    },
    /// A tile that the checkpoint does not cover: an append was interrupted, or the checkpoint was put back.
    Unfinished {
        /// The file.
        path: String,
    },
    /// A file that does not belong to a log.
    Stray {
        /// The file.
        path: String,
    },
    /// The log is shorter than it was.
    RolledBack {
        /// Entries under the checkpoint that was kept.
        kept: u64,
        /// Entries of the log.
        size: u64,
    },
    /// The log does not show that it continues the one that a checkpoint was kept of: it was rewritten, or is damaged.
    NotContinued {
        /// Entries under the checkpoint that was kept.
        kept: u64,
    },
}

impl LogFault {
    /// The file that the fault names; none where it is the log as a whole.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::NoCheckpoint | Self::Checkpoint { .. } => Some(CHECKPOINT),
            Self::Missing { path }
            | Self::Unreadable { path, .. }
            | Self::Length { path }
            | Self::Entries { path, .. }
            | Self::Moved { path, .. }
            | Self::Hashes { path, .. }
            | Self::Rewritten { path, .. }
            | Self::Unfinished { path }
            | Self::Stray { path } => Some(path),
            Self::Root | Self::RolledBack { .. } | Self::NotContinued { .. } => None,
        }
    }
}

impl fmt::Display for LogFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCheckpoint => write!(f, "checkpoint is missing"),
            Self::Checkpoint { why } => write!(f, "checkpoint was altered: {why}"),
            Self::Root => write!(f, "checkpoint and tiles do not fit each other"),
            Self::Missing { path } => write!(f, "{path} is missing"),
            Self::Unreadable { path, why } => write!(f, "{path} cannot be read: {why}"),
            Self::Length { path } => write!(f, "{path} was cut or lengthened"),
            Self::Entries { path, entries } => {
                write!(f, "{path}: {} not as logged", Numbers("entry", entries))
            }
            Self::Moved { path, entry, logged } => {
                write!(f, "{path}: entry {entry} was logged as entry {logged}")
            }
            Self::Hashes { path, hashes, entries } => {
                write!(f, "{path}: {} altered, over {}", Numbers("hash", hashes), Numbers("entry", entries))
            }
            Self::Rewritten { path, entries } => {
                write!(f, "{path} was rewritten with what lies below it: {}", Numbers("entry", entries))
            }
            Self::Unfinished { path } => {
                write!(
                    f,
                    "{path} lies beyond the checkpoint: an append was interrupted, or the log rolled back"
                )
            }
            Self::Stray { path } => write!(f, "{path} does not belong to the log"),
            Self::RolledBack { kept, size } => {
                write!(f, "the log was rolled back: it had {kept} entries and has {size}")
            }
            Self::NotContinued { kept } => {
                write!(f, "the log does not continue the {kept} entries that a checkpoint was kept of")
            }
        }
    }
}

/// Numbers of things, the first and the last of them.
struct Numbers<'a>(&'static str, &'a Range<u64>);

impl fmt::Display for Numbers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(thing, range) = self;
        write!(f, "{thing} {}", range.start)?;
        if range.end - range.start > 1 { write!(f, " to {}", range.end - 1) } else { Ok(()) }
    }
}
