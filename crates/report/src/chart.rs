use std::collections::BTreeSet;

use geo::{Area, BoundingRect, Centroid, InteriorPoint, MultiPolygon};
use plumbline_case::Lead;
use plumbline_finding::Verdict;
use serde::Serialize;

use crate::Map;
use crate::picture::Picture;

/// Height of the numbers on a chart, as a share of its longer side.
const MARK_SHARE: f64 = 0.013;

/// Lengths of a scale bar to choose from, metres: the longest that takes at most a quarter of the width.
const SCALE_BARS_M: [f64; 9] = [500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0];

/// An outline of the plan, drawn under the findings.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanOutline {
    /// What the plan says there.
    pub role: PlanRole,
    /// Where, on the map of the survey.
    pub outline: MultiPolygon<f64>,
}

/// What a plan outline stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanRole {
    /// Land red line.
    Parcel,
    /// Building control line.
    ControlLine,
    /// Approved building.
    Building,
    /// Lawful existing building.
    Existing,
    /// Approved temporary structure.
    Temporary,
    /// Area that the plan describes completely.
    Extent,
    /// Approved outline of other levels than the ground.
    LevelOutline,
    /// Approved structure on a roof.
    RoofStructure,
    /// Building that must go.
    ToDemolish,
    /// Point that constrains the planning conditions.
    ConditionPoint,
}

impl PlanRole {
    #[cfg(test)]
    /// All roles.
    pub(crate) const ALL: [Self; 10] = [
        Self::Parcel,
        Self::ControlLine,
        Self::Building,
        Self::Existing,
        Self::Temporary,
        Self::Extent,
        Self::LevelOutline,
        Self::RoofStructure,
        Self::ToDemolish,
        Self::ConditionPoint,
    ];

    /// Key of its words.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Parcel => "parcel",
            Self::ControlLine => "control_line",
            Self::Building => "building",
            Self::Existing => "existing",
            Self::Temporary => "temporary",
            Self::Extent => "extent",
            Self::LevelOutline => "level_outline",
            Self::RoofStructure => "roof_structure",
            Self::ToDemolish => "to_demolish",
            Self::ConditionPoint => "condition_point",
        }
    }
}

/// A map with outlines and numbers over it, ready for the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Chart {
    picture: Picture,
    scale_m: Option<f32>,
    plan: Vec<PlanShape>,
    roles: BTreeSet<PlanRole>,
    verdicts: BTreeSet<Verdict>,
    has_over: bool,
    marks: Vec<Mark>,
    mark_px: f64,
    bar_m: f64,
    bar_px: f64,
}

#[derive(Debug, Clone, Serialize)]
struct PlanShape {
    role: PlanRole,
    path: String,
}

/// A numbered finding on the chart.
#[derive(Debug, Clone, Serialize)]
struct Mark {
    number: usize,
    verdict: Verdict,
    is_over: bool,
    path: String,
    x: f64,
    y: f64,
}

impl Chart {
    /// The findings of all leads over a map, numbered as in the cards.
    pub fn of(map: &Map, plan: &[PlanOutline], leads: &[Lead]) -> Self {
        let (width, height) = (f64::from(map.picture.width), f64::from(map.picture.height));
        let mark_px = mark_px(width, height);
        let findings = leads.iter().flat_map(|lead| lead.findings.iter().map(move |f| (lead, f))).enumerate();
        let mut marks: Vec<Mark> = Vec::new();
        for (i, (lead, finding)) in findings {
            let Some((x, y)) = place(map, &finding.outline) else { continue };
            let (x, y) = (x.clamp(mark_px, width - mark_px), y.clamp(mark_px, height - mark_px));
            let (x, y) = beside(&marks, (x, y), mark_px);
            marks.push(Mark {
                number: i + 1,
                verdict: finding.verdict,
                is_over: !lead.presence_of(finding).is_open(),
                path: map.path(&finding.outline),
                x,
                y,
            });
        }
        let shape = |p: &PlanOutline| PlanShape { role: p.role, path: map.path(&p.outline) };
        let bar_m = bar_m(width * map.metres_per_px() / 4.0);
        Self {
            picture: map.picture.clone(),
            scale_m: map.scale_m,
            plan: plan.iter().map(shape).collect(),
            roles: plan.iter().map(|p| p.role).collect(),
            has_over: marks.iter().any(|mark| mark.is_over),
            verdicts: marks.iter().filter(|mark| !mark.is_over).map(|mark| mark.verdict).collect(),
            marks,
            mark_px,
            bar_m,
            bar_px: bar_m / map.metres_per_px(),
        }
    }
}

/// Height of the numbers on a drawing of this size, pixels.
pub(crate) fn mark_px(width: f64, height: f64) -> f64 {
    (MARK_SHARE * width.max(height)).max(7.0)
}

/// Length of a scale bar that takes at most so many metres.
pub(crate) fn bar_m(widest_m: f64) -> f64 {
    SCALE_BARS_M.into_iter().find(|&bar| bar <= widest_m).unwrap_or(widest_m)
}

/// Where the number of an outline stands: inside its largest part.
fn place(map: &Map, outline: &MultiPolygon<f64>) -> Option<(f64, f64)> {
    let largest = outline.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    let point = largest.interior_point().or_else(|| largest.centroid())?;
    largest.bounding_rect()?;
    Some(map.pixel(point.x(), point.y()))
}

/// Moves a number to the right until it covers none of the others.
fn beside(marks: &[Mark], (mut x, y): (f64, f64), mark_px: f64) -> (f64, f64) {
    while marks.iter().any(|m| (m.x - x).hypot(m.y - y) < 2.0 * mark_px) {
        x += 2.0 * mark_px;
    }
    (x, y)
}
