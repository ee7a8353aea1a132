//! One act stays one lead (一事不再罚, 行政处罚法 29): when two findings are of one structure, and when of one act.

use geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon};
use plumbline_finding::{Finding, Kind};

/// Least overlap, as a share of the smaller outline, at which two outlines are of one structure.
const SAME_STRUCTURE: f64 = 0.5;

/// How a kind of finding is followed from one epoch to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// Told by every epoch that shows it.
    Stands,
    /// Told by the epoch before which it came, and there until it goes.
    Came,
    /// Told of an approved building while its rule speaks.
    OfBuilding,
    /// Told once.
    Event,
}

impl Course {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::NoPermit
            | Kind::TempUnapproved
            | Kind::TempNotAsApproved
            | Kind::TempOverdue
            | Kind::NotDemolished => Self::Stands,
            Kind::RoofAddition | Kind::PostCompletionAddition => Self::Came,
            Kind::Demolished => Self::Event,
            _ => Self::OfBuilding,
        }
    }
}

/// One building number, or outlines that overlap by half of the smaller one.
pub(crate) fn same_structure(a: &Finding, b: &Finding) -> bool {
    match (&a.building_no, &b.building_no) {
        (Some(a), Some(b)) => a == b,
        _ => same_place(&a.outline, &b.outline),
    }
}

/// One mismatch of one structure. What was added to a finished building is told as an addition when it comes and as a structure
/// without a permit afterwards; where a building can have a mismatch at several places, the place decides.
pub(crate) fn same_act(a: &Finding, b: &Finding) -> bool {
    let additions = [Kind::NoPermit, Kind::PostCompletionAddition];
    if a.kind != b.kind {
        return additions.contains(&a.kind)
            && additions.contains(&b.kind)
            && same_place(&a.outline, &b.outline);
    }
    if a.kind.has_places() { same_place(&a.outline, &b.outline) } else { same_structure(a, b) }
}

fn same_place(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    let near = a.bounding_rect().zip(b.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
    let smaller_m2 = a.unsigned_area().min(b.unsigned_area());
    near && smaller_m2 > 0.0 && a.intersection(b).unsigned_area() >= SAME_STRUCTURE * smaller_m2
}
