use std::str::FromStr;

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::Origin;

/// The approved outline of levels that differ from the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelOutline {
    /// What the levels are.
    pub level: LevelKind,
    /// First and last storey; "2+17" in a plan means 2 to 17. Basements count from 1 downwards.
    pub storeys: Option<(u32, u32)>,
    /// The outline, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Where it was read.
    pub origin: Origin,
}

/// What the levels of an outline are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    /// 变化层: storeys above ground whose outline differs from that below.
    ChangedStorey,
    /// 地下室: below ground.
    Basement,
    /// 阳台, 飘窗, 雨篷: what may stand out over the base.
    Projection,
}

impl FromStr for LevelKind {
    type Err = ();

    /// Reads a name of code or of plans.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.trim() {
            "changed_storey" | "变化层" | "标准层" => Ok(Self::ChangedStorey),
            "basement" | "地下室" | "地下" => Ok(Self::Basement),
            "projection" | "阳台" | "飘窗" | "雨篷" => Ok(Self::Projection),
            _ => Err(()),
        }
    }
}

impl LevelOutline {
    /// Whether it is the outline of a storey above ground.
    pub fn covers(&self, storey: u32) -> bool {
        let within = |(from, to): (u32, u32)| (from..=to).contains(&storey);
        self.level == LevelKind::ChangedStorey && self.storeys.is_some_and(within)
    }
}
