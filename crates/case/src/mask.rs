use geo::{BoundingRect, Centroid, Intersects, MultiPolygon, Point};
use plumbline_raster::{Grid, Raster};
use serde::{Deserialize, Serialize};

/// Side of a mask's cells, metres: finer than anything that is followed from flight to flight, and so coarse that the masks
/// of all epochs fit into memory beside the surfaces of two.
const CELL_M: f64 = 1.0;

/// What an epoch shows and what it does not, in coarse cells; a cell counts as seen where half of it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mask {
    grid: Grid,
    seen: Vec<bool>,
}

impl Mask {
    /// The cells of a raster of which something holds.
    pub fn of<T>(raster: &Raster<T>, holds: impl Fn(&T) -> bool) -> Self {
        let fine = &raster.grid;
        let grid = Grid::covering(fine.crs.clone(), fine.bounds(), fine.cell_m.max(CELL_M));
        let mut balance = vec![0_i32; grid.rows * grid.cols];
        let mut touched = vec![false; balance.len()];
        for ((row, col), value) in raster.cells.indexed_iter() {
            let (east, north) = fine.center(row, col);
            if let Some((row, col)) = grid.cell(east, north) {
                let idx = row * grid.cols + col;
                balance[idx] += if holds(value) { 1 } else { -1 };
                touched[idx] = true;
            }
        }
        let seen = balance.iter().zip(touched).map(|(balance, touched)| touched && *balance >= 0).collect();
        Self { grid, seen }
    }

    /// Share of an outline that was seen, 0 to 1.
    pub fn share(&self, outline: &MultiPolygon<f64>) -> f64 {
        let cells = self.cells(outline);
        let seen = cells.iter().filter(|cell| cell.is_some_and(|idx| self.seen[idx])).count();
        if cells.is_empty() { 0.0 } else { seen as f64 / cells.len() as f64 }
    }

    /// The cells whose middles an outline holds, or the one under its own middle; none where they lie off the grid.
    fn cells(&self, outline: &MultiPolygon<f64>) -> Vec<Option<usize>> {
        let Some(bounds) = outline.bounding_rect() else { return Vec::new() };
        let half = self.grid.cell_m / 2.0;
        let steps = |from: f64, to: f64, edge: f64| {
            let first = edge + ((from - edge) / self.grid.cell_m).floor() * self.grid.cell_m + half;
            let count = ((to - first) / self.grid.cell_m).floor().max(-1.0) as i64 + 1;
            (0..count).map(move |i| first + i as f64 * 2.0 * half)
        };
        let mut cells = Vec::new();
        for north in steps(bounds.min().y, bounds.max().y, self.grid.north) {
            for east in steps(bounds.min().x, bounds.max().x, self.grid.west) {
                if outline.intersects(&Point::new(east, north)) {
                    cells.push(self.idx(east, north));
                }
            }
        }
        if cells.is_empty() {
            cells.extend(outline.centroid().map(|middle| self.idx(middle.x(), middle.y())));
        }
        cells
    }

    fn idx(&self, east: f64, north: f64) -> Option<usize> {
        self.grid.cell(east, north).map(|(row, col)| row * self.grid.cols + col)
    }
}

#[cfg(test)]
mod tests {
    use geo::Rect;
    use plumbline_geodesy::Crs;

    use super::*;

    fn square(west: f64, south: f64, side: f64) -> MultiPolygon<f64> {
        Rect::new((west, south), (west + side, south + side)).to_polygon().into()
    }

    #[test]
    fn the_share_of_an_outline_that_was_seen_counts_what_lies_off_the_flight_as_unseen() {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (100.0, 200.0, 140.0, 240.0), 0.2);
        let mut heights = Raster::filled(grid.clone(), 1.0_f32);
        for ((row, col), height) in heights.cells.indexed_iter_mut() {
            if grid.center(row, col).0 > 120.0 {
                *height = f32::NAN;
            }
        }
        let mask = Mask::of(&heights, |height| height.is_finite());
        for (outline, share) in [
            (square(102.0, 202.0, 10.0), 1.0),
            (square(115.0, 210.0, 10.0), 0.5),
            (square(125.0, 210.0, 10.0), 0.0),
            (square(95.0, 210.0, 10.0), 0.5),
            (square(300.0, 210.0, 10.0), 0.0),
            (square(110.1, 210.1, 0.2), 1.0),
        ] {
            assert!((mask.share(&outline) - share).abs() < 0.05, "{outline:?}: {}", mask.share(&outline));
        }
    }
}
