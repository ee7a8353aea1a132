mod band;
mod descriptor;
mod extrema;
mod layer;
mod orientation;
mod patch;
mod scale_space;
mod spread;

use image::GrayImage;

use crate::features::DESCRIPTOR_LENGTH;
use crate::{Features, Keypoint};
use extrema::Blob;
use layer::Layer;
use scale_space::Octave;

/// How keypoints are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectorOptions {
    /// Longest side of the photo that is worked on, pixels; default 4000. Larger photos are reduced by a whole factor,
    /// photos of at most 1200 pixels are doubled.
    pub longest_side_px: u32,
    /// Most keypoints of a photo; default 10000.
    pub max_keypoints: usize,
    /// Least contrast of a blob, as a share of the range from black to white; default 0.006. Low enough for lawns
    /// and asphalt, above the noise of a well exposed photo.
    pub min_contrast: f32,
    /// Largest ratio of a blob's principal curvatures; default 10. Longer ones are edges.
    pub max_edge_ratio: f32,
}

impl Default for DetectorOptions {
    fn default() -> Self {
        Self { longest_side_px: 4000, max_keypoints: 10000, min_contrast: 0.006, max_edge_ratio: 10.0 }
    }
}

/// Finds and describes the keypoints of a photo, the largest first, on one thread.
///
/// Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004; square-rooted histograms after
/// Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012.
pub fn detect(gray: &GrayImage, options: &DetectorOptions) -> Features {
    let (base, px_per_base) = Layer::for_work(gray, options.longest_side_px);
    let mut octaves = Vec::new();
    let mut blobs = Vec::new();
    scale_space::for_each_octave(&base, px_per_base < 1.0, |octave| {
        blobs.extend(extrema::find(&octave, octaves.len(), options));
        octaves.push(octave);
    });
    let blobs = spread::spread(blobs, options.max_keypoints);
    describe(&blobs, &octaves, px_per_base)
}

/// Turns blobs into keypoints; `px_per_base` is the size of a worked pixel in pixels of the full photo.
fn describe(blobs: &[Blob], octaves: &[Octave], px_per_base: f32) -> Features {
    let mut features = Features {
        keypoints: vec![Keypoint::default(); blobs.len()],
        descriptors: vec![[0; DESCRIPTOR_LENGTH]; blobs.len()],
    };
    for i in along_rows(blobs) {
        let blob = &blobs[i];
        let octave = &octaves[blob.octave];
        let layer = octave.nearest(blob.sigma);
        let angle = orientation::dominant(layer, blob);
        let px = px_per_base * octave.step;
        features.descriptors[i] = descriptor::describe(layer, blob, angle);
        features.keypoints[i] = Keypoint {
            pixel: [blob.x, blob.y].map(|v| (v * octave.step + 0.5) * px_per_base),
            scale_px: blob.sigma * scale_space::BLOB_PER_SIGMA * px,
            angle,
        };
    }
    features
}

/// Indices of blobs in the order of the rows of their octaves, so that the pixels around the next one are still in the
/// cache.
fn along_rows(blobs: &[Blob]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..blobs.len()).collect();
    order.sort_by_key(|&i| (blobs[i].octave, blobs[i].y as usize));
    order
}
