use image::GrayImage;

use crate::Features;

/// How keypoints are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectorOptions {
    /// Longest side of the photo that is worked on, pixels; default 2400. Larger photos are reduced by a whole factor,
    /// photos of less than half of it are doubled.
    pub longest_side_px: u32,
    /// Most keypoints of a photo; default 8000.
    pub max_keypoints: usize,
    /// Least contrast of a blob, as a share of the range from black to white; default 0.006.
    pub min_contrast: f32,
    /// Largest ratio of a blob's principal curvatures; default 10. Longer ones are edges.
    pub max_edge_ratio: f32,
}

impl Default for DetectorOptions {
    fn default() -> Self {
        Self { longest_side_px: 2400, max_keypoints: 8000, min_contrast: 0.006, max_edge_ratio: 10.0 }
    }
}

/// Finds and describes the keypoints of a photo, on one thread.
pub fn detect(_gray: &GrayImage, _options: &DetectorOptions) -> Features {
    Features::default()
}
