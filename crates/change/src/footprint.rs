use geo::Polygon;
use serde::{Deserialize, Serialize};

/// The outline that a structure was observed to have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Footprint {
    /// Regularised outline, east and north in the survey CRS, metres.
    pub outline: Polygon<f64>,
    /// Position of an edge within the epoch, metres (1 sigma): cell size and straightness, without georeferencing.
    pub sigma_m: f64,
    /// Area, square metres.
    pub area_m2: f64,
    /// Share of the outline's border that has data on both sides, 0 to 1: a border on no data is not an edge.
    pub seen_border: f64,
}
