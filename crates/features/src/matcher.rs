use std::f64::consts::PI;

use nalgebra::Vector2;
use plumbline_camera::Camera;
use plumbline_optim::{Msac, RansacOptions, UniformSampler, ransac};
use serde::{Deserialize, Serialize};

use crate::verification::{FlatGround, PixelPair, RayPair, RelativePose};
use crate::{Features, SearchWindow, nearest};

/// How matches are found and verified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchOptions {
    /// Largest ratio of the distances to the best and the second best candidate; default 0.85.
    pub max_ratio: f32,
    /// Largest distance of an inlier from its epipolar line, as a share of the photo's width; default 0.001. It has to
    /// swallow the distortion that the camera does not know of yet.
    pub max_error: f64,
    /// Fewest inliers of a verified pair; default 16.
    pub min_inliers: usize,
    /// Largest keypoints that are matched first, to narrow the window for all others; default 1500.
    pub coarse_keypoints: usize,
    /// Seed of the sampling; default 1.
    pub seed: u64,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self { max_ratio: 0.85, max_error: 1e-3, min_inliers: 16, coarse_keypoints: 1500, seed: 1 }
    }
}

/// A photo as the matcher sees it.
#[derive(Debug, Clone, Copy)]
pub struct PhotoFeatures<'a> {
    /// Its keypoints.
    pub features: &'a Features,
    /// Its camera, as well as it is known.
    pub camera: &'a Camera,
}

/// Matches that agree with one relative pose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerifiedMatches {
    /// Indices of the matched keypoints in the first and the second photo, ascending.
    pub matches: Vec<(u32, u32)>,
}

/// Without a window a pair is tried with so many times fewer keypoints first, which is enough for nearly all and costs the
/// square of it less.
const FEWER: usize = 3;

/// Matches two photos; `None` where too few matches agree with one relative pose.
///
/// The largest keypoints are matched first, within `window` where there is one and, as gimbals have been seen to be half
/// a turn off, anywhere if that fails. The map of flat ground that most of them agree with makes a narrower window for
/// all keypoints; what is found there is verified by the epipolar geometry.
pub fn match_pair(
    a: PhotoFeatures<'_>,
    b: PhotoFeatures<'_>,
    window: Option<&SearchWindow>,
    options: &MatchOptions,
) -> Option<VerifiedMatches> {
    let expected = window.and_then(|window| narrowed(&a, &b, Some(window), options));
    let few = MatchOptions { coarse_keypoints: options.coarse_keypoints / FEWER, ..*options };
    let narrow =
        expected.or_else(|| narrowed(&a, &b, None, &few)).or_else(|| narrowed(&a, &b, None, options))?;
    let matches = nearest::within(a.features, b.features, &narrow, options.max_ratio);
    verified(&a, &b, &matches, narrow.radius_px, options)
}

/// A narrower window from the largest keypoints; `None` where they do not agree on one.
fn narrowed(
    a: &PhotoFeatures<'_>,
    b: &PhotoFeatures<'_>,
    window: Option<&SearchWindow>,
    options: &MatchOptions,
) -> Option<SearchWindow> {
    /// Relief that may hide in the map of flat ground, as a share of the photo's width.
    const FLAT_ENOUGH: f64 = 0.02;
    /// Relief that the window still has to reach, as a share of the photo's width.
    const REACH: f64 = 0.06;
    /// Matches on one map that are beyond chance: of a hundred false ones, fewer than one more than the four that define
    /// it falls on a map so tolerant.
    const AGREED: usize = 10;
    let (coarse_a, coarse_b) = (largest(a.features, options), largest(b.features, options));
    let matches = match window {
        Some(window) => nearest::within(&coarse_a, &coarse_b, window, options.max_ratio),
        None => nearest::anywhere(&coarse_a, &coarse_b, options.max_ratio),
    };
    let pairs: Vec<PixelPair> =
        matches.iter().map(|&(i, j)| (pixel(&coarse_a, i), pixel(&coarse_b, j))).collect();
    let width = f64::from(b.camera.width);
    let consensus = Msac { threshold: FLAT_ENOUGH * width };
    let mut sampler = UniformSampler::new(options.seed);
    let fit = ransac(&FlatGround, &consensus, &mut sampler, &pairs, &RansacOptions::default())?;
    let found = SearchWindow { b_from_a: fit.model, radius_px: REACH * width };
    let share = window.map_or(0.0, |window| (consensus.threshold / window.radius_px).powi(2));
    beyond_chance(fit.inliers.len(), pairs.len(), share, AGREED).then_some(found)
}

/// The first keypoints, which are the largest.
fn largest(features: &Features, options: &MatchOptions) -> Features {
    let n = features.len().min(options.coarse_keypoints);
    Features { keypoints: features.keypoints[..n].to_vec(), descriptors: features.descriptors[..n].to_vec() }
}

/// The matches that agree with one relative pose.
fn verified(
    a: &PhotoFeatures<'_>,
    b: &PhotoFeatures<'_>,
    matches: &[(u32, u32)],
    radius_px: f64,
    options: &MatchOptions,
) -> Option<VerifiedMatches> {
    let rays: Vec<RayPair> = matches
        .iter()
        .map(|&(i, j)| (a.camera.unproject(&pixel(a.features, i)), b.camera.unproject(&pixel(b.features, j))))
        .collect();
    let error_px = options.max_error * f64::from(b.camera.width);
    let consensus = Msac { threshold: error_px / b.camera.focal_px };
    let mut sampler = UniformSampler::new(options.seed);
    let sampling = RansacOptions { max_iterations: 500, ..RansacOptions::default() };
    let fit = ransac(&RelativePose, &consensus, &mut sampler, &rays, &sampling)?;
    let band = 4.0 * error_px / (PI * radius_px);
    let inliers: Vec<_> = fit.inliers.iter().map(|&i| matches[i]).collect();
    beyond_chance(inliers.len(), matches.len(), band, options.min_inliers)
        .then_some(VerifiedMatches { matches: inliers })
}

/// Whether so many of `matches` agree with a model as never would if all were false and fell on it by chance with
/// probability `share`.
fn beyond_chance(inliers: usize, matches: usize, share: f64, at_least: usize) -> bool {
    /// A model is chosen to please as many as it can; false ones have been seen to reach twice their share.
    const MARGIN: f64 = 3.0;
    inliers >= at_least && inliers as f64 >= MARGIN * share * matches as f64
}

fn pixel(features: &Features, idx: u32) -> Vector2<f64> {
    let [x, y] = features.keypoints[idx as usize].pixel;
    Vector2::new(f64::from(x), f64::from(y))
}
