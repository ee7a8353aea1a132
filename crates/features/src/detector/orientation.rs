use std::f32::consts::{PI, TAU};

use super::extrema::Blob;
use super::layer::Layer;
use super::patch::Gradients;

/// Directions told apart.
const BINS: usize = 36;

/// Gradients along a side.
const SIDE: usize = 14;

/// Distance of the gradients, in scales: they reach 4.5 scales from the blob.
const SPACING: f32 = 9.0 / (SIDE as f32 - 1.0);

/// Standard deviation of the weights about the blob, in scales.
const WINDOW: f32 = 1.5;

/// Direction of the strongest gradients about a blob, radians in -pi..pi.
///
/// One direction a blob: a second keypoint in the same place would only make a second track of the same point.
pub fn dominant(layer: &Layer, blob: &Blob) -> f32 {
    let gradients = Gradients::<SIDE>::around::<{ SIDE + 2 }>(layer, blob, 0.0, SPACING);
    let histogram = smoothed(&histogram(&gradients));
    let peak = (0..BINS).max_by(|&a, &b| histogram[a].total_cmp(&histogram[b])).unwrap_or(0);
    let (before, at, after) =
        (histogram[(peak + BINS - 1) % BINS], histogram[peak], histogram[(peak + 1) % BINS]);
    let bend = before - 2.0 * at + after;
    let offset = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
    let angle = (peak as f32 + 0.5 + offset) * TAU / BINS as f32 - PI;
    if angle >= PI { angle - TAU } else { angle }
}

fn histogram(gradients: &Gradients<SIDE>) -> [f32; BINS] {
    let middle = (SIDE as f32 - 1.0) / 2.0;
    let falloff = |i: usize| (-0.5 * ((i as f32 - middle) * SPACING / WINDOW).powi(2)).exp();
    let weights: [f32; SIDE] = std::array::from_fn(falloff);
    let mut histogram = [0.0; BINS];
    for row in 0..SIDE {
        for col in 0..SIDE {
            let bin = (gradients.angles[row][col] + PI) * (BINS as f32 / TAU);
            let bin = (bin as usize).min(BINS - 1);
            histogram[bin] += gradients.magnitudes[row][col] * weights[row] * weights[col];
        }
    }
    histogram
}

/// Two passes of a 1-1-1 mean around the circle.
fn smoothed(histogram: &[f32; BINS]) -> [f32; BINS] {
    let pass = |h: &[f32; BINS]| -> [f32; BINS] {
        std::array::from_fn(|i| (h[(i + BINS - 1) % BINS] + h[i] + h[(i + 1) % BINS]) / 3.0)
    };
    pass(&pass(histogram))
}
