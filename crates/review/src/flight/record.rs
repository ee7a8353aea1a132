use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A flight as the server keeps it, beside its photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flight {
    /// Name.
    pub id: String,
    /// The project that it is of.
    pub project: String,
    /// The account that uploads it.
    pub owner: String,
    /// When its first file was offered.
    pub opened: DateTime<Utc>,
    /// When the client said that all is there.
    pub completed: Option<DateTime<Utc>>,
    /// How far it has come.
    pub state: Phase,
    /// Why it went no further.
    pub why: Option<String>,
}

/// How far a flight has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Phase {
    /// Files come in.
    Uploading,
    /// The check looks at it.
    Checking,
    /// The check says that it cannot be placed on the map: it must be flown again.
    Unfit,
    /// It waits for its run.
    Queued,
    /// Its run is under way.
    Running,
    /// Its run has ended well.
    Done,
    /// Check or run failed.
    Failed,
}

/// A file of a flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Name, as the card had it.
    pub name: String,
    /// SHA-256.
    pub sha256: String,
    /// Size, bytes.
    pub size: u64,
}

impl Phase {
    /// What the page calls the run of a flight in this phase; none before there is one.
    pub fn of_run(self) -> Option<&'static str> {
        match self {
            Self::Uploading | Self::Checking | Self::Unfit => None,
            Self::Queued => Some("QUEUED"),
            Self::Running => Some("RUNNING"),
            Self::Done => Some("DONE"),
            Self::Failed => Some("FAILED"),
        }
    }
}
