use plumbline_raster::Raster;
use serde::{Deserialize, Serialize};

use crate::{ChangeRegion, Offset};

/// Whether a cell could be compared. `NO_DATA` is a value: not covered is not unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparability {
    /// Both epochs have a height.
    Comparable,
    /// Only the later epoch has one.
    NoDataBefore,
    /// Only the earlier epoch has one.
    NoDataAfter,
    /// Neither has one.
    NoData,
    /// The epochs as a whole must not be compared.
    NotComparable,
}

/// Two epochs held against each other.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// After minus before once the offset is out, metres; NaN where they cannot be compared. The grid is the later epoch's.
    pub difference: Raster<f32>,
    /// Smallest difference that counts as a change, metres (95 %).
    pub detection: Raster<f32>,
    /// Whether each cell could be compared.
    pub mask: Raster<Comparability>,
    /// Ground below the later epoch, metres.
    pub terrain: Raster<f32>,
    /// Offset found on stable ground and taken out.
    pub offset: Offset,
    /// What changed, largest first.
    pub regions: Vec<ChangeRegion>,
    /// Share of the cells of the later epoch that could be compared, 0 to 1.
    pub coverage: f64,
    /// Why the epochs were not compared, if they were not.
    pub refused: Option<String>,
}
