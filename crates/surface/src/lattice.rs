use nalgebra::Vector2;
use plumbline_geodesy::MapPoint;
use plumbline_raster::{Grid, Window};
use plumbline_scene::Block;

/// Square cells in the world plane, row 0 in the north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lattice {
    /// World x of the western edge.
    pub west: f64,
    /// World y of the northern edge.
    pub north: f64,
    /// Side of a cell, metres.
    pub cell_m: f64,
    pub rows: usize,
    pub cols: usize,
}

/// A window of a grid with its margin, ready to be halved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Margined {
    pub lattice: Lattice,
    /// Row of the lattice on which the window starts.
    pub row: usize,
    /// Column of the lattice on which the window starts.
    pub col: usize,
}

impl Margined {
    /// The window grown by at least `margin` cells (beyond the grid where need be), its edges on multiples of
    /// `multiple` cells of the grid, so that the coarse cells of neighbouring tiles coincide.
    pub fn new(block: &Block, grid: &Grid, window: &Window, margin: usize, multiple: usize) -> Self {
        let lead =
            |start: usize| margin + (start as isize - margin as isize).rem_euclid(multiple as isize) as usize;
        let (row, col) = (lead(window.row), lead(window.col));
        let corner = MapPoint {
            east: grid.west + (window.col as f64 - col as f64) * grid.cell_m,
            north: grid.north - (window.row as f64 - row as f64) * grid.cell_m,
            height: 0.0,
        };
        let corner = block.frame.world_from_map(&corner);
        let lattice = Lattice {
            west: corner.x,
            north: corner.y,
            cell_m: grid.cell_m / block.frame.scale,
            rows: (row + window.rows + margin).next_multiple_of(multiple),
            cols: (col + window.cols + margin).next_multiple_of(multiple),
        };
        Self { lattice, row, col }
    }
}

impl Lattice {
    /// The same ground in cells `factor` times larger.
    pub fn coarser(&self, factor: usize) -> Self {
        Self {
            cell_m: self.cell_m * factor as f64,
            rows: self.rows / factor,
            cols: self.cols / factor,
            ..*self
        }
    }

    /// World x and y of a cell's centre.
    pub fn center(&self, row: usize, col: usize) -> Vector2<f64> {
        self.at(row as f64 + 0.5, col as f64 + 0.5)
    }

    /// World x and y of the centre of a cell by its index, row by row.
    pub fn center_of(&self, cell: usize) -> Vector2<f64> {
        self.center(cell / self.cols, cell % self.cols)
    }

    /// World x and y of a position in cells; the centre of the first cell is (0.5, 0.5).
    pub fn at(&self, row: f64, col: f64) -> Vector2<f64> {
        Vector2::new(self.west + col * self.cell_m, self.north - row * self.cell_m)
    }

    /// Row and column of a world position; `None` outside.
    pub fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let (row, col) = ((self.north - y) / self.cell_m, (x - self.west) / self.cell_m);
        let inside = row >= 0.0 && col >= 0.0 && row < self.rows as f64 && col < self.cols as f64;
        inside.then_some((row as usize, col as usize))
    }

    pub fn len(&self) -> usize {
        self.rows * self.cols
    }
}
