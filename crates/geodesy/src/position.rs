use serde::{Deserialize, Serialize};

/// A geographic position (WGS 84 / CGCS2000, which PROJ treats as one).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Lla {
    /// Latitude, degrees, north positive.
    pub latitude_deg: f64,
    /// Longitude, degrees, east positive.
    pub longitude_deg: f64,
    /// Height, metres; see [`crate::HeightDatum`] for above what.
    pub height_m: f64,
}

/// A position in a projected CRS, always in the order east, north.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MapPoint {
    /// Easting, metres.
    pub east: f64,
    /// Northing, metres.
    pub north: f64,
    /// Height, metres.
    pub height: f64,
}
