use ndarray::{Array2, s};

use crate::{Error, Grid, Window};

/// Red, green, blue and coverage (255 seen, 0 no data).
pub type Rgba = [u8; 4];

/// A grid with a value in every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster<T> {
    /// Where the cells lie.
    pub grid: Grid,
    /// The values, rows by columns.
    pub cells: Array2<T>,
}

impl<T: Clone> Raster<T> {
    /// A raster with the same value everywhere.
    pub fn filled(grid: Grid, value: T) -> Self {
        let cells = Array2::from_elem((grid.rows, grid.cols), value);
        Self { grid, cells }
    }

    /// The cells under a window, with their own grid.
    #[must_use]
    pub fn part(&self, w: &Window) -> Self {
        let cells = self.cells.slice(s![w.row..w.row + w.rows, w.col..w.col + w.cols]).to_owned();
        Self { grid: self.grid.part(w), cells }
    }

    /// Value of the cell under a map position.
    pub fn at(&self, east: f64, north: f64) -> Option<&T> {
        self.grid.cell(east, north).map(|cell| &self.cells[cell])
    }

    /// Fails unless `other` has the same grid.
    pub fn require_same_grid<U>(&self, other: &Raster<U>) -> Result<(), Error> {
        if self.grid == other.grid {
            Ok(())
        } else {
            Err(Error::GridMismatch { left: self.grid.to_string(), right: other.grid.to_string() })
        }
    }
}

impl<T: Copy> Raster<T> {
    /// The raster on another grid of the same map: each cell takes the value under its centre, or `empty` outside.
    #[must_use]
    pub fn under(&self, grid: &Grid, empty: T) -> Self {
        let mut out = Self::filled(grid.clone(), empty);
        for ((row, col), value) in out.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            *value = self.at(east, north).copied().unwrap_or(empty);
        }
        out
    }
}

impl Raster<f32> {
    /// A picture of heights lit from the north-west, 45 degrees up; nothing where there is no height.
    #[must_use]
    pub fn shaded(&self) -> Raster<Rgba> {
        let at = |row: usize, col: usize| self.cells.get((row, col)).copied().unwrap_or(f32::NAN);
        let twice_m = 2.0 * self.grid.cell_m as f32;
        let cells = Array2::from_shape_fn(self.cells.dim(), |(row, col)| {
            let east = (at(row, col + 1) - at(row, col.wrapping_sub(1))) / twice_m;
            let north = (at(row.wrapping_sub(1), col) - at(row + 1, col)) / twice_m;
            let facing =
                (1.0 + (east - north) / 2.0_f32.sqrt()) / (2.0 * (1.0 + east * east + north * north)).sqrt();
            let grey = (40.0 + 260.0 * facing).clamp(0.0, 255.0) as u8;
            if facing.is_nan() { [0; 4] } else { [grey, grey, grey, 255] }
        });
        Raster { grid: self.grid.clone(), cells }
    }

    /// Bilinear value at a map position; NaN outside and beside cells without data.
    pub fn bilinear(&self, east: f64, north: f64) -> f32 {
        let (row, col) = self.grid.position(east, north);
        let (row, col) = (row - 0.5, col - 0.5);
        let (r, c) = (row.floor(), col.floor());
        if r < 0.0 || c < 0.0 || r as usize + 1 >= self.grid.rows || c as usize + 1 >= self.grid.cols {
            return f32::NAN;
        }
        let (dr, dc) = ((row - r) as f32, (col - c) as f32);
        let (r, c) = (r as usize, c as usize);
        let top = self.cells[(r, c)] * (1.0 - dc) + self.cells[(r, c + 1)] * dc;
        let bottom = self.cells[(r + 1, c)] * (1.0 - dc) + self.cells[(r + 1, c + 1)] * dc;
        top * (1.0 - dr) + bottom * dr
    }

    /// The raster resampled bilinearly onto another grid of the same map.
    #[must_use]
    pub fn onto(&self, grid: &Grid) -> Self {
        let mut out = Self::filled(grid.clone(), f32::NAN);
        for ((row, col), value) in out.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            *value = self.bilinear(east, north);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::Crs;

    use super::*;

    #[test]
    fn bilinear_reproduces_a_plane() {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 10.0, 8.0), 0.5);
        let mut plane = Raster::filled(grid.clone(), 0.0_f32);
        for ((row, col), value) in plane.cells.indexed_iter_mut() {
            let (east, north) = grid.center(row, col);
            *value = (2.0 * east - north) as f32;
        }
        assert!((plane.bilinear(3.3, 4.7) - 1.9).abs() < 1e-5);
        assert!(plane.bilinear(-1.0, 4.0).is_nan());
    }
}
