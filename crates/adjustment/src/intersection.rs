use nalgebra::Vector3;
use plumbline_geometry::{Ray, triangulate};
use plumbline_scene::Observation;
use rayon::prelude::*;

use crate::network::{Network, State};

/// Pairs of rays tried for a track whose rays do not all meet; enough to find a clean one among half outliers.
const PAIRS_TRIED: usize = 24;

/// Which intersections are believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tolerance {
    /// Largest distance between projected and measured pixel.
    pub miss_px: f64,
    /// Smallest angle between the widest two rays, radians.
    pub min_angle: f64,
}

/// Intersects all tracks anew and decides which observations are believed: those that agree with the point on which most
/// of the track's rays agree. Nothing is forgotten: an observation that was rejected once may come back.
pub(crate) fn intersect(network: &mut Network, state: &mut State, tolerance: Tolerance) {
    let shared = &*network;
    let found: Vec<_> = shared
        .measured
        .par_iter()
        .zip(&state.points)
        .map(|(track, old)| {
            old.and_then(|point| kept(shared, state, &track.observations, point, tolerance))
                .or_else(|| intersected(shared, state, &track.observations, tolerance))
        })
        .collect();
    for (i, track) in found.into_iter().enumerate() {
        let (point, believed) = track.unzip();
        state.points[i] = point;
        network.believed[i] = believed.unwrap_or_default();
    }
}

type Intersection = (Vector3<f64>, Vec<Observation>);

/// A point that the adjustment has refined already, if nearly all rays still agree with it.
fn kept(
    network: &Network,
    state: &State,
    seen: &[Observation],
    point: Vector3<f64>,
    tolerance: Tolerance,
) -> Option<Intersection> {
    let placed = seen.iter().filter(|o| network.view(state, o.view_idx).is_some()).count();
    let believed = agreeing(network, state, seen, &point, tolerance.miss_px);
    let enough = believed.len() >= 2 && believed.len() == placed;
    (enough && angle(network, state, &believed, &point) >= tolerance.min_angle).then_some((point, believed))
}

/// The point that most rays of a track agree on.
pub(crate) fn intersected(
    network: &Network,
    state: &State,
    seen: &[Observation],
    tolerance: Tolerance,
) -> Option<Intersection> {
    let rays: Vec<(Observation, Ray)> =
        seen.iter().filter_map(|o| Some((*o, network.ray(state, o)?))).collect();
    let all: Vec<Ray> = rays.iter().map(|(_, ray)| *ray).collect();
    let mut best = candidate(network, state, seen, &all, tolerance);
    if best.as_ref().is_none_or(|(_, believed)| believed.len() < rays.len()) && rays.len() > 2 {
        for (i, j) in pairs(rays.len()).take(PAIRS_TRIED) {
            let pair = candidate(network, state, seen, &[all[i], all[j]], tolerance);
            let size = |c: &Option<Intersection>| c.as_ref().map_or(0, |(_, believed)| believed.len());
            if size(&pair) > size(&best) {
                best = pair;
            }
        }
    }
    let (point, believed) = best?;
    let rays: Vec<Ray> = believed.iter().filter_map(|o| network.ray(state, o)).collect();
    let (point, angle) = triangulate(&rays)
        .filter(|(p, _)| agreeing(network, state, &believed, p, tolerance.miss_px).len() == believed.len())
        .unwrap_or((point, angle(network, state, &believed, &point)));
    (angle >= tolerance.min_angle).then_some((point, believed))
}

fn candidate(
    network: &Network,
    state: &State,
    seen: &[Observation],
    rays: &[Ray],
    tolerance: Tolerance,
) -> Option<Intersection> {
    let (point, _) = triangulate(rays)?;
    let believed = agreeing(network, state, seen, &point, tolerance.miss_px);
    (believed.len() >= 2).then_some((point, believed))
}

/// Pairs of indices below `n`, far ones first: they have the widest angles.
fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..n).rev().flat_map(move |gap| (0..n - gap).map(move |i| (i, i + gap)))
}

fn agreeing(
    network: &Network,
    state: &State,
    seen: &[Observation],
    point: &Vector3<f64>,
    miss_px: f64,
) -> Vec<Observation> {
    seen.iter()
        .filter(|o| network.miss(state, o, point).is_some_and(|m| m.norm() < miss_px))
        .copied()
        .collect()
}

/// Widest angle under which a point sees two of its views.
fn angle(network: &Network, state: &State, seen: &[Observation], point: &Vector3<f64>) -> f64 {
    let to_views: Vec<_> = seen
        .iter()
        .filter_map(|o| Some((network.view(state, o.view_idx)?.1.center() - point).normalize()))
        .collect();
    let mut widest: f64 = 0.0;
    for (i, a) in to_views.iter().enumerate() {
        for b in &to_views[i + 1..] {
            widest = widest.max(a.cross(b).norm().atan2(a.dot(b)));
        }
    }
    widest
}
