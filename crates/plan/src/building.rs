use chrono::NaiveDate;
use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::{Inspection, LevelBasis, LevelOutline, Origin, Record, RequiredDistance, Storey, StoreyLevels};

/// Standard uncertainty of a level when only total height and storey count are approved, metres:
/// ground storeys are commonly 1 to 2 m higher than the others and totals may include a parapet of 1.1 to 1.5 m.
const MEAN_LEVEL_U_M: f64 = 0.6;

/// An approved building (建筑单体).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Building {
    /// Building number (楼号).
    pub building_no: String,
    /// Permit number (建设工程规划许可证号), opaque text.
    pub permit_no: Option<String>,
    /// Kind of permit, as the plan says it.
    pub permit_kind: Option<String>,
    /// Construction type (结构类型), such as 框架.
    pub structure: Option<String>,
    /// What it may be used for (用途).
    pub purpose: Option<String>,
    /// Phase of the project (分期).
    pub phase: Option<String>,
    /// Approved storeys above ground (地上层数).
    pub storeys_above: Option<u32>,
    /// Approved storeys below ground (地下层数).
    pub storeys_below: Option<u32>,
    /// Approved height above ±0, metres (总高).
    pub height_m: Option<f64>,
    /// What the approved height is measured between, as the plan says it, such as 室外地坪至女儿墙顶.
    pub height_rule: Option<String>,
    /// Elevation of ±0, metres in the plan's height datum (正负零).
    pub zero_level_m: Option<f64>,
    /// Elevation of the ground floor (室内地坪标高), metres in the plan's height datum.
    pub indoor_level_m: Option<f64>,
    /// Elevation of the ground outside (室外地坪标高), metres in the plan's height datum.
    pub outdoor_level_m: Option<f64>,
    /// Elevation of the highest point (最高点标高), metres in the plan's height datum.
    pub top_level_m: Option<f64>,
    /// Approved storey heights; empty when the plan has none.
    pub storeys: Vec<Storey>,
    /// Approved outline on the ground (基底轮廓), east and north in the survey CRS, metres.
    pub base: MultiPolygon<f64>,
    /// Approved structures on the roof (屋面突出物).
    pub roof_structures: Vec<RoofStructure>,
    /// Approved outlines of levels other than the ground: changed storeys (变化层), basements.
    pub level_outlines: Vec<LevelOutline>,
    /// Distances that must be kept.
    pub required_distances: Vec<RequiredDistance>,
    /// First day of the permit.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the permit.
    pub expires_at: Option<NaiveDate>,
    /// Records of the construction so far, in the order of the plan.
    pub inspections: Vec<Inspection>,
    /// Where the base outline was read.
    pub origin: Origin,
}

/// An approved structure on a roof: stair head, lift machine room, tank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoofStructure {
    /// Its outline, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Height above the roof, metres.
    pub height_m: Option<f64>,
    /// Where it was read.
    pub origin: Origin,
}

/// A lawful existing building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Existing {
    /// Building number (楼号).
    pub building_no: Option<String>,
    /// Storeys above ground.
    pub storeys_above: Option<u32>,
    /// Height above the ground, metres.
    pub height_m: Option<f64>,
    /// Its outline, east and north in the survey CRS, metres.
    pub outline: MultiPolygon<f64>,
    /// Where it was read.
    pub origin: Origin,
}

impl Building {
    /// A building of which nothing but its number and its base outline is known.
    pub fn outlined(building_no: impl Into<String>, base: MultiPolygon<f64>, origin: Origin) -> Self {
        Self {
            building_no: building_no.into(),
            permit_no: None,
            permit_kind: None,
            structure: None,
            purpose: None,
            phase: None,
            storeys_above: None,
            storeys_below: None,
            height_m: None,
            height_rule: None,
            zero_level_m: None,
            indoor_level_m: None,
            outdoor_level_m: None,
            top_level_m: None,
            storeys: Vec::new(),
            base,
            roof_structures: Vec::new(),
            level_outlines: Vec::new(),
            required_distances: Vec::new(),
            valid_from: None,
            expires_at: None,
            inspections: Vec::new(),
            origin,
        }
    }

    /// Levels of the approved storeys, from per-storey heights where the plan has them.
    ///
    /// With only a total height and a count, the mean storey height stands in and the levels say so
    /// ([`LevelBasis::MeanOfTotal`], uncertainty 0.6 m). `None` when the plan does not say enough even for that.
    pub fn storey_levels(&self) -> Option<StoreyLevels> {
        if self.storeys.is_empty() {
            let (count, height_m) = (self.storeys_above.filter(|&n| n > 0)?, self.height_m?);
            let mean = height_m / f64::from(count);
            let tops_m = (1..=count).map(|k| mean * f64::from(k)).collect();
            return Some(StoreyLevels { tops_m, u_m: MEAN_LEVEL_U_M, basis: LevelBasis::MeanOfTotal });
        }
        let mut top = 0.0;
        let mut tops_m = Vec::new();
        for run in &self.storeys {
            for _ in run.from..=run.to {
                top += run.height_m;
                tops_m.push(top);
            }
        }
        Some(StoreyLevels { tops_m, u_m: 0.0, basis: LevelBasis::PerStorey })
    }

    /// Approved outline of a storey above ground: that of the changed storeys it belongs to, or else the base.
    pub fn outline_of(&self, storey: u32) -> &MultiPolygon<f64> {
        let changed = self.level_outlines.iter().find(|outline| outline.covers(storey));
        changed.map_or(&self.base, |outline| &outline.outline)
    }

    /// Approved storeys above ground, from the attribute or else from the storey table.
    pub fn storey_count(&self) -> Option<u32> {
        self.storeys_above.or_else(|| self.storeys.last().map(|run| run.to))
    }

    /// Whether a record has passed by the end of this day; any storey counts for records that repeat.
    pub fn passed(&self, record: Record, on: NaiveDate) -> bool {
        self.inspections.iter().any(|i| i.record == record && i.passed_at.is_some_and(|day| day <= on))
    }

    /// Whether the record of a storey has passed by the end of this day.
    pub fn passed_storey(&self, record: Record, storey: u32, on: NaiveDate) -> bool {
        let of_storey = |i: &&Inspection| i.record == record && i.storey == Some(storey);
        self.inspections.iter().filter(of_storey).any(|i| i.passed_at.is_some_and(|day| day <= on))
    }

    /// Day of the latest application for a record that had not passed by the end of this day.
    pub fn pending_since(&self, record: Record, on: NaiveDate) -> Option<NaiveDate> {
        let pending = |i: &&Inspection| i.record == record && i.passed_at.is_none_or(|day| day > on);
        self.inspections.iter().filter(pending).filter_map(|i| i.applied_at).filter(|&day| day <= on).max()
    }

    /// Whether the permit is in force on a day; dates that the plan leaves open do not limit it.
    pub fn permitted_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.expires_at.is_none_or(|last| day <= last)
    }
}
