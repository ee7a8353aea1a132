use nalgebra::{Vector2, Vector3};
use plumbline_scene::GroundRole;
use serde::{Deserialize, Serialize};

use crate::Remark;

/// How the surveyed points of the ground fit the block.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GroundReport {
    /// Every point given, in the order given.
    pub points: Vec<GroundPointReport>,
    /// Root mean square residual east, north, up of the control points that took part, metres.
    pub control_rmse_m: Option<Vector3<f64>>,
    /// Root mean square residual east, north, up of the check points that could be intersected, metres: the accuracy of
    /// the block as far as independent points tell it.
    pub check_rmse_m: Option<Vector3<f64>>,
}

/// A surveyed point after the adjustment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroundPointReport {
    /// Its name.
    pub name: String,
    /// What it was meant for.
    pub role: GroundRole,
    /// Whether it did that: held the block, or counts in the check.
    pub used: bool,
    /// Intersected from the photos minus surveyed, east, north, up, metres; `None` where the photos do not place it.
    pub residual_m: Option<Vector3<f64>>,
    /// Predicted standard uncertainty of the intersected position east, north, up, metres.
    pub sigma_m: Option<Vector3<f64>>,
    /// Its marks.
    pub marks: Vec<MarkReport>,
    /// What is wrong with it and what would mend that; `None` when nothing is.
    pub fault: Option<Remark>,
}

/// A mark of a surveyed point in one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkReport {
    /// File name of the photo.
    pub photo: String,
    /// Projected minus marked pixel; `None` where the photo was not placed.
    pub miss_px: Option<Vector2<f64>>,
    /// Whether the mark was believed.
    pub used: bool,
}
