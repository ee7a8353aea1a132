use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

/// Best shift that carries an approved outline onto the observed one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Displacement {
    /// Observed minus approved, east, metres.
    pub east_m: f64,
    /// Observed minus approved, north, metres.
    pub north_m: f64,
    /// Standard uncertainty of each component within the epoch, metres.
    pub sigma_m: f64,
    /// Overlap of the outlines after the shift: intersection over union, 0 to 1.
    pub overlap_after: f64,
}

/// What of an observed outline lies outside an approved one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    /// The part outside, east and north in the survey CRS, metres.
    pub outside: MultiPolygon<f64>,
    /// Its area, square metres.
    pub area_m2: f64,
    /// Standard uncertainty of the area, square metres: shared edge length times edge sigma.
    pub area_sigma_m2: f64,
    /// Largest distance that an observed edge (over at least 1 m of its length) lies outside, metres.
    pub max_outward_m: f64,
    /// Standard uncertainty of that distance within the epoch, metres.
    pub outward_sigma_m: f64,
}
