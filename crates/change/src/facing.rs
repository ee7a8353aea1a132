//! How far the walls of an observed outline stand outside the approved ones, facing by facing.

use geo::{
    Contains, Coord, Distance, Euclidean, Line, LineString, LinesIter, MinimumRotatedRect, MultiPolygon,
    Point,
    line_intersection::{LineIntersection, line_intersection},
};

use crate::Footprint;
use crate::dominant::{median, spread};

/// Spacing of the points at which walls are measured, metres.
const SAMPLE_M: f64 = 0.25;
/// Walls are measured away from their ends, where scaffold and the neighbouring wall go around the corner, metres.
const CORNER_M: f64 = 1.0;
/// Walls are looked for this far inside and outside the approved ones, metres.
const REACH_M: f64 = 4.0;
/// Matched walls err alike over this length, metres.
const ALIKE_M: f64 = 4.0;
/// Share of an edge's error that is common to a whole facing: matched walls stand out more where less light falls.
const COMMON: f64 = 0.5;
/// Heights this close to a gap are often of the wall's own smear, metres.
const OPEN_M: f64 = 1.5;
/// Opposite walls together stand out by this much more than the outset before one of them has an excess, metres: less
/// is within what matched walls and the depth of scaffold differ by.
const EXCESS_M: f64 = 0.4;
/// A facing counts when this share of its length was measured.
const LEAST_SHARE: f64 = 0.3;

/// The walls that look one way, taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Facing {
    /// Median distance outside the approved walls, inside negative, metres.
    pub outward_m: f64,
    /// Its standard uncertainty within the epoch, metres.
    pub sigma_m: f64,
}

/// The four ways that the walls of a building look: along an axis, across it to the left, and against both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facings {
    /// Unit vector of the axis.
    pub axis: Coord<f64>,
    /// Along the axis, to its left, against it, to its right; none where too little of a facing was seen.
    pub ways: [Option<Facing>; 4],
}

impl Facings {
    /// Measures an observed outline against an approved one that lies within [`REACH_M`] of it.
    pub fn between(observed: &Footprint, approved: &MultiPolygon<f64>) -> Option<Self> {
        let axis = axis(approved)?;
        let mut ways: [Way; 4] = Default::default();
        for wall in approved.iter().flat_map(|polygon| walls(polygon.exterior())) {
            ways[wall.way(axis)].measure(&wall, observed);
        }
        Some(Self { axis, ways: ways.map(|way| way.facing(observed.sigma_m)) })
    }
}

/// What the walls say together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WallFit {
    /// Shift of the whole, metres.
    pub shift_m: Coord<f64>,
    /// Standard uncertainty of each component of the shift, metres.
    pub sigma_m: f64,
    /// How far the walls stand out on all sides, metres.
    pub outset_m: f64,
}

impl Facings {
    /// Splits what the walls stand out by into a shift of the whole and an outset on all sides; what is left over is an
    /// excess. Opposite walls tell how much an axis grew whatever the shift: the axis that grew less has the outset.
    pub fn fit(self) -> Option<WallFit> {
        let [ahead, left, behind, right] = self.ways;
        let axes = [ahead.zip(behind), left.zip(right)];
        let grown_m = |pair: Option<(Facing, Facing)>| pair.map(|(a, b)| 0.5 * (a.outward_m + b.outward_m));
        let outset_m = axes.into_iter().filter_map(grown_m).min_by(f64::total_cmp)?;
        let along = Shift::of(ahead, behind, outset_m);
        let across = Shift::of(left, right, outset_m);
        let normal = Coord { x: -self.axis.y, y: self.axis.x };
        Some(WallFit {
            shift_m: self.axis * along.by_m + normal * across.by_m,
            sigma_m: along.sigma_m.max(across.sigma_m),
            outset_m,
        })
    }
}

/// Shift along one axis.
#[derive(Default)]
struct Shift {
    by_m: f64,
    sigma_m: f64,
}

impl Shift {
    /// From the walls ahead and behind. An axis that grew by more than its outset has an excess ahead or behind; it
    /// moved no farther than the wall that stayed within says.
    fn of(ahead: Option<Facing>, behind: Option<Facing>, outset_m: f64) -> Self {
        let beyond_m = |facing: Option<Facing>| facing.map(|f| f.outward_m - outset_m);
        let sigma_m = |facing: Option<Facing>| facing.map_or(0.0, |f| f.sigma_m);
        let both_m = sigma_m(ahead).hypot(sigma_m(behind));
        match (beyond_m(ahead), beyond_m(behind)) {
            (Some(a), Some(b)) if a + b <= EXCESS_M => Self { by_m: 0.5 * (a - b), sigma_m: 0.5 * both_m },
            (Some(a), Some(b)) => Self { by_m: 0.0_f64.clamp(-b, a), sigma_m: both_m },
            (Some(a), None) => Self { by_m: a, sigma_m: both_m },
            (None, Some(b)) => Self { by_m: -b, sigma_m: both_m },
            (None, None) => Self::default(),
        }
    }
}

/// A straight wall of the approved outline with its outward normal.
struct Wall {
    line: Line<f64>,
    outward: Coord<f64>,
}

/// Distances of the walls of one facing.
#[derive(Default)]
struct Way {
    outward_m: Vec<f64>,
    samples: usize,
}

impl Way {
    fn measure(&mut self, wall: &Wall, observed: &Footprint) {
        let delta = wall.line.delta();
        let length_m = delta.x.hypot(delta.y);
        let corner_m = CORNER_M.min(0.25 * length_m);
        let count = ((length_m - 2.0 * corner_m) / SAMPLE_M).ceil().max(1.0) as usize;
        for i in 0..count {
            let along_m = corner_m + (length_m - 2.0 * corner_m) * (i as f64 + 0.5) / count as f64;
            let from = wall.line.start + delta * (along_m / length_m);
            self.outward_m.extend(outward_m(from, wall.outward, observed));
        }
        self.samples += count;
    }

    fn facing(mut self, edge_sigma_m: f64) -> Option<Facing> {
        let seen = self.outward_m.len();
        if seen == 0 || (seen as f64) < LEAST_SHARE * self.samples as f64 {
            return None;
        }
        self.outward_m.sort_by(f64::total_cmp);
        let independent = (seen as f64 * SAMPLE_M / ALIKE_M).max(1.0);
        Some(Facing {
            outward_m: median(&self.outward_m),
            sigma_m: (spread(&self.outward_m).max(edge_sigma_m) / independent.sqrt())
                .hypot(COMMON * edge_sigma_m),
        })
    }
}

impl Wall {
    /// Which of the four ways it looks.
    fn way(&self, axis: Coord<f64>) -> usize {
        let along = self.outward.x * axis.x + self.outward.y * axis.y;
        let left = axis.x * self.outward.y - axis.y * self.outward.x;
        let quarters = left.atan2(along) / std::f64::consts::FRAC_PI_2;
        quarters.round().rem_euclid(4.0) as usize
    }
}

/// Direction of the longer sides of the smallest rectangle about an outline.
fn axis(outline: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let rectangle = outline.minimum_rotated_rect()?;
    let length = |line: &Line<f64>| line.delta().x.hypot(line.delta().y);
    let longest = rectangle.exterior().lines().max_by(|a, b| length(a).total_cmp(&length(b)))?;
    (length(&longest) > 0.0).then(|| longest.delta() / length(&longest))
}

/// The walls of a ring, whichever way it is drawn.
fn walls(ring: &LineString<f64>) -> Vec<Wall> {
    let twice_area: f64 = ring.lines().map(|line| line.determinant()).sum();
    let turn = if twice_area > 0.0 { 1.0 } else { -1.0 };
    let outward = |line: &Line<f64>| {
        let delta = line.delta() / line.delta().x.hypot(line.delta().y);
        Coord { x: turn * delta.y, y: -turn * delta.x }
    };
    let long = ring.lines().filter(|line| line.delta() != Coord::zero());
    long.map(|line| Wall { outward: outward(&line), line }).collect()
}

/// Distance from a place on an approved wall to where the observed outline ends, seen from inside; none where the
/// outline has no part inside or ends at a gap in the heights.
fn outward_m(from: Coord<f64>, outward: Coord<f64>, observed: &Footprint) -> Option<f64> {
    let ray = Line::new(from - outward * REACH_M, from + outward * REACH_M);
    if !observed.outline.contains(&Point(ray.start)) {
        return None;
    }
    let ends = observed.outline.lines_iter().filter_map(|edge| match line_intersection(ray, edge)? {
        LineIntersection::SinglePoint { intersection, .. } => {
            let away = intersection - ray.start;
            Some(away.x * outward.x + away.y * outward.y)
        }
        LineIntersection::Collinear { .. } => None,
    });
    let end_m = ends.min_by(f64::total_cmp)?;
    let end = Point(ray.start + outward * end_m);
    let open = observed.open_border.iter().any(|gap| Euclidean.distance(&end, gap) < OPEN_M);
    (!open).then_some(end_m - REACH_M)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Site, block};

    fn outward(built: &MultiPolygon<f64>, approved: &MultiPolygon<f64>) -> Vec<f64> {
        let heights = Site::flat(80.0, 9).with(built, 59.0).noisy(0.08).above_ground();
        let seen = Footprint::observe(&heights, approved, &[], 1.5).unwrap();
        let facings = Facings::between(&seen, approved).unwrap();
        facings.ways.map(|facing| facing.map_or(f64::NAN, |facing| facing.outward_m)).to_vec()
    }

    #[test]
    fn each_facing_is_measured_by_itself_and_a_bulge_moves_none() {
        let approved = block((40.0, 40.0), (28.0, 12.0), 0.0);
        let mut built = block((41.0, 39.7), (30.0, 12.6), 0.0);
        built.0.extend(block((34.0, 46.5), (5.0, 1.5), 0.0));
        let seen = outward(&built, &approved);
        let pair = |i: usize| (seen[i] + seen[i + 2], (seen[i] - seen[i + 2]).abs());
        assert!((pair(0).0 - 2.0).abs() < 0.1 && (pair(0).1 - 2.0).abs() < 0.1, "{seen:?}");
        assert!((pair(1).0 - 0.6).abs() < 0.1 && (pair(1).1 - 0.6).abs() < 0.1, "{seen:?}");
    }

    fn fit(outward_m: [f64; 4]) -> (f64, f64, f64) {
        let facing = |outward_m: f64| outward_m.is_finite().then_some(Facing { outward_m, sigma_m: 0.05 });
        let facings = Facings { axis: Coord { x: 1.0, y: 0.0 }, ways: outward_m.map(facing) };
        let WallFit { shift_m, outset_m, .. } = facings.fit().unwrap();
        (shift_m.x, shift_m.y, outset_m)
    }

    #[test]
    fn shift_scaffold_and_excess_are_told_apart() {
        let near = |(x, y, out): (f64, f64, f64), (tx, ty, tout): (f64, f64, f64)| {
            (x - tx).abs() < 1e-9 && (y - ty).abs() < 1e-9 && (out - tout).abs() < 1e-9
        };
        assert!(near(fit([0.1, 0.1, 0.1, 0.1]), (0.0, 0.0, 0.1)));
        assert!(near(fit([1.5, -0.5, -1.5, 0.5]), (1.5, -0.5, 0.0)), "a shift");
        assert!(near(fit([2.7, 0.7, -0.3, 1.7]), (1.5, -0.5, 1.2)), "a shift with scaffold");
        assert!(near(fit([1.2, 4.8, 1.2, 1.2]), (0.0, 0.0, 1.2)), "an excess at one side with scaffold");
        assert!(
            near(fit([2.0, 0.3, 0.0, -0.3]), (0.0, 0.3, 0.0)),
            "an excess at one side and a shift across"
        );
        assert!(near(fit([1.0, f64::NAN, -1.0, 0.2]), (1.0, -0.2, 0.0)), "one side not seen");
    }
}
