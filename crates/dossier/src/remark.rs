use chrono::{DateTime, Utc};
use plumbline_finding::Bilingual;
use serde::Serialize;

/// Something that a person said of a finding: a decision, or that a second person agreed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Of which finding, by its identifier.
    pub finding: String,
    /// What was decided.
    pub outcome: Bilingual,
    /// Why, in the words of who said it.
    pub reason: String,
}
