use std::path::PathBuf;

use chrono::NaiveDate;
use geo::Rect;
use serde::{Deserialize, Serialize};

use crate::{LayerKind, Reading, Registration};

/// One plan file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of its bytes, hexadecimal; of all its parts for a Shapefile or a folder.
    pub sha256: String,
    /// How its coordinates were taken.
    pub reading: Reading,
    /// Version of the approval.
    pub version: String,
    /// First day on which the version counts.
    pub valid_from: Option<NaiveDate>,
    /// The version that took its place.
    pub superseded_by: Option<String>,
    /// Secrecy of the source, opaque text.
    pub classification: Option<String>,
    /// Registration uncertainty, metres (1 sigma).
    pub u_m: f64,
    /// How it was placed on the map, where it had no coordinate system.
    pub registration: Option<Registration>,
    /// What was understood of it.
    pub understood: Understood,
}

/// What a reader made of a file, for people to check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Understood {
    /// How its texts are encoded, and who says so.
    pub encoding: String,
    /// Who says the coordinate system and the unit.
    pub said_by: SaidBy,
    /// Layers of the file that the map names, in file order.
    pub layers: Vec<LayerCount>,
    /// Layers of the file that nothing names, with their number of features: not read.
    pub unmapped: Vec<(String, usize)>,
    /// Layers of the map that the file does not have.
    pub absent: Vec<String>,
    /// Smallest rectangle around everything drawn, in the survey CRS, metres; `None` where nothing is.
    pub extent: Option<Rect<f64>>,
}

/// Who says how the numbers of a file are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidBy {
    /// The coordinate system.
    pub crs: Authority,
    /// The unit.
    pub unit: Authority,
    /// The order of axes.
    pub axes: Authority,
}

/// Who says something about a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Authority {
    /// The user.
    Declared,
    /// The file.
    Stated,
    /// Nobody: what is usual.
    #[default]
    Usual,
}

/// One layer and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerCount {
    /// Name in the file.
    pub layer: String,
    /// What its features are.
    pub kind: LayerKind,
    /// Elements read.
    pub elements: usize,
    /// Features left out: texts and marks.
    pub left_out: usize,
}

/// Where an element came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Index into [`Plan::sources`](crate::Plan::sources).
    pub source_idx: usize,
    /// Layer name in the file.
    pub layer: String,
    /// Feature number within the layer, as GDAL gives it; the line in a table.
    pub feature_id: u64,
}
