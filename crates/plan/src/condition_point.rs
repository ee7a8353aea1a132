use geo::Point;
use serde::{Deserialize, Serialize};

use crate::Origin;

/// A point that constrains the planning conditions (条件点): a corner, an axis, a road centre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConditionPoint {
    /// Its number, such as "J1".
    pub name: String,
    /// Number of the building that it is a corner of (楼号).
    pub building_no: Option<String>,
    /// The approved place, east and north in the survey CRS, metres.
    pub at: Point<f64>,
    /// Where it was read.
    pub origin: Origin,
}
