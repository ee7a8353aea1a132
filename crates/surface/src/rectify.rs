//! Photos laid onto a horizontal plane, as census words.
//!
//! A point (X, z) lies on the line from the projection centre C that meets the plane at height h in
//! `C + s (X - C)`, `s = (C.z - h) / (C.z - z)`: a hypothesis is a look-up in the plane's picture, the window it is
//! compared in is level, north-up and of the same scale in all views, whichever way the camera was turned.

use nalgebra::{Vector2, Vector3};
use plumbline_scene::{Block, View};

use crate::census::{BITS, RADIUS, census};
use crate::pyramid::{Gray, Pyramid};

/// Samples of a rectified view along the side of a cell: look-ups are rounded to half a sample.
pub(crate) const SAMPLES_PER_CELL: f64 = 2.0;

/// Samples between the nodes at which the camera model is evaluated exactly.
const NODE: usize = 16;

/// Word of a place that a view does not see, far from every other view's.
const UNSEEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A horizontal rectangle of the world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plate {
    pub min: Vector2<f64>,
    pub max: Vector2<f64>,
    /// Height of the plane.
    pub z: f64,
    /// Distance between samples, metres.
    pub sample_m: f64,
}

/// Census words of a view on a plate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rectified {
    /// World x of the western edge.
    pub west: f64,
    /// World y of the northern edge.
    pub north: f64,
    pub cols: usize,
    pub words: Vec<u64>,
}

impl Rectified {
    /// Lays a view onto a plate grown by what a census window needs.
    pub fn of(block: &Block, view_idx: usize, pyramid: &Pyramid, plate: &Plate) -> Self {
        let grow = (RADIUS + 2) as f64 * plate.sample_m;
        let (west, north) = (plate.min.x - grow, plate.max.y + grow);
        let count = |length: f64| ((length + 2.0 * grow) / plate.sample_m).ceil() as usize + 1;
        let cols = count(plate.max.x - plate.min.x).next_multiple_of(NODE);
        let rows = count(plate.max.y - plate.min.y);
        let view = &block.views[view_idx];
        let ground_px = (view.cam_from_world.center().z - plate.z) / block.camera(view).focal_px;
        let (gray, scale) = pyramid.level(plate.sample_m / ground_px);
        let nodes =
            Nodes::of(block, view, &Self { west, north, cols, words: Vec::new() }, rows, plate, scale);
        let pixels = nodes.sample(gray, rows, cols);
        let mut words = census(&pixels, cols);
        let unseen = UNSEEN.wrapping_mul(2 * view_idx as u64 + 1) >> (u64::BITS - BITS);
        for (word, pixel) in words.iter_mut().zip(pixels) {
            if pixel == Gray::OUTSIDE {
                *word = unseen;
            }
        }
        Self { west, north, cols, words }
    }
}

/// Pixels (of a pyramid level) at every [`NODE`]th sample; NaN where the view does not look.
struct Nodes {
    cols: usize,
    pixels: Vec<Vector2<f32>>,
}

impl Nodes {
    fn of(block: &Block, view: &View, frame: &Rectified, rows: usize, plate: &Plate, scale: f64) -> Self {
        let (node_rows, cols) = (rows / NODE + 2, frame.cols / NODE + 2);
        let mut pixels = Vec::with_capacity(node_rows * cols);
        for row in 0..node_rows {
            for col in 0..cols {
                let (down, right) = ((row * NODE) as f64 + 0.5, (col * NODE) as f64 + 0.5);
                let p = Vector3::new(
                    frame.west + right * plate.sample_m,
                    frame.north - down * plate.sample_m,
                    plate.z,
                );
                let pixel = block.pixel(view, &p);
                pixels.push(pixel.map_or(Vector2::repeat(f32::NAN), |p| (p * scale).map(|v| v as f32)));
            }
        }
        Self { cols, pixels }
    }

    /// Bilinear grey values of all samples; [`Gray::OUTSIDE`] where the photo ends. There are whole nodes to a row.
    fn sample(&self, gray: &Gray, rows: usize, cols: usize) -> Vec<u16> {
        let mut pixels = Vec::with_capacity(rows * cols);
        for row in 0..rows {
            let down = (row % NODE) as f32 / NODE as f32;
            for node in (row / NODE * self.cols..).take(cols / NODE) {
                let left = self.pixels[node].lerp(&self.pixels[node + self.cols], down);
                let right = self.pixels[node + 1].lerp(&self.pixels[node + self.cols + 1], down);
                pixels.extend(gray.bilinear_along::<NODE>(left, (right - left) / NODE as f32));
            }
        }
        pixels
    }
}
