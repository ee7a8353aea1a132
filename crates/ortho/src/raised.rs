//! Roofs, decks and what else stands apart: each is coloured from one photo as far as that sees it, so that no seam cuts it.

use ndarray::{Array2, ArrayView1, Axis};
use petgraph::unionfind::UnionFind;
use plumbline_raster::Window;
use rayon::prelude::*;

/// Neighbouring cells whose heights differ by less than this, metres, belong to one surface.
const JOINED_M: f32 = 0.5;

/// Sizes, square metres, of the surfaces that are kept in one piece: larger ones are ground, smaller ones leaves and noise.
const AREA_M2: std::ops::Range<f64> = 4.0..4000.0;

/// Surfaces of a DSM that stand apart from their surroundings, row by row as runs of cells.
#[derive(Debug)]
pub(crate) struct Raised {
    /// First run of each row, and the number of runs.
    rows: Vec<usize>,
    runs: Vec<Run>,
    /// Cells of the DSM that each surface lies in.
    pub windows: Vec<Window>,
}

/// Cells of a row from a column to the next run.
#[derive(Debug, Clone, Copy)]
struct Run {
    col: u32,
    surface: Option<u32>,
}

impl Raised {
    /// Of the heights of a DSM; a hole counts as a surface of its own.
    pub fn of(heights: &Array2<f32>, cell_area_m2: f64) -> Self {
        let starts: Vec<Vec<u32>> =
            heights.axis_iter(Axis(0)).into_par_iter().map(|line| run_starts(&line)).collect();
        let mut rows = vec![0];
        rows.extend(starts.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let labels = connected(heights, &starts, &rows);
        let mut extents = vec![Extent::default(); labels.len()];
        for (row, starts) in starts.iter().enumerate() {
            for (i, &col) in starts.iter().enumerate() {
                let end = starts.get(i + 1).map_or(heights.ncols(), |&next| next as usize);
                extents[labels[rows[row] + i]].take_in(row, col as usize, end);
            }
        }
        let mut windows = Vec::new();
        let surfaces: Vec<Option<u32>> = extents
            .iter()
            .map(|extent| {
                let kept = AREA_M2.contains(&(extent.cells as f64 * cell_area_m2));
                kept.then(|| windows.push(extent.window()));
                kept.then(|| windows.len() as u32 - 1)
            })
            .collect();
        let runs = starts.into_iter().flatten().zip(labels);
        let runs = runs.map(|(col, label)| Run { col, surface: surfaces[label] }).collect();
        Self { rows, runs, windows }
    }

    /// The surface, by index, that a cell of the DSM belongs to.
    pub fn at(&self, row: usize, col: usize) -> Option<usize> {
        let runs = &self.runs[*self.rows.get(row)?..*self.rows.get(row + 1)?];
        let run = runs.partition_point(|run| run.col as usize <= col).checked_sub(1)?;
        runs[run].surface.map(|surface| surface as usize)
    }
}

fn joined(a: f32, b: f32) -> bool {
    (a - b).abs() < JOINED_M || (a.is_nan() && b.is_nan())
}

/// Columns of a row on which a run begins.
fn run_starts(line: &ArrayView1<'_, f32>) -> Vec<u32> {
    (0..line.len())
        .filter(|&col| col == 0 || !joined(line[col - 1], line[col]))
        .map(|col| col as u32)
        .collect()
}

/// For each run, one number that all runs of its surface share.
fn connected(cells: &Array2<f32>, starts: &[Vec<u32>], rows: &[usize]) -> Vec<usize> {
    let mut sets = UnionFind::<usize>::new(*rows.last().unwrap_or(&0));
    for row in 1..cells.nrows() {
        let (mut above, mut here) = (0, 0);
        for col in 0..cells.ncols() {
            let reached =
                |run: usize, starts: &[u32]| starts.get(run + 1).is_some_and(|&next| next as usize <= col);
            above += usize::from(reached(above, &starts[row - 1]));
            here += usize::from(reached(here, &starts[row]));
            if joined(cells[(row - 1, col)], cells[(row, col)]) {
                sets.union(rows[row - 1] + above, rows[row] + here);
            }
        }
    }
    sets.into_labeling()
}

/// What a surface covers.
#[derive(Debug, Clone, Copy)]
struct Extent {
    cells: usize,
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
}

impl Default for Extent {
    fn default() -> Self {
        Self { cells: 0, top: usize::MAX, bottom: 0, left: usize::MAX, right: 0 }
    }
}

impl Extent {
    /// The cells of a row from one column to before another.
    fn take_in(&mut self, row: usize, from: usize, to: usize) {
        self.cells += to - from;
        (self.top, self.bottom) = (self.top.min(row), self.bottom.max(row + 1));
        (self.left, self.right) = (self.left.min(from), self.right.max(to));
    }

    fn window(&self) -> Window {
        Window { row: self.top, col: self.left, rows: self.bottom - self.top, cols: self.right - self.left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roofs_are_in_one_piece_and_the_ground_is_not() {
        let mut heights = Array2::from_elem((100, 100), 2.0);
        // Two roofs of different height that touch, the second shaped like a U about a yard.
        for row in 20..40 {
            (10..30).for_each(|col| heights[(row, col)] = 12.0);
            (30..60)
                .filter(|col| row > 35 || !(40..50).contains(col))
                .for_each(|col| heights[(row, col)] = 18.0);
        }
        (70..72).for_each(|col| heights[(70, col)] = 5.0);
        let raised = Raised::of(&heights, 1.0);
        let expected = [
            Window { row: 20, col: 10, rows: 20, cols: 20 },
            Window { row: 20, col: 30, rows: 20, cols: 30 },
        ];
        let found = [raised.at(25, 15), raised.at(25, 55)].map(|surface| raised.windows[surface.unwrap()]);
        assert_eq!(found, expected);
        assert_eq!(raised.at(25, 35), raised.at(25, 55));
        assert_eq!([raised.at(0, 0), raised.at(25, 45), raised.at(70, 70), raised.at(200, 0)], [None; 4]);
    }
}
