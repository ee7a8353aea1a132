use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line of the catalog's history. Its JSON, keys sorted and without blanks, is an entry of the custody log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the history and in the log, from 0.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: an account or a program.
    pub by: String,
    /// What happened, in capitals, such as `DECIDED`.
    pub action: String,
    /// To what: its sort and its name, such as `lead:demo/L-1` or `item:epochs/demo~2025-06-12`.
    pub subject: String,
    /// Digest of the thing as it is from now on; absent where it is gone or nothing is stored.
    pub sha256: Option<String>,
    /// What else is known, by name.
    pub detail: Value,
}

/// Mark in the detail of an event after which its subject is gone.
pub(super) const GONE: &str = "gone";

impl Event {
    /// Whether its subject is gone from then on.
    pub fn removes(&self) -> bool {
        self.detail[GONE] == true
    }
}
