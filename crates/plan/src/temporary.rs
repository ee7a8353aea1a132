use chrono::NaiveDate;
use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::Origin;

/// A permitted temporary structure (临时建设): site huts, sales offices, hoardings with rooms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Temporary {
    /// Temporary permit number (临时建设许可证号).
    pub permit_no: Option<String>,
    /// Its place, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Last day on which it may stand.
    pub expires_at: Option<NaiveDate>,
    /// Permitted height, metres.
    pub height_m: Option<f64>,
    /// Where it was read.
    pub origin: Origin,
}

impl Temporary {
    /// True when the permit has run out before this day; without an expiry date it never does.
    pub fn overdue(&self, on: NaiveDate) -> bool {
        self.expires_at.is_some_and(|last| on > last)
    }
}

/// A building that must go (应拆除).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToDemolish {
    /// Building number (楼号).
    pub building_no: Option<String>,
    /// Its outline, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Day by which it must be gone.
    pub deadline: Option<NaiveDate>,
    /// Where it was read.
    pub origin: Origin,
}
