use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What an inspector says of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The project.
    pub project: String,
    /// The lead.
    pub lead: String,
    /// The finding.
    pub finding: String,
    /// What it is.
    pub outcome: Outcome,
    /// Why. A false positive needs one.
    pub reason: String,
    /// Number of the permit, of what is permitted already.
    pub permit_no: Option<String>,
}

/// What a finding turned out to be (核查结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// It is as the finding says (属实).
    Confirmed,
    /// It is not (误报).
    FalsePositive,
    /// There is a permit for it (已有许可).
    AlreadyPermitted,
    /// Only a survey can tell (需测量).
    NeedsSurvey,
    /// It is for another agency (其他部门).
    OtherAgency,
}

/// A decision as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionFile {
    /// Its number.
    pub id: u64,
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What a second person said of it.
    pub second: Option<Second>,
}

/// The word of a second person on a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// Who; never who decided.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether they agreed.
    pub agreed: bool,
    /// Why.
    pub reason: String,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] =
        [Self::Confirmed, Self::FalsePositive, Self::AlreadyPermitted, Self::NeedsSurvey, Self::OtherAgency];
}
