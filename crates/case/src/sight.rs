use std::collections::{BTreeMap, BTreeSet};

use geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon, Polygon};
use plumbline_finding::Kind;
use serde::{Deserialize, Serialize};

use crate::Mask;

/// What one epoch shows of any place, whether or not something was found there: not covered is not gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sight {
    /// Where it has heights.
    pub measured: Mask,
    /// Where it has colours; none of a surface model alone.
    pub pictured: Option<Mask>,
    /// Where its heights could be held against those of the earlier epoch; none where the two were not compared.
    pub compared: Option<Mask>,
    /// What stands in it.
    pub standing: Vec<Polygon<f64>>,
    /// Where something went down since the earlier epoch.
    pub fell: Vec<Polygon<f64>>,
    /// Numbers of the approved buildings whose stage could not be told.
    pub hidden: BTreeSet<String>,
    /// The mismatches that approved buildings surely did not have yet, by the number of the building.
    pub ruled_out: BTreeMap<String, BTreeSet<Kind>>,
}

/// What an epoch shows of one outline; each a share of the outline, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Has heights.
    pub measured: f64,
    /// Could be compared with the earlier epoch.
    pub compared: f64,
    /// Is taken up by something that stands.
    pub standing: f64,
    /// Went down since the earlier epoch.
    pub fell: f64,
}

impl Sight {
    /// What the epoch shows of an outline.
    pub fn look(&self, outline: &MultiPolygon<f64>) -> Look {
        Look {
            measured: self.measured.share(outline),
            compared: self.compared.as_ref().map_or(0.0, |mask| mask.share(outline)),
            standing: share_under(outline, &self.standing),
            fell: share_under(outline, &self.fell),
        }
    }

    /// Share of an outline that was flown: that has heights, or colours at least.
    pub fn flown(&self, outline: &MultiPolygon<f64>) -> f64 {
        let pictured = self.pictured.as_ref().map_or(0.0, |mask| mask.share(outline));
        pictured.max(self.measured.share(outline))
    }
}

/// Share of an outline under some polygons that do not overlap one another.
fn share_under(outline: &MultiPolygon<f64>, polygons: &[Polygon<f64>]) -> f64 {
    let (Some(bounds), area_m2) = (outline.bounding_rect(), outline.unsigned_area()) else { return 0.0 };
    let near = polygons.iter().filter(|p| p.bounding_rect().is_some_and(|b| b.intersects(&bounds)));
    let common_m2: f64 = near.map(|polygon| outline.intersection(polygon).unsigned_area()).sum();
    if area_m2 > 0.0 { (common_m2 / area_m2).min(1.0) } else { 0.0 }
}
