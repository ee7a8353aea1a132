//! Narrow gaps between measured heights.

use imageproc::distance_transform::Norm;
use imageproc::morphology::close;
use ndarray::Array2;
use plumbline_raster::Raster;

use crate::components::{picture, radius_cells};

/// Fills gaps without data that are at most `width_m` wide from both sides until they meet; wider gaps stay as they are.
///
/// At the foot of a wall the ground is seen by few photos, and matching leaves a gap of some cells along it. The wall is
/// then half-way across, give or take half the gap; where both sides reach a cell at once, the lower one has it.
pub(crate) fn bridge(heights: &mut Raster<f32>, width_m: f64) {
    let radius = radius_cells(width_m / 2.0, heights.grid.cell_m);
    let narrow = close(&picture(&heights.cells, |height| height.is_finite()), Norm::LInf, radius);
    for _ in 0..=radius {
        let filled = Array2::from_shape_fn(heights.cells.dim(), |(row, col)| {
            let own = heights.cells[(row, col)];
            let gap = own.is_nan() && narrow.get_pixel(col as u32, row as u32).0[0] > 0;
            if gap { lowest_neighbour(&heights.cells, (row, col)) } else { own }
        });
        heights.cells = filled;
    }
}

/// The lowest height beside a cell; NaN where there is none.
fn lowest_neighbour(heights: &Array2<f32>, (row, col): (usize, usize)) -> f32 {
    let beside = [(row.wrapping_sub(1), col), (row + 1, col), (row, col.wrapping_sub(1)), (row, col + 1)];
    beside.into_iter().filter_map(|cell| heights.get(cell)).copied().fold(f32::NAN, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Site;

    #[test]
    fn a_narrow_gap_closes_in_its_middle_and_a_wide_one_stays_as_it_is() {
        let mut heights = Site::flat(10.0, 1).above_ground();
        let cell_m = heights.grid.cell_m;
        for ((_, col), height) in heights.cells.indexed_iter_mut() {
            let x = (col as f64 + 0.5) * cell_m;
            *height = if x < 2.0 { 9.0 } else { 0.0 };
            if (2.0..3.2).contains(&x) || (5.0..9.0).contains(&x) {
                *height = f32::NAN;
            }
        }
        bridge(&mut heights, 1.2);
        let at = |x: f64| heights.cells[(3, (x / cell_m) as usize)];
        assert_eq!((at(2.3), at(2.9)), (9.0, 0.0));
        assert!(at(5.1).is_nan() && at(7.0).is_nan());
    }
}
