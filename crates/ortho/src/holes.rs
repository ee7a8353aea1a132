use ndarray::Array2;
use plumbline_raster::Raster;
use rayon::prelude::*;

/// Ends of a hole that differ by more than this, metres, stand on a roof and on the ground: the hole belongs to the ground.
const WALL_M: f32 = 1.0;

/// Fills holes that are at most `reach` cells wide along a row or a column; wider ones stay NaN.
pub(crate) fn bridge_holes(dsm: &Raster<f32>, reach: usize) -> Raster<f32> {
    let (rows, cols) = dsm.cells.dim();
    let across = |row: usize, col: usize| {
        let along_row = bridge(col, cols, reach, |c| dsm.cells[(row, c)]);
        let along_col = bridge(row, rows, reach, |r| dsm.cells[(r, col)]);
        match (along_row, along_col) {
            (Some(a), Some(b)) if (a - b).abs() <= WALL_M => f32::midpoint(a, b),
            (Some(a), Some(b)) => a.min(b),
            (a, b) => a.or(b).unwrap_or(f32::NAN),
        }
    };
    let filled: Vec<f32> = (0..rows * cols)
        .into_par_iter()
        .map(|i| {
            let (row, col) = (i / cols, i % cols);
            let height = dsm.cells[(row, col)];
            if height.is_nan() { across(row, col) } else { height }
        })
        .collect();
    let mut bridged = dsm.clone();
    for (cell, height) in bridged.cells.iter_mut().zip(filled) {
        *cell = height;
    }
    bridged
}

/// Fills holes as far as `reach` cells from their rims with the greatest height beside them: what stands in a hole is not known,
/// but it may hide as much as what stands at its rim.
pub(crate) fn raised_holes(dsm: &Array2<f32>, reach: usize) -> Array2<f32> {
    let mut raised = dsm.clone();
    let known = |cells: &Array2<f32>, cell| around(cells, cell).any(|beside| !cells[beside].is_nan());
    let holes = dsm.indexed_iter().filter(|(_, height)| height.is_nan()).map(|(cell, _)| cell);
    let mut rim: Vec<(usize, usize)> = holes.filter(|&cell| known(dsm, cell)).collect();
    for _ in 0..reach {
        let highest = |&cell| around(&raised, cell).fold(f32::NAN, |highest, h| highest.max(raised[h]));
        let heights: Vec<f32> = rim.iter().map(highest).collect();
        for (&cell, height) in rim.iter().zip(heights) {
            raised[cell] = height;
        }
        rim = rim.iter().flat_map(|&cell| around(&raised, cell)).filter(|&h| raised[h].is_nan()).collect();
        rim.sort_unstable();
        rim.dedup();
    }
    raised
}

/// The cells about a cell.
fn around(cells: &Array2<f32>, (row, col): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let (rows, cols) = cells.dim();
    let lines = row.saturating_sub(1)..(row + 2).min(rows);
    lines.flat_map(move |r| (col.saturating_sub(1)..(col + 2).min(cols)).map(move |c| (r, c)))
}

/// Height between the two ends of the hole around `at` on a line of `length` cells.
fn bridge(at: usize, length: usize, reach: usize, height: impl Fn(usize) -> f32) -> Option<f32> {
    let known = |i: &usize| !height(*i).is_nan();
    let before = (at.saturating_sub(reach)..at).rev().find(known)?;
    let after = (at + 1..(at + 1 + reach).min(length)).find(known)?;
    if after - before > reach + 1 {
        return None;
    }
    let (low, high) = (height(before), height(after));
    let share = (at - before) as f32 / (after - before) as f32;
    Some(if (low - high).abs() > WALL_M { low.min(high) } else { low + (high - low) * share })
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::Crs;
    use plumbline_raster::Grid;

    use super::*;

    fn sloped() -> Raster<f32> {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 20.0, 20.0), 1.0);
        let mut dsm = Raster::filled(grid, 0.0);
        for ((_, col), height) in dsm.cells.indexed_iter_mut() {
            *height = col as f32 * 0.1;
        }
        dsm
    }

    #[test]
    fn a_small_hole_is_bridged_and_a_large_one_stays() {
        let mut dsm = sloped();
        for row in 4..7 {
            for col in 4..7 {
                dsm.cells[(row, col)] = f32::NAN;
            }
        }
        for row in 10..18 {
            for col in 10..18 {
                dsm.cells[(row, col)] = f32::NAN;
            }
        }
        let bridged = bridge_holes(&dsm, 3);
        assert!((bridged.cells[(5, 5)] - 0.5).abs() < 1e-5);
        assert!(bridged.cells[(13, 13)].is_nan() && bridged.cells[(10, 10)].is_nan());
    }

    #[test]
    fn a_hole_at_the_foot_of_a_wall_is_ground() {
        let mut dsm = sloped();
        for row in 0..20 {
            dsm.cells[(row, 8)] = f32::NAN;
            for col in 9..14 {
                dsm.cells[(row, col)] = 12.0;
            }
        }
        assert!((bridge_holes(&dsm, 4).cells[(9, 8)] - 0.7).abs() < 0.05);
    }

    #[test]
    fn a_hole_may_hide_as_much_as_the_wall_beside_it() {
        let mut dsm = sloped().cells;
        for col in 5..15 {
            (0..20).for_each(|row| dsm[(row, col)] = f32::NAN);
        }
        (0..20).for_each(|row| dsm[(row, 4)] = 9.0);
        let raised = raised_holes(&dsm, 3);
        assert_eq!((raised[(9, 5)], raised[(9, 7)]), (9.0, 9.0));
        assert!(raised[(9, 9)].is_nan() && (raised[(9, 14)] - 1.5).abs() < 1e-6);
    }
}
