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
    /// Number of the land permit (用地规划许可证号), opaque text.
    pub land_permit_no: Option<String>,
    /// Where it is, in words (项目地点).
    pub site: Option<String>,
    /// Who builds (建设单位).
    pub developer: Option<String>,
    /// Area of the land as approved (用地面积), square metres.
    pub site_area_m2: Option<f64>,
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
