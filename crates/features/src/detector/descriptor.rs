use std::f32::consts::{PI, TAU};

use super::extrema::Blob;
use super::layer::Layer;
use super::patch::Gradients;
use crate::Descriptor;

/// Cells along a side.
const CELLS: usize = 4;

/// Directions a cell.
const BINS: usize = 8;

/// Width of a cell, in scales.
const CELL_WIDTH: f32 = 3.0;

/// Gradients along a side: the four cells and half a cell around them.
const SIDE: usize = 14;

/// Distance of the gradients, in scales.
const SPACING: f32 = (CELLS as f32 + 1.0) * CELL_WIDTH / SIDE as f32;

/// No entry of the histogram may hold more than this share of its length, so that one glint does not decide.
const LARGEST_SHARE: f32 = 0.2;

/// Length of a descriptor; its entries rarely reach 255.
const LENGTH: f32 = 512.0;

type Histogram = [[[f32; BINS]; CELLS]; CELLS];

/// Describes the surroundings of a blob, turned by `angle`.
pub fn describe(layer: &Layer, blob: &Blob, angle: f32) -> Descriptor {
    let gradients = Gradients::<SIDE>::around::<{ SIDE + 2 }>(layer, blob, angle, SPACING);
    quantised(&histogram(&gradients))
}

/// The two cells that a row or column of gradients is shared between, with their weights.
fn shares(i: usize) -> [(usize, f32); 2] {
    let from_middle = (i as f32 - (SIDE as f32 - 1.0) / 2.0) * SPACING / CELL_WIDTH;
    let falloff = (-0.5 * (from_middle / (0.5 * CELLS as f32)).powi(2)).exp();
    let place = from_middle + 0.5 * CELLS as f32 - 0.5;
    let lower = place.floor();
    [(lower, 1.0 - (place - lower)), (lower + 1.0, place - lower)].map(|(cell, weight)| {
        let inside = cell >= 0.0 && cell < CELLS as f32;
        if inside { (cell as usize, weight * falloff) } else { (0, 0.0) }
    })
}

fn histogram(gradients: &Gradients<SIDE>) -> Histogram {
    let shares: [_; SIDE] = std::array::from_fn(shares);
    let mut histogram = [[[0.0; BINS]; CELLS]; CELLS];
    for (row, row_shares) in shares.iter().enumerate() {
        let cells = row_histogram(&gradients.magnitudes[row], &gradients.angles[row], &shares);
        for &(cell_row, weight) in row_shares {
            for (sum, part) in histogram[cell_row].as_flattened_mut().iter_mut().zip(cells.as_flattened()) {
                *sum += weight * part;
            }
        }
    }
    histogram
}

/// Directions of one row of gradients, shared between the cells across it.
fn row_histogram(
    magnitudes: &[f32; SIDE],
    angles: &[f32; SIDE],
    shares: &[[(usize, f32); 2]; SIDE],
) -> [[f32; BINS]; CELLS] {
    let mut cells = [[0.0; BINS]; CELLS];
    for col in 0..SIDE {
        let place = (angles[col] + PI) * (BINS as f32 / TAU);
        let (bin, ahead) = (place as usize, place.fract());
        for (cell, weight) in shares[col] {
            let strength = magnitudes[col] * weight;
            cells[cell][bin % BINS] += strength * (1.0 - ahead);
            cells[cell][(bin + 1) % BINS] += strength * ahead;
        }
    }
    cells
}

/// Limited, square-rooted and scaled to [`LENGTH`].
fn quantised(histogram: &Histogram) -> Descriptor {
    let values = histogram.as_flattened().as_flattened();
    let length = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    let limit = LARGEST_SHARE * length;
    let sum = values.iter().map(|v| v.min(limit)).sum::<f32>().max(f32::MIN_POSITIVE);
    std::array::from_fn(|i| ((values[i].min(limit) / sum).sqrt() * LENGTH).round() as u8)
}
