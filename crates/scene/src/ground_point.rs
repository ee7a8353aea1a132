use nalgebra::Vector3;
use serde::{Deserialize, Serialize};

use crate::Observation;

/// What a surveyed point is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroundRole {
    /// It holds the block in place.
    Control,
    /// It takes no part and afterwards tells how far off the block lies.
    Check,
}

/// A point of the ground whose position was surveyed, and the pixels where it was marked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroundPoint {
    /// Its name on the sketch, unique within the flight.
    pub name: String,
    /// Surveyed position in the world.
    pub position: Vector3<f64>,
    /// Standard uncertainty of the position east, north, up, metres; infinite in an axis that was not surveyed.
    pub sigma_m: Vector3<f64>,
    /// What it is for.
    pub role: GroundRole,
    /// Where photos show it: indices of the flight's views, at most one mark a view.
    pub marks: Vec<Observation>,
    /// Standard uncertainty of a mark's coordinates, pixels: about 0.5 for a target clicked with a magnifier.
    pub mark_sigma_px: f64,
}
