use geo::Coord;
use plumbline_geodesy::MapPoint;
use rstar::RTree;
use serde::Serialize;

use crate::to_survey::{GCJ02, ToSurvey};
use crate::{Axes, Reading, Survey, Unit};

/// A way in which the numbers of a file may be meant. A person decides; nothing applies it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// How the coordinates would be taken.
    pub reading: Reading,
    /// What a project file would have to say.
    pub declaration: String,
    /// Where the middle of the plan would lie on the survey's map: east and north, metres.
    pub at: (f64, f64),
    /// How far off that is, metres: from known outlines where there are any, or else from the survey's place.
    pub residual_m: Option<f64>,
    /// What the residual is measured to.
    pub measured_to: MeasuredTo,
}

/// What a residual is measured to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeasuredTo {
    /// The nearest corner of known outlines, half of the plan's corners being nearer.
    Corners,
    /// The middle of the survey.
    Place,
    /// Nothing: neither is known.
    Nothing,
}

/// EPSG codes of the Gauss-Krüger maps on CGCS2000: 6 degrees with and without zone prefix, then 3 degrees with and without.
const GAUSS_KRUEGER: std::ops::RangeInclusive<u32> = 4491..=4554;
/// Eastings without a zone prefix, metres.
const EASTINGS_M: std::ops::Range<f64> = 100_000.0..900_000.0;
/// Northings of China, metres.
const NORTHINGS_M: std::ops::Range<f64> = 1_800_000.0..6_000_000.0;
/// Farther from the survey than this, a plan is of another town, metres.
pub(crate) const FAR_M: f64 = 50_000.0;
/// Readings that put the plan's middle closer together than this are one, metres.
const SAME_M: f64 = 0.01;

/// What readings are tried on.
pub(crate) struct Evidence<'a> {
    /// Some corners of the plan, as the file has them.
    pub corners: &'a [Coord<f64>],
    /// Corners of outlines that are known to be where they are, in the survey CRS.
    pub known: &'a [Coord<f64>],
    /// What is declared or stated.
    pub reading: &'a Reading,
}

/// Readings that put the plan on the survey's map, the nearest first.
pub(crate) fn proposals(evidence: &Evidence<'_>, survey: &Survey<'_>) -> Vec<Proposal> {
    let known = RTree::bulk_load(evidence.known.iter().map(|c| [c.x, c.y]).collect());
    let mut proposals: Vec<Proposal> = Vec::new();
    for reading in readings(evidence, survey) {
        let Some(proposal) = tried(reading, evidence, survey, &known) else { continue };
        let apart = |other: &Proposal| (other.at.0 - proposal.at.0).hypot(other.at.1 - proposal.at.1);
        if proposals.iter().all(|other| apart(other) > SAME_M) {
            proposals.push(proposal);
        }
    }
    proposals.sort_by(|a, b| a.residual_m.unwrap_or_default().total_cmp(&b.residual_m.unwrap_or_default()));
    proposals
}

fn tried(
    reading: Reading,
    evidence: &Evidence<'_>,
    survey: &Survey<'_>,
    known: &RTree<[f64; 2]>,
) -> Option<Proposal> {
    let to_survey = ToSurvey::new("proposal".as_ref(), &reading, None, survey.crs).ok()?;
    let moved = to_survey.coords(evidence.corners).ok()?;
    let middle = moved.iter().fold(Coord::zero(), |sum, c| sum + *c) / moved.len() as f64;
    if !to_survey.is_plausible(middle) {
        return None;
    }
    let from = |place: MapPoint| (middle.x - place.east).hypot(middle.y - place.north);
    let off_place_m = survey.place.map(from);
    if off_place_m.is_some_and(|off_m| off_m > FAR_M) {
        return None;
    }
    let (residual_m, measured_to) = match (median_to(&moved, known), off_place_m) {
        (Some(m), _) => (Some(m), MeasuredTo::Corners),
        (None, Some(m)) => (Some(m), MeasuredTo::Place),
        (None, None) => (None, MeasuredTo::Nothing),
    };
    let declaration = reading.declaration(evidence.reading);
    Some(Proposal { reading, declaration, at: (middle.x, middle.y), residual_m, measured_to })
}

/// Median distance to the nearest known corner, metres.
fn median_to(corners: &[Coord<f64>], known: &RTree<[f64; 2]>) -> Option<f64> {
    let nearest = |c: &Coord<f64>| {
        let [x, y] = known.nearest_neighbor([c.x, c.y])?;
        Some((x - c.x).hypot(y - c.y))
    };
    let mut distances: Vec<f64> = corners.iter().map(nearest).collect::<Option<_>>()?;
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied()
}

/// What the numbers may mean by their size: the declared system first, then the survey's, then the national ones.
fn readings(evidence: &Evidence<'_>, survey: &Survey<'_>) -> Vec<Reading> {
    let count = evidence.corners.len().max(1) as f64;
    let middle = evidence.corners.iter().fold(Coord::zero(), |sum, c| sum + *c) / count;
    let given = evidence.reading;
    let mut readings = Vec::new();
    for unit in [given.unit, Unit::Metre, Unit::Millimetre, Unit::Centimetre] {
        for axes in [given.axes, Axes::EastNorth, Axes::NorthEast] {
            let (x, y) = if axes == Axes::NorthEast { (middle.y, middle.x) } else { (middle.x, middle.y) };
            let systems = systems(given, survey, (x, y), unit);
            readings.extend(systems.into_iter().map(|crs| Reading { crs, axes, unit }));
        }
    }
    readings
}

/// Systems in which a position to the east and north is possible.
fn systems(given: &Reading, survey: &Survey<'_>, (x, y): (f64, f64), unit: Unit) -> Vec<String> {
    if (70.0..140.0).contains(&x) && (0.0..60.0).contains(&y) {
        return if unit == Unit::Metre { vec!["EPSG:4490".to_owned(), GCJ02.to_owned()] } else { Vec::new() };
    }
    let (x, y) = (x * unit.metres(), y * unit.metres());
    if !NORTHINGS_M.contains(&y) {
        return Vec::new();
    }
    let zone = (x / 1e6) as u32;
    let is_prefixed = zone >= 1 && EASTINGS_M.contains(&(x - f64::from(zone) * 1e6));
    let fits = |code: &u32| match code {
        4491..=4501 => is_prefixed && code - 4491 + 13 == zone,
        4513..=4533 => is_prefixed && code - 4513 + 25 == zone,
        _ => EASTINGS_M.contains(&x),
    };
    let national = GAUSS_KRUEGER.rev().filter(fits).map(|code| format!("EPSG:{code}"));
    let own = EASTINGS_M.contains(&x).then(|| survey.crs.definition().to_owned());
    [Some(given.crs.clone()), own].into_iter().flatten().chain(national).collect()
}

impl Proposal {
    /// One line for people: what would have to be declared, and where that leads.
    pub fn line(&self) -> String {
        let (east, north) = self.at;
        let off = match (self.residual_m, self.measured_to) {
            (Some(m), MeasuredTo::Corners) => format!(", half of its corners within {m:.2} m of known ones"),
            (Some(m), _) => format!(", {:.1} km from the survey", m / 1000.0),
            (None, _) => String::new(),
        };
        format!("{} would put it at east {east:.0}, north {north:.0}{off}", self.declaration)
    }
}
