//! Sets of cells as black and white pictures: opening and connected components.

use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology::{dilate, erode};
use imageproc::region_labelling::{Connectivity, connected_components};
use ndarray::Array2;

const BLACK: Luma<u8> = Luma([0]);
const WHITE: Luma<u8> = Luma([255]);

/// A picture that is white where `belongs` holds.
pub(crate) fn picture<T>(cells: &Array2<T>, belongs: impl Fn(&T) -> bool) -> GrayImage {
    let (rows, cols) = cells.dim();
    let mut picture = GrayImage::new(cols as u32, rows as u32);
    for ((row, col), value) in cells.indexed_iter() {
        if belongs(value) {
            picture.put_pixel(col as u32, row as u32, WHITE);
        }
    }
    picture
}

/// Takes away what is thinner than twice the radius; what remains keeps its corners.
pub(crate) fn without_thin_parts(picture: &GrayImage, radius: u8) -> GrayImage {
    if radius == 0 {
        return picture.clone();
    }
    let mut grown = dilate(&erode(picture, Norm::LInf, radius), Norm::LInf, radius + 1);
    for (kept, was) in grown.pixels_mut().zip(picture.pixels()) {
        kept.0[0] = kept.0[0].min(was.0[0]);
    }
    grown
}

/// White 4-connected sets as (row, column) lists, in the order of their first cells.
pub(crate) fn components(picture: &GrayImage) -> Vec<Vec<(usize, usize)>> {
    let labels = connected_components(picture, Connectivity::Four, BLACK);
    let count = labels.pixels().map(|p| p.0[0]).max().unwrap_or(0);
    let mut sets = vec![Vec::new(); count as usize];
    for (col, row, label) in labels.enumerate_pixels() {
        if label.0[0] > 0 {
            sets[label.0[0] as usize - 1].push((row as usize, col as usize));
        }
    }
    sets
}

/// Radius in whole cells, as the morphology wants it.
pub(crate) fn radius_cells(radius_m: f64, cell_m: f64) -> u8 {
    (radius_m / cell_m).round().clamp(0.0, 250.0) as u8
}
