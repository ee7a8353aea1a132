use geo::Polygon;
use serde::{Deserialize, Serialize};

/// Something built that stands in one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// Regularised outline, east and north in the survey CRS, metres.
    pub outline: Polygon<f64>,
    /// Position of the outline's edges, metres (1 sigma).
    pub edge_sigma_m: f64,
    /// Area of its cells, square metres.
    pub area_m2: f64,
    /// Height of its dominant plane above the ground, metres.
    pub height_m: f64,
    /// Standard uncertainty of the height, metres.
    pub height_sigma_m: f64,
    /// Share of its cells on the dominant plane, 0 to 1.
    pub plane_share: f64,
    /// Robust roughness about a local plane, metres.
    pub roughness_m: f64,
    /// Share of green cells, 0 to 1; `None` without an orthophoto.
    pub greenness: Option<f64>,
}
