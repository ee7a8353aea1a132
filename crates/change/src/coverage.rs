use geo::MultiPolygon;
use plumbline_raster::Raster;

use crate::cells;

/// Share of an outline's cells that have a height, 0 to 1; 0 for an outline off the raster.
pub fn coverage(heights: &Raster<f32>, outline: &MultiPolygon<f64>) -> f64 {
    let cells = cells::inside(&heights.grid, outline);
    let seen = cells.iter().filter(|&&cell| heights.cells[cell].is_finite()).count();
    if cells.is_empty() { 0.0 } else { seen as f64 / cells.len() as f64 }
}
