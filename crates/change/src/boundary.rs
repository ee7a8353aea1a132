//! Borders of a set of cells as closed chains of points.

use std::collections::BTreeMap;

use geo::Coord;
use plumbline_raster::{Grid, Raster};

/// One point of a border: where the surface crosses a level between a cell inside and its neighbour outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BorderPoint {
    pub at: Coord<f64>,
    /// Whether the neighbour outside has data; without, the point lies on the side of the cell.
    pub seen: bool,
}

/// Corner of cells: column and row of the cell to its south-east.
type Corner = (i64, i64);

/// Steps along cell sides, clockwise as seen on the map, and from a step the offset of the cell on its right.
const EAST: usize = 0;
const STEPS: [Corner; 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
const RIGHT_CELL: [Corner; 4] = [(0, 0), (-1, 0), (-1, -1), (0, -1)];

/// Borders of the cells that `inside` accepts: one chain around the outside (clockwise) and one around each hole,
/// per 4-connected set of cells. Points are placed between cell centres where `surface` crosses `level`.
pub(crate) fn trace(
    surface: &Raster<f32>,
    cells: &[(usize, usize)],
    inside: impl Fn(i64, i64) -> bool,
    level: f32,
) -> Vec<Vec<BorderPoint>> {
    let mut steps = sides(cells, &inside);
    let mut chains = Vec::new();
    while let Some(start) = steps.keys().next().copied() {
        let mut chain = Vec::new();
        let (mut corner, mut direction) = (start, EAST);
        while let Some(next) = take_step(&mut steps, corner, direction) {
            direction = next;
            chain.push(crossing(surface, corner, direction, level));
            corner = (corner.0 + STEPS[direction].0, corner.1 + STEPS[direction].1);
        }
        chains.push(chain);
    }
    chains
}

/// Steps that leave each corner along a border, the inside on their right.
fn sides(cells: &[(usize, usize)], inside: &impl Fn(i64, i64) -> bool) -> BTreeMap<Corner, Vec<usize>> {
    let mut steps: BTreeMap<Corner, Vec<usize>> = BTreeMap::new();
    for &(row, col) in cells {
        let (col, row) = (col as i64, row as i64);
        for (direction, right) in RIGHT_CELL.into_iter().enumerate() {
            let corner = (col - right.0, row - right.1);
            let (out_col, out_row) = left_cell(corner, direction);
            if !inside(out_row, out_col) {
                steps.entry(corner).or_default().push(direction);
            }
        }
    }
    steps
}

/// Takes the step that leaves a corner, the one turning most to the right where two do.
fn take_step(steps: &mut BTreeMap<Corner, Vec<usize>>, corner: Corner, came: usize) -> Option<usize> {
    let leaving = steps.get_mut(&corner)?;
    let best = (0..leaving.len()).min_by_key(|&i| (came + 1 + 4 - leaving[i]) % 4)?;
    let step = leaving.swap_remove(best);
    if leaving.is_empty() {
        steps.remove(&corner);
    }
    Some(step)
}

fn left_cell(corner: Corner, direction: usize) -> Corner {
    let right = RIGHT_CELL[direction];
    let step = STEPS[direction];
    (corner.0 + right.0 + step.1, corner.1 + right.1 - step.0)
}

/// Where the surface crosses the level between the two cells beside a step.
fn crossing(surface: &Raster<f32>, corner: Corner, direction: usize, level: f32) -> BorderPoint {
    let value =
        |(col, row): Corner| surface.cells.get((row as usize, col as usize)).copied().unwrap_or(f32::NAN);
    let inner = (corner.0 + RIGHT_CELL[direction].0, corner.1 + RIGHT_CELL[direction].1);
    let outer = left_cell(corner, direction);
    let (high, low) = (value(inner), value(outer));
    let share = f64::from((high - level) / (high - low));
    let share = if share.is_finite() && (0.0..=1.0).contains(&share) { share } else { 0.5 };
    let (a, b) = (center(&surface.grid, inner), center(&surface.grid, outer));
    BorderPoint { at: a + (b - a) * share, seen: low.is_finite() }
}

fn center(grid: &Grid, (col, row): Corner) -> Coord<f64> {
    Coord {
        x: grid.west + (col as f64 + 0.5) * grid.cell_m,
        y: grid.north - (row as f64 + 0.5) * grid.cell_m,
    }
}
