use chrono::{DateTime, Utc};

/// Who changes something, and when: every change of the catalog takes one, and it stands in the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act<'a> {
    /// Name of the account, or of the program.
    pub by: &'a str,
    /// The moment.
    pub at: DateTime<Utc>,
}
