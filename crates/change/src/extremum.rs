//! Minimum and maximum in a square window, skipping cells without data.

use std::collections::VecDeque;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView1, Axis};

/// Smallest value within `radius` cells along rows and columns; NaN where the window holds no data.
pub(crate) fn minimum(cells: &Array2<f32>, radius: usize) -> Array2<f32> {
    let along_rows = rows_minimum(cells, radius);
    rows_minimum(&along_rows.reversed_axes().as_standard_layout().to_owned(), radius)
        .reversed_axes()
        .as_standard_layout()
        .to_owned()
}

/// Largest value within `radius` cells along rows and columns; NaN where the window holds no data.
pub(crate) fn maximum(cells: &Array2<f32>, radius: usize) -> Array2<f32> {
    -minimum(&-cells, radius)
}

fn rows_minimum(cells: &Array2<f32>, radius: usize) -> Array2<f32> {
    let mut out = Array2::from_elem(cells.dim(), f32::NAN);
    out.axis_iter_mut(Axis(0)).into_par_iter().zip(cells.axis_iter(Axis(0))).for_each(|(mut to, from)| {
        for (value, smallest) in to.iter_mut().zip(sliding_minimum(&from, radius)) {
            *value = smallest;
        }
    });
    out
}

/// Sliding minimum with a queue of ascending candidates (Lemire 2006): constant work per cell for any radius.
fn sliding_minimum(row: &ArrayView1<'_, f32>, radius: usize) -> Vec<f32> {
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let mut entering = 0;
    (0..row.len())
        .map(|center| {
            while entering < row.len().min(center + radius + 1) {
                if !row[entering].is_nan() {
                    while candidates.back().is_some_and(|&last| row[last] >= row[entering]) {
                        candidates.pop_back();
                    }
                    candidates.push_back(entering);
                }
                entering += 1;
            }
            while candidates.front().is_some_and(|&first| first + radius < center) {
                candidates.pop_front();
            }
            candidates.front().map_or(f32::NAN, |&first| row[first])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_smallest_neighbour_wins_and_holes_are_skipped() {
        let n = f32::NAN;
        let cells = array![[5., 4., n, 9.], [7., n, n, 8.], [6., 6., n, 3.]];
        let expected = array![[4., 4., 4., 8.], [4., 4., 3., 3.], [6., 6., 3., 3.]];
        assert_eq!(minimum(&cells, 1), expected);
        assert!(minimum(&array![[n, n]], 1).iter().all(|v| v.is_nan()));
    }
}
