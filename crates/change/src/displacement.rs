use geo::{
    Area, BooleanOps, Centroid, Contains, Distance, Euclidean, LinesIter, MultiPolygon, Point, Translate,
};
use serde::{Deserialize, Serialize};

use crate::Footprint;
use crate::facing::{Facings, WallFit};

/// Steps of the search for the best shift, metres: from a building's offset down to a tenth of a usual cell.
const STEPS_M: [f64; 7] = [2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02];
/// Overlap that one metre of shift must win to be worth it: keeps the shift at zero where the approved outline lies
/// anywhere within a larger observed one.
const SHIFT_PRICE: f64 = 1e-3;
/// An edge must lie outside over at least this much of its length to count, metres: no corner, no nick, no bunch of bars,
/// and less than the narrowest room.
const OUTWARD_LENGTH_M: f64 = 2.0;
/// Spacing of the points at which edges are measured, metres.
const SAMPLE_M: f64 = 0.1;
/// Heights this close to a gap are often of the wall's own smear, metres.
const OPEN_M: f64 = 1.5;

/// Best shift that carries an approved outline onto the observed one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Displacement {
    /// Observed minus approved, east, metres.
    pub east_m: f64,
    /// Observed minus approved, north, metres.
    pub north_m: f64,
    /// Standard uncertainty of each component within the epoch, metres.
    pub sigma_m: f64,
    /// How far the outline stands out on all sides once the shift is taken out, inside negative, metres: scaffold and
    /// eaves do, what was added at one side does not.
    pub outset_m: f64,
    /// Overlap of the outlines after the shift: intersection over union, 0 to 1.
    pub overlap_after: f64,
}

impl Displacement {
    /// The shift of an observed footprint against an approved outline that makes them overlap most.
    pub fn between(observed: &Footprint, approved: &MultiPolygon<f64>) -> Self {
        let outline = MultiPolygon(vec![observed.outline.clone()]);
        let score = |(east, north): (f64, f64)| {
            overlap(&outline, &approved.translate(east, north)) - SHIFT_PRICE * f64::hypot(east, north)
        };
        let mut best = (0.0, 0.0);
        let mut best_score = score(best);
        let centroids = outline.centroid().zip(approved.centroid());
        if let Some((to, from)) = centroids {
            take_better(&mut best, &mut best_score, (to.x() - from.x(), to.y() - from.y()), &score);
        }
        for step in STEPS_M {
            while improve(&mut best, &mut best_score, step, &score) {}
        }
        let walls = Facings::between(observed, &approved.translate(best.0, best.1)).and_then(Facings::fit);
        let fit = walls.unwrap_or(WallFit { sigma_m: observed.sigma_m, ..WallFit::default() });
        let (east_m, north_m) = (best.0 + fit.shift_m.x, best.1 + fit.shift_m.y);
        let overlap_after = overlap(&outline, &approved.translate(east_m, north_m));
        Self { east_m, north_m, sigma_m: fit.sigma_m, outset_m: fit.outset_m, overlap_after }
    }

    /// Length of the shift, metres.
    pub fn length_m(&self) -> f64 {
        self.east_m.hypot(self.north_m)
    }
}

/// Tries the eight neighbours at a distance and keeps the best; false when none is better.
fn improve(
    best: &mut (f64, f64),
    best_score: &mut f64,
    step: f64,
    score: &impl Fn((f64, f64)) -> f64,
) -> bool {
    let (east, north) = *best;
    let mut better = false;
    for (i, j) in [(1., 0.), (-1., 0.), (0., 1.), (0., -1.), (1., 1.), (-1., 1.), (1., -1.), (-1., -1.)] {
        better |= take_better(best, best_score, (east + i * step, north + j * step), score);
    }
    better
}

fn take_better(
    best: &mut (f64, f64),
    best_score: &mut f64,
    candidate: (f64, f64),
    score: &impl Fn((f64, f64)) -> f64,
) -> bool {
    let found = score(candidate);
    let better = found > *best_score + 1e-9;
    if better {
        (*best, *best_score) = (candidate, found);
    }
    better
}

/// Intersection over union, 0 to 1.
pub(crate) fn overlap(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    let common = a.intersection(b).unsigned_area();
    common / (a.unsigned_area() + b.unsigned_area() - common)
}

/// What of an observed outline lies outside an approved one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    /// The part outside, east and north in the survey CRS, metres.
    pub outside: MultiPolygon<f64>,
    /// Its area, square metres.
    pub area_m2: f64,
    /// Standard uncertainty of the area, square metres: observed edge length outside times edge sigma.
    pub area_sigma_m2: f64,
    /// Largest distance that an observed edge lies outside over at least 2 m of its length, metres.
    pub max_outward_m: f64,
    /// Standard uncertainty of that distance within the epoch, metres.
    pub outward_sigma_m: f64,
}

impl Excess {
    /// The part of an observed footprint outside an allowed area: an approved outline, a parcel.
    pub fn beyond(observed: &Footprint, allowed: &MultiPolygon<f64>) -> Self {
        let outside = observed.outline.difference(allowed);
        let mut max_outward_m = 0.0_f64;
        let mut outer_samples = 0;
        for edge in observed.outline.lines_iter() {
            let mut away = distances_outside(edge, observed, allowed);
            outer_samples += away.len();
            away.sort_by(|a, b| b.total_cmp(a));
            let counted = (OUTWARD_LENGTH_M / SAMPLE_M) as usize;
            max_outward_m = max_outward_m.max(away.get(counted).copied().unwrap_or(0.0));
        }
        Self {
            area_m2: outside.unsigned_area(),
            area_sigma_m2: outer_samples as f64 * SAMPLE_M * observed.sigma_m,
            outside,
            max_outward_m,
            outward_sigma_m: observed.sigma_m,
        }
    }
}

/// Distances from the allowed area of the points along an edge that lie outside it, metres; beside open border no edge
/// was measured.
fn distances_outside(edge: geo::Line<f64>, observed: &Footprint, allowed: &MultiPolygon<f64>) -> Vec<f64> {
    let open = |p: &Point<f64>| observed.open_border.iter().any(|gap| Euclidean.distance(p, gap) < OPEN_M);
    let delta = edge.delta();
    let count = (delta.x.hypot(delta.y) / SAMPLE_M).ceil().max(1.0) as usize;
    (0..count)
        .map(|i| Point(edge.start + delta * ((i as f64 + 0.5) / count as f64)))
        .filter(|p| !allowed.contains(p) && !open(p))
        .map(|p| Euclidean.distance(&p, allowed))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Site, block};

    fn observed(truth: &MultiPolygon<f64>) -> Footprint {
        let heights = Site::flat(80.0, 9).with(truth, 59.0).noisy(0.08).above_ground();
        Footprint::observe(&heights, truth, &[], 1.5).unwrap()
    }

    #[test]
    fn a_shift_is_recovered_to_a_fifth_of_a_cell() {
        let approved = block((40.0, 40.0), (28.0, 13.0), 12.0);
        let shift = Displacement::between(&observed(&approved.translate(1.43, -0.77)), &approved);
        assert!((shift.east_m - 1.43).abs() < 0.04 && (shift.north_m + 0.77).abs() < 0.04, "{shift:?}");
        assert!(shift.overlap_after > 0.98);
    }

    #[test]
    fn an_extension_is_an_excess_and_not_a_shift() {
        let approved = block((40.0, 40.0), (20.0, 12.0), 0.0);
        let built = block((41.5, 40.0), (23.0, 12.0), 0.0);
        let seen = observed(&built);
        let excess = Excess::beyond(&seen, &approved);
        assert!((excess.area_m2 - 36.0).abs() < 2.0 * excess.area_sigma_m2, "{excess:?}");
        assert!((excess.max_outward_m - 3.0).abs() < 0.1, "{excess:?}");
        assert!(Displacement::between(&seen, &approved).length_m() < 1.6);
    }

    #[test]
    fn a_gap_beside_a_wall_is_no_excess() {
        let approved = block((40.0, 40.0), (20.0, 12.0), 0.0);
        let smeared = MultiPolygon::from(vec![
            approved.0[0].clone(),
            block((40.0, 46.4), (8.0, 0.8), 0.0).0[0].clone(),
        ]);
        let mut heights = Site::flat(80.0, 9).with(&smeared, 59.0).noisy(0.08).above_ground();
        let grid = heights.grid.clone();
        for ((row, col), height) in heights.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            if (35.0..45.0).contains(&east) && (46.8..49.5).contains(&north) {
                *height = f32::NAN;
            }
        }
        let seen = Footprint::observe(&heights, &approved, &[], 1.5).unwrap();
        let excess = Excess::beyond(&seen, &approved);
        assert!(excess.max_outward_m < 0.3, "{excess:?}");
    }

    #[test]
    fn a_building_inside_its_approved_outline_has_no_excess() {
        let seen = observed(&block((40.0, 40.0), (19.0, 11.0), 0.0));
        let excess = Excess::beyond(&seen, &block((40.0, 40.0), (20.0, 12.0), 0.0));
        assert!(excess.area_m2 < 1e-9 && excess.max_outward_m < 1e-9, "{excess:?}");
    }
}
