use geo::{MultiLineString, MultiPolygon};
use serde::{Deserialize, Serialize};

use crate::Origin;

/// A parcel within its land red line (宗地, 用地红线).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    /// Project number (项目编号).
    pub project_no: Option<String>,
    /// Project or holder's name (项目名称).
    pub name: Option<String>,
    /// The land, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Where it was read.
    pub origin: Origin,
}

/// A line that buildings must not cross (建筑控制线).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ControlLine {
    /// Project number (项目编号).
    pub project_no: Option<String>,
    /// The line, east and north in the survey CRS, metres; closed where the drawing closes it.
    pub line: MultiLineString<f64>,
    /// Where it was read.
    pub origin: Origin,
}

/// An area that the plan claims to describe completely: whatever stands in it and is not in the plan has no permit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// The area, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Where it was read.
    pub origin: Origin,
}
