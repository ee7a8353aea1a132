use plumbline_change::Deck;
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
    /// Greatest number of storeys that have started; one more than approved where nothing was seen.
    pub storeys_hi: u32,
    /// Storeys above ground in the plan.
    pub storeys_approved: u32,
    /// The dominant deck, its height above ±0; none where nothing was seen.
    pub deck: Option<Deck>,
    /// Standard uncertainty of the deck above ±0, metres: deck, ±0, epoch and storey levels together.
    pub u_deck_m: f64,
    /// The level ±0 that was used; none where no ground was seen.
    pub zero_level: Option<ZeroLevel>,
    /// Whether storeys above the approved ones were seen.
    pub overbuilt: Overbuilt,
    /// Share of the approved outline that has heights, 0 to 1.
    pub coverage: f64,
}

/// Whether a stage could be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

    /// What is known of a building that could not be seen: every stage is possible.
    pub fn unseen(building_no: &str, approved: u32, reason: Unseen) -> Self {
        Self {
            building_no: building_no.to_owned(),
            outcome: Outcome::CannotBeSeen(reason),
            stage_lo: PhysicalStage::Unstarted,
            stage_hi: PhysicalStage::Overbuilt,
            storeys_lo: 0,
            storeys_hi: approved + 1,
            storeys_approved: approved,
            deck: None,
            u_deck_m: f64::INFINITY,
            zero_level: None,
            overbuilt: Overbuilt::Possible,
            coverage: 0.0,
        }
    }
}

impl Unseen {
    /// The reason in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NotCovered => "本架次未覆盖",
            Self::GroundNotSeen => "未测得建筑周边地面",
            Self::NoDominantPlane => "轮廓内无主要平面(防尘网、植被或匹配失败)",
            Self::NoStoreysInPlan => "图册缺少层高和层数",
        }
    }

    /// The reason in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::NotCovered => "the flight does not cover it",
            Self::GroundNotSeen => "the ground around it was not measured",
            Self::NoDominantPlane => {
                "no plane dominates inside the outline (netting, vegetation or failed matching)"
            }
            Self::NoStoreysInPlan => "the plan gives neither storey heights nor total height and storeys",
        }
    }
}
