use std::collections::BTreeMap;

use nalgebra::Vector3;
use plumbline_geometry::{Essential, Ray, Rigid3, triangulate};
use plumbline_optim::{Estimator, Msac, RansacOptions, UniformSampler, ransac};

use crate::network::{Network, median};

/// Pairs of views tried as the seed of a block.
const PAIRS_TRIED: usize = 30;
/// Fewest common points of a seed.
const LEAST_COMMON: usize = 40;
/// Largest distance of an inlier from its epipolar line as a fraction of the focal length.
const THRESHOLD_REL: f64 = 0.003;
/// Angle under which a seed should see its points, radians: more adds nothing, less leaves the depth uncertain.
const GOOD_ANGLE: f64 = 0.2;

/// Two views with the pose of the second relative to the first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    pub first: usize,
    pub second: usize,
    pub second_from_first: Rigid3,
}

/// Essential matrices of two calibrated views.
struct RelativePose;

type Pair = (Vector3<f64>, Vector3<f64>);

impl Estimator for RelativePose {
    type Datum = Pair;
    type Model = Essential;

    fn sample_size(&self) -> usize {
        5
    }

    fn fit_minimal(&self, sample: &[&Pair]) -> Vec<Essential> {
        Essential::from_five(&[0, 1, 2, 3, 4].map(|i| sample[i].0), &[0, 1, 2, 3, 4].map(|i| sample[i].1))
    }

    /// The bundle adjustment that follows does this better.
    fn fit(&self, _: &[&Pair], _: &Essential) -> Option<Essential> {
        None
    }

    fn residual(&self, model: &Essential, (x1, x2): &Pair) -> f64 {
        model.sampson(x1, x2)
    }
}

/// Pairs of views from which a block can grow, the most promising first: many common points under good angles.
pub(crate) fn seeds(network: &Network, seed: u64) -> Vec<Seed> {
    let mut scored: Vec<(f64, Seed)> = best_connected(network)
        .into_iter()
        .filter_map(|(first, second)| score(network, first, second, seed))
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().map(|(_, seed)| seed).collect()
}

/// Pairs with the most common tracks. Long tracks say that a pair sits in the middle of the block.
fn best_connected(network: &Network) -> Vec<(usize, usize)> {
    let mut common: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for track in &network.measured {
        let own: Vec<usize> =
            track.observations.iter().map(|o| o.view_idx).filter(|&v| network.is_own(v)).collect();
        for (i, &a) in own.iter().enumerate() {
            for &b in &own[i + 1..] {
                *common.entry((a.min(b), a.max(b))).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<_> = common.into_iter().filter(|(_, n)| *n >= LEAST_COMMON).collect();
    pairs.sort_by_key(|&(pair, n)| (std::cmp::Reverse(n), pair));
    pairs.into_iter().take(PAIRS_TRIED).map(|(pair, _)| pair).collect()
}

fn score(network: &Network, first: usize, second: usize, seed: u64) -> Option<(f64, Seed)> {
    let pairs = directions(network, first, second);
    let consensus = Msac { threshold: THRESHOLD_REL };
    let options = RansacOptions { max_iterations: 200, ..RansacOptions::default() };
    let fit = ransac(&RelativePose, &consensus, &mut UniformSampler::new(seed), &pairs, &options)?;
    let inliers: Vec<Pair> = fit.inliers.iter().map(|&i| pairs[i]).collect();
    let (second_from_first, angles) = fit
        .model
        .poses()?
        .into_iter()
        .map(|pose| (pose, angles(&pose, &inliers)))
        .max_by_key(|(_, angles)| angles.len())?;
    let points = angles.len() as f64;
    let angle = (median(angles) / GOOD_ANGLE).min(1.0);
    Some((points * angle, Seed { first, second, second_from_first }))
}

/// Directions (camera frames, z = 1) of the points common to two views.
fn directions(network: &Network, first: usize, second: usize) -> Vec<Pair> {
    let direction = |view_idx: usize, track: &plumbline_scene::PixelTrack| {
        let seen = track.observations.iter().find(|o| o.view_idx == view_idx)?;
        Some(network.prior.cameras[network.prior.views[view_idx].camera_idx].camera.unproject(&seen.pixel))
    };
    network.measured.iter().filter_map(|t| Some((direction(first, t)?, direction(second, t)?))).collect()
}

/// Angles of intersection of the pairs that lie in front of both cameras.
fn angles(second_from_first: &Rigid3, pairs: &[Pair]) -> Vec<f64> {
    let back = second_from_first.rotation.inverse();
    let origin = second_from_first.center();
    pairs
        .iter()
        .filter_map(|(x1, x2)| {
            let rays = [
                Ray { origin: Vector3::zeros(), direction: x1.normalize() },
                Ray { origin, direction: (back * x2).normalize() },
            ];
            triangulate(&rays).map(|(_, angle)| angle)
        })
        .collect()
}
