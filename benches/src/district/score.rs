use std::error::Error;
use std::fmt;
use std::path::Path;

use plumbline_fixtures::Recipe;

use super::flag::Precision;
use super::flown::Flights;
use super::offsets::Offsets;
use super::recall::Recall;
use super::stages::Stages;
use super::tile::Tile;
use super::truth::Truth;

/// How right the judgement of a town is.
#[derive(Debug, Clone, Default)]
pub struct DistrictScore {
    /// What was seeded and told.
    pub recall: Recall,
    /// What was told and is so.
    pub precision: Precision,
    /// Construction stages.
    pub stages: Stages,
    /// Offsets and heights.
    pub offsets: Offsets,
}

impl DistrictScore {
    /// Judges a town on all its dates, on square cells of `cell_m`; its plan goes through a file in `folder`.
    pub fn of(town: &Recipe, cell_m: f64, folder: &Path) -> Result<Self, Box<dyn Error>> {
        let truth = Truth::of(town, folder)?;
        let flights = Flights::over(town)?;
        let mut flown = Vec::new();
        for tile in Tile::cut(town, &truth.frame, &truth.plan, cell_m) {
            flown.extend(flights.judge(&tile)?);
        }
        Ok(Self {
            recall: Recall::of(&truth, &flown),
            precision: Precision::of(&truth, &flown),
            stages: Stages::of(&truth, &flown),
            offsets: Offsets::of(&truth, &flown),
        })
    }

    /// Every miss, every false flag and every wrong stage, a line each.
    pub fn lines(&self) -> impl Iterator<Item = &String> {
        self.recall.misses.iter().chain(&self.precision.lines).chain(&self.stages.lines)
    }

    /// Both towns together.
    pub fn add(&mut self, other: Self) {
        self.recall.add(other.recall);
        self.precision.add(other.precision);
        self.stages.add(other.stages);
        self.offsets.add(other.offsets);
    }
}

impl fmt::Display for DistrictScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}{}", self.recall, self.precision, self.stages, self.offsets)
    }
}
