use serde::{Deserialize, Serialize};

use crate::PhysicalStage;

/// What one epoch shows of one planned building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageObservation {
    /// Number of the building in the plan.
    pub building_no: String,
    /// Whether the flight could see the building at all.
    pub outcome: Outcome,
    /// The least stage that the measurement allows; rules that accuse read this one.
    pub stage_lo: PhysicalStage,
    /// The greatest stage that the measurement allows.
    pub stage_hi: PhysicalStage,
    /// Least number of storeys that have started.
    pub storeys_lo: u32,
    /// Greatest number of storeys that have started.
    pub storeys_hi: u32,
    /// Storeys above ground in the plan.
    pub storeys_approved: u32,
    /// The dominant deck, where there is one.
    pub deck: Option<Deck>,
    /// How the level ±0 was fixed for this observation.
    pub zero_level: ZeroLevel,
    /// Whether storeys above the approved ones were seen.
    pub overbuilt: Overbuilt,
    /// Share of the approved outline that has heights, 0 to 1.
    pub coverage: f64,
}

/// Whether a stage could be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "reason", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The interval `stage_lo` to `stage_hi` holds.
    Observed,
    /// The flight cannot tell; the interval then spans everything.
    CannotBeSeen(Unseen),
}

/// Why a stage cannot be told from a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Unseen {
    /// The photos do not cover enough of the outline.
    NotCovered,
    /// The ground around the building, from which heights are counted, was not seen.
    GroundNotSeen,
    /// The heights inside the outline form no deck: netting, vegetation, or a matching failure.
    NoDominantPlane,
    /// The plan has neither storey heights nor a storey count for the building.
    NoStoreysInPlan,
}

/// The plane that most of the building's surface lies on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deck {
    /// Height above ±0, metres.
    pub height_m: f64,
    /// Standard uncertainty of `height_m`, metres, ±0 included.
    pub sigma_m: f64,
    /// Share of the seen outline that lies on the plane, 0 to 1.
    pub share: f64,
}

/// The level that storeys are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ZeroLevel {
    /// Height on the epoch's own height system, metres.
    pub height_m: f64,
    /// Standard uncertainty of ±0 relative to the deck, metres.
    pub sigma_m: f64,
    /// Where the level came from.
    pub source: ZeroSource,
}

/// Where ±0 came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ZeroSource {
    /// The plan's absolute ±0, usable because the epoch's heights have the national datum.
    Plan,
    /// The outdoor ground measured around the building.
    OutdoorGround,
}

/// Storeys above the approved ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Overbuilt {
    /// Even the upper bound is within the plan.
    No,
    /// The upper bound is beyond the plan, the lower is not.
    Possible,
    /// The lower bound is beyond the plan.
    Yes,
}

impl StageObservation {
    /// Whether one stage alone is possible.
    pub fn is_single(&self) -> bool {
        self.outcome == Outcome::Observed && self.stage_lo == self.stage_hi
    }
}
