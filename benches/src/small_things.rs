//! Small things that stand on the ground: stacks, huts, bushes.

use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};
use ndarray::Array2;

use crate::true_site::TrueCells;

/// Least height of a thing above the natural ground, metres.
const STANDS_M: f32 = 0.6;

/// Ground that a small thing covers, square metres.
const SMALL_M2: std::ops::Range<f64> = 0.8..30.0;

/// The cells of a thing that stands alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    cells: Vec<(usize, usize)>,
    /// Map height half way up, metres.
    level: f32,
}

impl Thing {
    /// Whether most of its cells rise above half its height in a measured surface.
    pub fn is_in(&self, measured: &Array2<f32>) -> bool {
        2 * self.cells.iter().filter(|cell| measured[**cell] > self.level).count() > self.cells.len()
    }
}

/// All small things of a true surface with square cells of `cell_m2`.
pub fn small_things(truth: &TrueCells, cell_m2: f64) -> Vec<Thing> {
    let (rows, cols) = truth.height.dim();
    let standing = GrayImage::from_fn(cols as u32, rows as u32, |x, y| {
        let cell = (y as usize, x as usize);
        Luma([u8::from(truth.height[cell] - truth.ground[cell] > STANDS_M) * 255])
    });
    let labels = connected_components(&standing, Connectivity::Eight, Luma([0]));
    let mut things: Vec<Vec<(usize, usize)>> = Vec::new();
    for (x, y, Luma([label])) in labels.enumerate_pixels().filter(|(_, _, label)| label.0[0] > 0) {
        let idx = *label as usize - 1;
        things.resize(things.len().max(idx + 1), Vec::new());
        things[idx].push((y as usize, x as usize));
    }
    let thing = |cells: Vec<(usize, usize)>| {
        let mut heights: Vec<f32> = cells.iter().map(|&cell| truth.height[cell]).collect();
        heights.sort_by(f32::total_cmp);
        let level = f32::midpoint(heights[heights.len() / 2], truth.ground[cells[0]]);
        Thing { cells, level }
    };
    let small = |cells: &Vec<(usize, usize)>| SMALL_M2.contains(&(cells.len() as f64 * cell_m2));
    things.into_iter().filter(small).map(thing).collect()
}
