use ndarray::Array2;
use plumbline_raster::{Grid, Raster};

use crate::holes::raised_holes;

/// Heights of a DSM with what is needed to see along a line quickly.
#[derive(Debug)]
pub(crate) struct HeightField {
    pub grid: Grid,
    /// Heights of its cells; NaN in holes.
    pub heights: Array2<f32>,
    /// Heights that may hide something: holes as high as their rims.
    occluders: Array2<f32>,
    /// Greatest height in each block of cells, for ever smaller blocks.
    levels: Vec<Blocks>,
    highest: f64,
}

#[derive(Debug)]
struct Blocks {
    side: usize,
    highest: Array2<f32>,
}

/// A place above the grid: row and column with fractions, height in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub row: f64,
    pub col: f64,
    pub height: f64,
}

/// Sides of the blocks, cells.
const BLOCK_SIDES: [usize; 2] = [64, 8];

/// Where a line of sight is first held against the surface, cells from its foot: the foot's own cell cannot hide it.
const FIRST_STEP: f64 = 1.5;

/// How far into a hole what stands at its rim may reach, metres: the holes of parapets, eaves and wall feet are narrower.
const RAISED_M: f64 = 1.5;

/// Neighbours whose heights differ by more than this, metres, lie on two sides of a wall and are not averaged.
const WALL_M: f32 = 0.5;

impl HeightField {
    /// Of a DSM whose holes are NaN.
    pub(crate) fn new(dsm: Raster<f32>) -> Self {
        let Raster { grid, cells: heights } = dsm;
        let occluders = raised_holes(&heights, (RAISED_M / grid.cell_m).ceil() as usize);
        let levels: Vec<Blocks> = BLOCK_SIDES.map(|side| Blocks::of(&occluders, side)).into();
        let highest = f64::from(occluders.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        Self { grid, heights, occluders, levels, highest }
    }

    /// Height at a position in rows and columns: bilinear on one surface, that of the cell itself beside a wall; NaN in holes.
    pub(crate) fn height(&self, row: f64, col: f64) -> f32 {
        let own = self.cell(row, col);
        let (r, c) = ((row - 0.5).floor(), (col - 0.5).floor());
        let (dr, dc) = ((row - 0.5 - r) as f32, (col - 0.5 - c) as f32);
        if dr == 0.0 && dc == 0.0 {
            return own;
        }
        let (mut sum, mut weights) = (0.0, 0.0);
        for (i, j, weight) in [
            (0.0, 0.0, (1.0 - dr) * (1.0 - dc)),
            (0.0, 1.0, (1.0 - dr) * dc),
            (1.0, 0.0, dr * (1.0 - dc)),
            (1.0, 1.0, dr * dc),
        ] {
            let height = self.cell(r + i + 0.5, c + j + 0.5);
            if (height - own).abs() < WALL_M {
                sum += weight * height;
                weights += weight;
            }
        }
        if weights > 0.0 { sum / weights } else { own }
    }

    /// Difference of the greatest and the least height within `reach` cells of a position along rows and columns.
    pub(crate) fn range(&self, row: f64, col: f64, reach: f64) -> f32 {
        let span = |at: f64, end: usize| (at - reach).max(0.0) as usize..((at + reach) as usize + 1).min(end);
        let heights = span(row, self.grid.rows)
            .flat_map(|r| span(col, self.grid.cols).map(move |c| (r, c)))
            .map(|cell| self.heights[cell]);
        let (low, high) = heights.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), h| (a.min(h), b.max(h)));
        high - low
    }

    fn covers(&self, row: f64, col: f64) -> bool {
        row >= 0.0 && col >= 0.0 && row < self.grid.rows as f64 && col < self.grid.cols as f64
    }

    fn cell(&self, row: f64, col: f64) -> f32 {
        if self.covers(row, col) { self.heights[(row as usize, col as usize)] } else { f32::NAN }
    }

    /// Whether nothing rises above the straight line from a place on the surface to an eye above it.
    pub(crate) fn sees(&self, eye: &Place, foot: &Place, clearance_m: f64) -> bool {
        self.obstacle(eye, foot, clearance_m).is_none()
    }

    /// Where the surface first rises above the straight line from a place on it to an eye; the place itself where the eye is
    /// no higher. What rises less than `clearance_m` above the foot of the line hides nothing; a hole hides as much as
    /// what stands at its rim.
    pub(crate) fn obstacle(&self, eye: &Place, foot: &Place, clearance_m: f64) -> Option<Place> {
        if eye.height <= foot.height {
            return Some(*foot);
        }
        let (dr, dc) = (eye.row - foot.row, eye.col - foot.col);
        let length = dr.abs().max(dc.abs());
        if length < FIRST_STEP {
            return None;
        }
        let climb = (eye.height - foot.height) / length;
        let line = Line { foot: *foot, by_row: dr / length, by_col: dc / length, climb };
        let above_all = (self.highest - foot.height) / climb;
        let last = length.min(above_all);
        let mut step = FIRST_STEP;
        while step <= last {
            let at = line.at(step);
            if !self.covers(at.row, at.col) {
                return None;
            }
            let height = at.height.max(foot.height + clearance_m);
            step = match self.clear_block(&at, height) {
                Some(side) => line.leave_block(step, side),
                None if f64::from(self.occluders[(at.row as usize, at.col as usize)]) > height => {
                    return Some(at);
                }
                None => step + 1.0,
            };
        }
        None
    }

    /// Side of the largest block around a place that stays below a height.
    fn clear_block(&self, at: &Place, height: f64) -> Option<usize> {
        let block = |blocks: &&Blocks| {
            let cell = (at.row as usize / blocks.side, at.col as usize / blocks.side);
            f64::from(blocks.highest[cell]) <= height
        };
        self.levels.iter().find(block).map(|blocks| blocks.side)
    }
}

impl Blocks {
    fn of(heights: &Array2<f32>, side: usize) -> Self {
        let (rows, cols) = heights.dim();
        let mut highest = Array2::from_elem((rows.div_ceil(side), cols.div_ceil(side)), f32::NEG_INFINITY);
        for ((row, col), &height) in heights.indexed_iter() {
            let block = &mut highest[(row / side, col / side)];
            *block = block.max(height);
        }
        Self { side, highest }
    }
}

/// A line of sight, climbing with every step of one cell along its main axis.
struct Line {
    foot: Place,
    by_row: f64,
    by_col: f64,
    climb: f64,
}

impl Line {
    fn at(&self, step: f64) -> Place {
        Place {
            row: self.foot.row + step * self.by_row,
            col: self.foot.col + step * self.by_col,
            height: self.foot.height + step * self.climb,
        }
    }

    /// The first whole step after the line has left the block that it is in.
    fn leave_block(&self, step: f64, side: usize) -> f64 {
        let at = self.at(step);
        let steps_to_edge = |position: f64, direction: f64| {
            let offset = position - (position / side as f64).floor() * side as f64;
            match direction {
                d if d > 0.0 => (side as f64 - offset) / d,
                d if d < 0.0 => offset / -d,
                _ => f64::INFINITY,
            }
        };
        let steps = steps_to_edge(at.row, self.by_row).min(steps_to_edge(at.col, self.by_col));
        step + steps.ceil().max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::Crs;

    use super::*;

    /// Flat ground of 200 x 200 cells of 0.25 m with a wall 10 m high along columns 100 to 103.
    fn walled() -> HeightField {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 50.0, 50.0), 0.25);
        let mut dsm = Raster::filled(grid, 2.0_f32);
        for row in 0..200 {
            for col in 100..104 {
                dsm.cells[(row, col)] = 12.0;
            }
        }
        HeightField::new(dsm)
    }

    #[test]
    fn a_wall_hides_the_ground_behind_it_as_far_as_its_shadow_reaches() {
        let field = walled();
        let eye = Place { row: 100.0, col: 20.0, height: 42.0 };
        let sees = |col: f64| field.sees(&eye, &Place { row: 100.5, col, height: 2.0 }, 0.0);
        // The line over the far edge of the wall (column 104) comes down at 104 + 84 * 10 / 30 = 132.
        let first_seen = (105..200).find(|&col| sees(f64::from(col) + 0.5)).unwrap();
        assert!((131..=133).contains(&first_seen), "{first_seen}");
        assert!((21..98).all(|col| sees(f64::from(col) + 0.5)));
    }

    #[test]
    fn blocks_do_not_change_what_is_seen() {
        let field = walled();
        let mut slow = walled();
        slow.levels.clear();
        let eye = Place { row: 33.0, col: 17.0, height: 60.0 };
        for i in 0..4000_u32 {
            let (row, col) = (f64::from(i * 37 % 200) + 0.5, f64::from(i * 91 % 200) + 0.5);
            let foot = Place { row, col, height: f64::from(field.height(row, col)) };
            assert_eq!(field.sees(&eye, &foot, 0.1), slow.sees(&eye, &foot, 0.1), "{foot:?}");
        }
    }

    #[test]
    fn heights_are_not_averaged_across_a_wall() {
        let field = walled();
        assert!((field.height(50.0, 99.9) - 2.0).abs() < 1e-6);
        assert!((field.height(50.0, 100.1) - 12.0).abs() < 1e-6);
        assert!(field.height(50.0, 200.5).is_nan());
    }
}
