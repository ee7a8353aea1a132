use std::path::Path;

use serde::{Deserialize, Serialize};

use super::problem::{Problem, Text};
use crate::{Error, Photo};

/// Whether the flight will get a place on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Georeference {
    /// Enough photos with positions that overlap.
    Yes,
    /// It may fail or leave gaps; the reasons say why.
    Doubtful,
    /// It will not.
    No,
}

/// What a folder of photos amounts to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlightSummary {
    /// Files looked at.
    pub files: usize,
    /// Photos that remain after leaving out the useless ones.
    pub usable: usize,
    /// Median share of a photo that the next one sees again.
    pub forward_overlap: Option<f64>,
    /// Median share of a photo that a photo of the neighbouring strip sees again.
    pub side_overlap: Option<f64>,
    /// Size of a pixel on the ground, metres.
    pub gsd_m: Option<f64>,
    /// Ground that at least one photo sees, square metres.
    pub area_m2: Option<f64>,
    /// Share of the usable photos with a fixed RTK position.
    pub rtk_fixed: f64,
    /// Whether the flight will get a place on the map.
    pub georeference: Georeference,
    /// Why.
    pub reasons: Vec<Text>,
}

/// A folder of photos, looked through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Every readable photo in the order of time and name, the useless ones included.
    pub photos: Vec<Photo>,
    /// What is wrong, in the order of the file names.
    pub problems: Vec<Problem>,
    /// What it amounts to.
    pub summary: FlightSummary,
}

impl Inspection {
    /// The photos that no problem leaves out.
    pub fn usable(&self) -> Vec<&Photo> {
        let left_out = |name: &str| self.problems.iter().any(|p| p.leave_out && p.photo == name);
        self.photos.iter().filter(|photo| !left_out(&photo.name)).collect()
    }
}

/// Looks through a folder of photos: what is in it, what is wrong with it, whether it will georeference.
///
/// `progress` is told after each file how many of how many are done.
pub fn inspect(folder: &Path, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Inspection, Error> {
    let _ = (folder, progress);
    Err(Error::NotAnImage { path: folder.to_owned() })
}
