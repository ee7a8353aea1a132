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
    /// Height of each as measured for completion (验收层高), metres.
    pub measured_height_m: Option<f64>,
}

impl Storey {
    /// Reads "3" or a run such as "2+17" (2 to 17).
    pub(crate) fn run(text: &str) -> Option<(u32, u32)> {
        let (from, to) = text.split_once('+').unwrap_or((text, text));
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (1 <= from && from <= to).then_some((from, to))
    }

    /// Reads runs with their heights, such as "1:3.9;2+5:3.0".
    pub(crate) fn list(text: &str) -> Option<Vec<Self>> {
        let one = |part: &str| {
            let (run, height) = part.split_once(':')?;
            let (from, to) = Self::run(run)?;
            let height_m = height.trim().parse().ok()?;
            Some(Self { from, to, name: None, height_m, measured_height_m: None })
        };
        text.split(';').filter(|part| !part.trim().is_empty()).map(one).collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_lists_of_storeys_are_read_as_plans_write_them() {
        assert_eq!(Storey::run("2+17"), Some((2, 17)));
        assert_eq!(Storey::run(" 1 "), Some((1, 1)));
        assert_eq!(Storey::run("5+2"), None);
        let list = Storey::list("1:3.9;2+5:3.0").unwrap();
        assert_eq!(list[1], Storey { from: 2, to: 5, name: None, height_m: 3.0, measured_height_m: None });
        assert_eq!(Storey::list("1=3.9"), None);
    }
}
