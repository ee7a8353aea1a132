use plumbline_camera::Camera;
use serde::{Deserialize, Serialize};

use crate::{Features, SearchWindow};

/// How matches are found and verified.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchOptions {
    /// Largest ratio of the distances to the best and the second best candidate; default 0.85.
    pub max_ratio: f32,
    /// Largest distance of an inlier from its epipolar line or its mapped place, pixels at the size the keypoints were found at; default 3.
    pub max_error_px: f64,
    /// Fewest inliers of a verified pair; default 16.
    pub min_inliers: usize,
    /// Seed of the sampling; default 1.
    pub seed: u64,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self { max_ratio: 0.85, max_error_px: 3.0, min_inliers: 16, seed: 1 }
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

/// Matches that agree with one relative pose or one plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerifiedMatches {
    /// Indices of the matched keypoints in the first and the second photo, ascending.
    pub matches: Vec<(u32, u32)>,
}

/// Matches two photos; `None` where too few matches agree with each other.
pub fn match_pair(
    _a: PhotoFeatures<'_>,
    _b: PhotoFeatures<'_>,
    _window: Option<&SearchWindow>,
    _options: &MatchOptions,
) -> Option<VerifiedMatches> {
    None
}
