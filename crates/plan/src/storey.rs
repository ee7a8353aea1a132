use serde::{Deserialize, Serialize};

/// A run of approved storeys of one height.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Storey {
    /// First storey of the run (1 is the ground storey).
    pub from: u32,
    /// Last storey of the run; "2+17" in a plan means 2 to 17.
    pub to: u32,
    /// Name, such as 标准层.
    pub name: Option<String>,
    /// Approved height of each storey of the run, metres.
    pub height_m: f64,
}

/// Where storey levels come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LevelBasis {
    /// Approved height of each storey.
    PerStorey,
    /// Total height divided by the number of storeys: the plan says no more.
    MeanOfTotal,
}

/// Heights of the storeys' tops above ±0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreyLevels {
    /// `S_1 ..= S_n`: top of each storey above ±0, metres.
    pub tops_m: Vec<f64>,
    /// Standard uncertainty of a level, metres: 0 for approved storey heights.
    pub u_m: f64,
    /// Where the heights come from.
    pub basis: LevelBasis,
}

impl StoreyLevels {
    /// Top of storey `k` above ±0, metres; `top_m(0)` is ±0 itself.
    pub fn top_m(&self, k: u32) -> Option<f64> {
        if k == 0 { Some(0.0) } else { self.tops_m.get(k as usize - 1).copied() }
    }

    /// Number of storeys.
    pub fn count(&self) -> u32 {
        self.tops_m.len() as u32
    }
}
