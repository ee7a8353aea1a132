use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How likely it is that a thing will be asked for again (留存等级), as a person judges it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Grade {
    /// Low (低).
    Low,
    /// Medium (中).
    Medium,
    /// High (高): kept for good.
    High,
}

/// The grade of a thing as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeFile {
    /// The thing: `item:COLLECTION/ID`.
    pub subject: String,
    /// Its grade.
    pub grade: Grade,
    /// Who graded it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// A lower grade that waits for a second person.
    pub lowering: Option<Lowering>,
}

/// A wish to lower a grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lowering {
    /// The grade that is wished for.
    pub grade: Grade,
    /// Who wishes it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What grading did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graded {
    /// The grade holds from now on.
    Done,
    /// The grade is lower than before, and holds once a second person has agreed.
    NeedsSecond,
}

impl Grade {
    /// Every grade, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Code in capitals, as in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }
}
