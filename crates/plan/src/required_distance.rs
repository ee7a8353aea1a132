use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A distance that a building must keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequiredDistance {
    /// What it is kept from.
    pub from: DistanceKind,
    /// Name of the line or number of the building, as the plan says it.
    pub to: Option<String>,
    /// Least distance, metres.
    pub least_m: f64,
}

/// What a required distance is kept from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceKind {
    /// 退线, 退让: a road red line or another control line.
    Setback,
    /// 间距: another building.
    Spacing,
}

impl FromStr for DistanceKind {
    type Err = ();

    /// Reads a name of code or of plans.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.trim() {
            "setback" | "退线" | "退让" | "退界" => Ok(Self::Setback),
            "spacing" | "间距" | "建筑间距" => Ok(Self::Spacing),
            _ => Err(()),
        }
    }
}
