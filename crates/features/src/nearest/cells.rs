use std::f32::consts::{PI, TAU};
use std::ops::Range;

use super::expected::{Expected, MAX_TURN};
use crate::{Descriptor, Features, Keypoint};

/// Directions told apart: a window's turn reaches into two or three of eight.
const DIRECTIONS: usize = 8;

/// Keypoints sorted by the row of their cell, their direction and the column, so that what a window allows is a run of
/// slots for each row and direction.
pub struct Cells {
    radius_px: f32,
    cell_px: f32,
    cols: usize,
    rows: usize,
    /// First slot of each cell and direction, and the end of the last.
    starts: Vec<usize>,
    /// Index among the features, by slot.
    pub order: Vec<usize>,
    /// Keypoint by slot.
    pub keypoints: Vec<Keypoint>,
    /// Descriptor by slot.
    pub descriptors: Vec<Descriptor>,
}

impl Cells {
    /// Cells for windows of one radius.
    pub fn new(features: &Features, radius_px: f32) -> Self {
        let extent = |axis: usize| features.keypoints.iter().map(|k| k.pixel[axis]).fold(1.0, f32::max);
        let cell_px = (0.5 * radius_px).max(8.0);
        let (cols, rows) = ((extent(0) / cell_px) as usize + 1, (extent(1) / cell_px) as usize + 1);
        let place = |k: &Keypoint| {
            let direction = (sector(k.angle) as usize).min(DIRECTIONS - 1);
            ((k.pixel[1] / cell_px) as usize * DIRECTIONS + direction) * cols
                + (k.pixel[0] / cell_px) as usize
        };
        let places: Vec<usize> = features.keypoints.iter().map(place).collect();
        let mut starts = vec![0; cols * DIRECTIONS * rows + 1];
        for &place in &places {
            starts[place + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut order: Vec<usize> = (0..features.len()).collect();
        order.sort_by_key(|&i| places[i]);
        let keypoints = order.iter().map(|&i| features.keypoints[i]).collect();
        let descriptors = order.iter().map(|&i| features.descriptors[i]).collect();
        Self { radius_px, cell_px, cols, rows, starts, order, keypoints, descriptors }
    }

    /// Slots of all keypoints that are allowed, and of some that are not.
    pub fn around(&self, expected: &Expected) -> impl Iterator<Item = usize> {
        let span = |v: f32, cells: usize| {
            let cell = |edge: f32| ((edge / self.cell_px).max(0.0) as usize).min(cells);
            cell(v - self.radius_px)..cell(v + self.radius_px + self.cell_px)
        };
        let (columns, rows) = (span(expected.pixel[0], self.cols), span(expected.pixel[1], self.rows));
        rows.flat_map(move |row| {
            directions(expected.angle).map(move |direction| row * DIRECTIONS + direction)
        })
        .flat_map(move |line| self.slots(line, &columns))
    }

    fn slots(&self, line: usize, columns: &Range<usize>) -> Range<usize> {
        self.starts[line * self.cols + columns.start]..self.starts[line * self.cols + columns.end]
    }
}

/// A direction in eighths of a turn from -pi.
fn sector(angle: f32) -> f32 {
    (angle + PI) * (DIRECTIONS as f32 / TAU)
}

/// The directions that a keypoint near `angle` can have.
fn directions(angle: f32) -> impl Iterator<Item = usize> {
    let (first, last) = (sector(angle - MAX_TURN).floor() as i32, sector(angle + MAX_TURN).floor() as i32);
    (first..=last).map(|direction| direction.rem_euclid(DIRECTIONS as i32) as usize)
}
