use std::fmt;

use plumbline_geodesy::Crs;
use serde::{Deserialize, Serialize};

/// North-up square cells on a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// The map.
    pub crs: Crs,
    /// Easting of the western edge, metres.
    pub west: f64,
    /// Northing of the northern edge, metres.
    pub north: f64,
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Number of columns.
    pub cols: usize,
    /// Number of rows.
    pub rows: usize,
}

/// A block of cells: `rows` x `cols` from `row`, `col`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// First row.
    pub row: usize,
    /// First column.
    pub col: usize,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
}

impl Grid {
    /// The grid that covers a box, its edges on multiples of the cell size so that epochs of one site line up.
    pub fn covering(crs: Crs, (west, south, east, north): (f64, f64, f64, f64), cell_m: f64) -> Self {
        let (first_col, last_col) = ((west / cell_m).floor(), (east / cell_m).ceil());
        let (first_row, last_row) = ((south / cell_m).floor(), (north / cell_m).ceil());
        Self {
            crs,
            west: first_col * cell_m,
            north: last_row * cell_m,
            cell_m,
            cols: (last_col - first_col) as usize,
            rows: (last_row - first_row) as usize,
        }
    }

    /// Easting and northing of a cell's centre.
    pub fn center(&self, row: usize, col: usize) -> (f64, f64) {
        (self.west + (col as f64 + 0.5) * self.cell_m, self.north - (row as f64 + 0.5) * self.cell_m)
    }

    /// Row and column, with fractions, of a map position: the centre of the first cell is (0.5, 0.5).
    pub fn position(&self, east: f64, north: f64) -> (f64, f64) {
        ((self.north - north) / self.cell_m, (east - self.west) / self.cell_m)
    }

    /// The cell under a map position.
    pub fn cell(&self, east: f64, north: f64) -> Option<(usize, usize)> {
        let (row, col) = self.position(east, north);
        let inside = row >= 0.0 && col >= 0.0 && row < self.rows as f64 && col < self.cols as f64;
        inside.then_some((row as usize, col as usize))
    }

    /// West, south, east and north edges.
    pub fn bounds(&self) -> (f64, f64, f64, f64) {
        (
            self.west,
            self.north - self.rows as f64 * self.cell_m,
            self.west + self.cols as f64 * self.cell_m,
            self.north,
        )
    }

    /// Area of one cell, square metres.
    pub fn cell_area_m2(&self) -> f64 {
        self.cell_m * self.cell_m
    }

    /// The whole grid as a window.
    pub fn window(&self) -> Window {
        Window { row: 0, col: 0, rows: self.rows, cols: self.cols }
    }

    /// The part of the grid under a window.
    #[must_use]
    pub fn part(&self, window: &Window) -> Self {
        Self {
            crs: self.crs.clone(),
            west: self.west + window.col as f64 * self.cell_m,
            north: self.north - window.row as f64 * self.cell_m,
            cell_m: self.cell_m,
            cols: window.cols,
            rows: window.rows,
        }
    }

    /// Cuts the grid into tiles of at most `side` x `side` cells, row by row.
    pub fn tiles(&self, side: usize) -> Vec<Window> {
        let mut tiles = Vec::new();
        for row in (0..self.rows).step_by(side) {
            for col in (0..self.cols).step_by(side) {
                let (rows, cols) = (side.min(self.rows - row), side.min(self.cols - col));
                tiles.push(Window { row, col, rows, cols });
            }
        }
        tiles
    }
}

impl Window {
    /// The window with a margin on each side, cut at the edges of a `rows` x `cols` grid.
    #[must_use]
    pub fn grown(&self, margin: usize, rows: usize, cols: usize) -> Self {
        let (row, col) = (self.row.saturating_sub(margin), self.col.saturating_sub(margin));
        let row_end = (self.row + self.rows + margin).min(rows);
        let col_end = (self.col + self.cols + margin).min(cols);
        Self { row, col, rows: row_end - row, cols: col_end - col }
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { crs, west, north, cell_m, cols, rows } = self;
        write!(f, "{cols} x {rows} cells of {cell_m} m from ({west}, {north}) on {}", crs.definition())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        Grid::covering(Crs::new("EPSG:4547").unwrap(), (500_010.3, 4_100_000.2, 500_014.9, 4_100_003.9), 0.5)
    }

    #[test]
    fn a_covering_grid_starts_on_a_multiple_of_its_cell() {
        let g = grid();
        assert_eq!(g.bounds(), (500_010.0, 4_100_000.0, 500_015.0, 4_100_004.0));
        assert_eq!((g.cols, g.rows), (10, 8));
    }

    #[test]
    fn cells_contain_their_centres() {
        let g = grid();
        let (east, north) = g.center(3, 7);
        assert_eq!(g.cell(east, north), Some((3, 7)));
        assert_eq!(g.cell(g.west - 0.01, north), None);
    }

    #[test]
    fn tiles_cover_every_cell_once() {
        let g = grid();
        let mut seen = vec![0; g.rows * g.cols];
        for t in g.tiles(3) {
            for row in t.row..t.row + t.rows {
                for col in t.col..t.col + t.cols {
                    seen[row * g.cols + col] += 1;
                }
            }
        }
        assert!(seen.iter().all(|&n| n == 1));
    }
}
