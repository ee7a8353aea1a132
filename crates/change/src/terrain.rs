use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis, Zip};
use plumbline_raster::{Grid, Raster};
use serde::{Deserialize, Serialize};

use crate::extremum;

/// How bare earth is found under what stands on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TerrainOptions {
    /// Widest thing to be taken away, metres; default 60 (a warehouse). Wider things count as ground.
    pub widest_m: f64,
    /// Steepest ground, metres per metre; default 0.15.
    pub slope: f64,
    /// Height within which a cell still counts as ground, metres; default 0.3.
    pub ground_m: f64,
    /// Cell of the filter, metres; default 1.
    pub filter_cell_m: f64,
}

impl Default for TerrainOptions {
    fn default() -> Self {
        Self { widest_m: 60.0, slope: 0.15, ground_m: 0.3, filter_cell_m: 1.0 }
    }
}

/// Ground never rises by more than this above what the last, smaller window left, metres: the bound of Zhang et al.
const MAX_STEP_M: f64 = 2.5;
/// Passes of smoothing over filled cells; each carries a value one cell on.
const SMOOTHING_PASSES: usize = 60;

/// Bare earth below a surface, on its grid.
///
/// Progressive morphological filter (Zhang et al. 2003, IEEE TGRS 41(4)): openings with growing windows take away what
/// stands out by more than the ground can rise within the window. What is taken away is filled from the ground around
/// it. A pit is ground: an opening never fills it. NaN only where the whole surface has no data.
pub fn terrain(dsm: &Raster<f32>, options: &TerrainOptions) -> Raster<f32> {
    let coarse = coarsen(dsm, options.filter_cell_m);
    let ground = ground_cells(&coarse, options);
    let filled = Raster { cells: fill(&ground), grid: coarse.grid };
    let mut out = spread_onto(&filled, &dsm.grid);
    out.cells.zip_mut_with(&dsm.cells, |ground, &surface| {
        // Where the surface is itself ground it is the better measurement; it never lies above the ground otherwise.
        if surface.is_finite() && (surface < *ground || f64::from(surface - *ground) < options.ground_m) {
            *ground = surface;
        }
    });
    out
}

/// Heights of a surface above the ground, metres.
pub fn above_ground(dsm: &Raster<f32>, terrain: &Raster<f32>) -> Raster<f32> {
    Raster { grid: dsm.grid.clone(), cells: &dsm.cells - &terrain.cells }
}

/// Each coarse cell's low height (its first decile, so that single errors below the ground do not count).
fn coarsen(dsm: &Raster<f32>, cell_m: f64) -> Raster<f32> {
    let step = (cell_m / dsm.grid.cell_m).round().max(1.0) as usize;
    let (rows, cols) = (dsm.grid.rows.div_ceil(step), dsm.grid.cols.div_ceil(step));
    let grid = Grid { cell_m: dsm.grid.cell_m * step as f64, rows, cols, ..dsm.grid.clone() };
    let mut cells = Array2::from_elem((rows, cols), f32::NAN);
    Zip::indexed(&mut cells).par_for_each(|(row, col), low| {
        let mut heights = Vec::with_capacity(step * step);
        for r in row * step..((row + 1) * step).min(dsm.grid.rows) {
            let part = (col * step..((col + 1) * step).min(dsm.grid.cols)).map(|c| dsm.cells[(r, c)]);
            heights.extend(part.filter(|h| h.is_finite()));
        }
        heights.sort_by(f32::total_cmp);
        *low = heights.get(heights.len() / 10).copied().unwrap_or(f32::NAN);
    });
    Raster { grid, cells }
}

/// The coarse cells that are ground; NaN elsewhere.
fn ground_cells(coarse: &Raster<f32>, options: &TerrainOptions) -> Array2<f32> {
    let mut surface = coarse.cells.clone();
    let mut ground = coarse.cells.clone();
    let cell_m = coarse.grid.cell_m;
    let widest = (options.widest_m / 2.0 / cell_m).ceil() as usize;
    let (mut radius, mut last) = (1, 0);
    while last < widest {
        let opened = open(&surface, radius);
        let rise_m = options.slope * (radius - last) as f64 * 2.0 * cell_m + options.ground_m;
        let limit = rise_m.min(MAX_STEP_M) as f32;
        Zip::from(&mut ground).and(&mut surface).and(&opened).par_for_each(|ground, surface, &opened| {
            if *surface - opened > limit {
                *ground = f32::NAN;
            }
            *surface = opened;
        });
        last = radius;
        radius = (radius * 2).min(widest);
    }
    let step_m = (options.slope * cell_m + options.ground_m) as f32;
    without_feet(&with_what_goes_on(ground, &coarse.cells, step_m), &coarse.cells)
}

/// Takes back what goes on from the ground without a step: the strip between two pits stands out from both and ends in
/// the ground about them, while what is built has a wall all around.
fn with_what_goes_on(mut ground: Array2<f32>, coarse: &Array2<f32>, step_m: f32) -> Array2<f32> {
    let mut front: Vec<_> =
        ground.indexed_iter().filter(|(_, height)| height.is_finite()).map(|(cell, _)| cell).collect();
    while let Some((row, col)) = front.pop() {
        for next in [(row.wrapping_sub(1), col), (row + 1, col), (row, col.wrapping_sub(1)), (row, col + 1)] {
            let goes_on = coarse.get(next).is_some_and(|h| (h - coarse[(row, col)]).abs() <= step_m);
            if goes_on && ground[next].is_nan() {
                ground[next] = coarse[next];
                front.push(next);
            }
        }
    }
    ground
}

/// Drops ground beside what was taken away: such cells hold some of the wall.
fn without_feet(ground: &Array2<f32>, coarse: &Array2<f32>) -> Array2<f32> {
    let taken =
        Zip::from(ground).and(coarse).map_collect(|g, c| if g.is_nan() && !c.is_nan() { 1.0 } else { 0.0 });
    let beside = extremum::maximum(&taken, 1);
    Zip::from(ground).and(&beside).map_collect(|&g, &beside| if beside > 0.0 { f32::NAN } else { g })
}

fn open(cells: &Array2<f32>, radius: usize) -> Array2<f32> {
    extremum::maximum(&extremum::minimum(cells, radius), radius)
}

/// Fills cells without data from coarser and coarser means (a pull-push pyramid), then smooths what was filled.
fn fill(cells: &Array2<f32>) -> Array2<f32> {
    if cells.iter().all(|v| v.is_finite()) || cells.iter().all(|v| v.is_nan()) {
        return cells.clone();
    }
    let coarser = fill(&halved(cells));
    let mut out = cells.clone();
    out.indexed_iter_mut().for_each(|((row, col), value)| {
        if value.is_nan() {
            *value = coarser[(row / 2, col / 2)];
        }
    });
    smooth_where_missing(out, cells)
}

/// Half as many rows and columns, each the mean of the cells with data.
fn halved(cells: &Array2<f32>) -> Array2<f32> {
    let (rows, cols) = cells.dim();
    Array2::from_shape_fn((rows.div_ceil(2), cols.div_ceil(2)), |(row, col)| {
        let corners = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let values = corners.iter().filter_map(|&(r, c)| cells.get((2 * row + r, 2 * col + c)));
        let (sum, count) = values.filter(|v| v.is_finite()).fold((0.0, 0), |(s, n), &v| (s + v, n + 1));
        if count == 0 { f32::NAN } else { sum / count as f32 }
    })
}

/// Jacobi steps of the Laplace equation on the filled cells, the measured ones held.
fn smooth_where_missing(mut filled: Array2<f32>, measured: &Array2<f32>) -> Array2<f32> {
    let (rows, cols) = filled.dim();
    for _ in 0..SMOOTHING_PASSES {
        let last = filled.clone();
        filled.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut line)| {
            for col in 0..cols {
                if measured[(row, col)].is_nan() {
                    let (up, down) = (row.saturating_sub(1), (row + 1).min(rows - 1));
                    let (left, right) = (col.saturating_sub(1), (col + 1).min(cols - 1));
                    line[col] =
                        (last[(up, col)] + last[(down, col)] + last[(row, left)] + last[(row, right)]) / 4.0;
                }
            }
        });
    }
    filled
}

/// Bilinear heights on a finer grid, carried on to its edges.
fn spread_onto(coarse: &Raster<f32>, fine: &Grid) -> Raster<f32> {
    let mut out = Raster::filled(fine.clone(), f32::NAN);
    let (rows, cols) = coarse.cells.dim();
    let ratio = fine.cell_m / coarse.grid.cell_m;
    Zip::indexed(&mut out.cells).par_for_each(|(row, col), height| {
        let along = |i: usize, count: usize| {
            let at = ((i as f64 + 0.5) * ratio - 0.5).clamp(0.0, (count - 1) as f64);
            (at.floor() as usize, (at.floor() as usize + 1).min(count - 1), at.fract() as f32)
        };
        let ((r0, r1, dr), (c0, c1, dc)) = (along(row, rows), along(col, cols));
        let mix = |a: f32, b: f32, t: f32| a + t * (b - a);
        let top = mix(coarse.cells[(r0, c0)], coarse.cells[(r0, c1)], dc);
        let bottom = mix(coarse.cells[(r1, c0)], coarse.cells[(r1, c1)], dc);
        *height = mix(top, bottom, dr);
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Site, block};

    #[test]
    fn a_wide_hall_and_trees_are_taken_off_a_slope() {
        let ground = Site::flat(160.0, 1).sloping(0.04).dsm;
        let site = Site::flat(160.0, 1)
            .sloping(0.04)
            .with(&block((80.0, 80.0), (56.0, 40.0), 20.0), 62.0)
            .with(&block((30.0, 30.0), (12.0, 10.0), 0.0), 56.0)
            .noisy(0.05);
        let found = terrain(&site.dsm, &TerrainOptions::default());
        let worst = (&found.cells - &ground.cells).iter().fold(0.0_f32, |w, d| w.max(d.abs()));
        assert!(worst < 0.8, "worst {worst}");
        let below_hall = found.at(80.0, 80.0).unwrap() - ground.at(80.0, 80.0).unwrap();
        assert!(below_hall.abs() < 0.4, "below the hall {below_hall}");
    }

    #[test]
    fn the_ground_between_two_pits_is_no_structure() {
        let pits = [block((50.0, 48.0), (24.0, 14.0), 0.0), block((50.0, 72.0), (24.0, 14.0), 0.0)];
        let site = pits.iter().fold(Site::flat(120.0, 1), |site, pit| site.with(pit, 46.0)).noisy(0.05);
        let found = terrain(&site.dsm, &TerrainOptions::default());
        let between = found.at(50.0, 60.0).unwrap();
        assert!((between - 50.0).abs() < 0.2, "{between}");
        assert!((found.at(50.0, 48.0).unwrap() - 46.0).abs() < 0.2);
    }

    #[test]
    fn a_pit_stays_open_and_holes_are_filled() {
        let pit = block((60.0, 60.0), (30.0, 20.0), 0.0);
        let mut site = Site::flat(120.0, 1).with(&pit, 46.0);
        for cell in crate::cells::inside(&site.dsm.grid, &block((20.0, 20.0), (6.0, 6.0), 0.0)) {
            site.dsm.cells[cell] = f32::NAN;
        }
        let found = terrain(&site.dsm, &TerrainOptions::default());
        assert!((found.at(60.0, 60.0).unwrap() - 46.0).abs() < 0.05);
        assert!((found.at(20.0, 20.0).unwrap() - 50.0).abs() < 0.05);
        assert!((found.at(42.0, 60.0).unwrap() - 50.0).abs() < 0.05);
    }
}
