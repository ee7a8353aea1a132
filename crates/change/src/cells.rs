//! Outlines as cells.

use geo::{BoundingRect, LinesIter, MultiPolygon};
use plumbline_raster::{Grid, Window};

/// Cells whose centres lie inside an outline (even-odd rule), row by row.
pub(crate) fn inside(grid: &Grid, outline: &MultiPolygon<f64>) -> Vec<(usize, usize)> {
    let Some(window) = window(grid, outline, 0.0) else { return Vec::new() };
    let mut cells = Vec::new();
    for row in window.row..window.row + window.rows {
        let (_, north) = grid.center(row, 0);
        for pair in crossings(outline, north).chunks_exact(2) {
            let first = (grid.position(pair[0], north).1 - 0.5).ceil().max(0.0) as usize;
            let end = (grid.position(pair[1], north).1 - 0.5).ceil().max(0.0) as usize;
            cells.extend((first..end.min(grid.cols)).map(|col| (row, col)));
        }
    }
    cells
}

/// The part of a grid under an outline and a margin about it; `None` when they do not meet.
pub(crate) fn window(grid: &Grid, outline: &MultiPolygon<f64>, margin_m: f64) -> Option<Window> {
    let bounds = outline.bounding_rect()?;
    let (top, left) = grid.position(bounds.min().x - margin_m, bounds.max().y + margin_m);
    let (bottom, right) = grid.position(bounds.max().x + margin_m, bounds.min().y - margin_m);
    let (row, col) = (top.floor().max(0.0) as usize, left.floor().max(0.0) as usize);
    let row_end = bottom.ceil().clamp(0.0, grid.rows as f64) as usize;
    let col_end = right.ceil().clamp(0.0, grid.cols as f64) as usize;
    (row < row_end && col < col_end).then(|| Window { row, col, rows: row_end - row, cols: col_end - col })
}

/// Eastings at which a parallel of constant north crosses the rings, west to east.
fn crossings(outline: &MultiPolygon<f64>, north: f64) -> Vec<f64> {
    let mut easts: Vec<f64> = outline
        .lines_iter()
        .filter(|line| (line.start.y > north) != (line.end.y > north))
        .map(|line| line.start.x + (north - line.start.y) / line.slope())
        .collect();
    easts.sort_by(f64::total_cmp);
    easts
}

#[cfg(test)]
mod tests {
    use geo::{Area, MultiPolygon, polygon};
    use plumbline_geodesy::Crs;

    use super::*;

    #[test]
    fn a_ring_with_a_courtyard_covers_its_area_in_cells() {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 40.0, 30.0), 0.25);
        let outline = MultiPolygon(vec![polygon!(
            exterior: [(x: 3.1, y: 2.2), (x: 33.7, y: 5.9), (x: 30.0, y: 27.0), (x: 5.0, y: 22.0)],
            interiors: [[(x: 10.0, y: 10.0), (x: 20.0, y: 10.0), (x: 20.0, y: 15.0), (x: 10.0, y: 15.0)]],
        )]);
        let area = inside(&grid, &outline).len() as f64 * grid.cell_area_m2();
        assert!((area - outline.unsigned_area()).abs() < 1.0, "{area} against {}", outline.unsigned_area());
    }

    #[test]
    fn an_outline_off_the_grid_has_no_cells() {
        let grid = Grid::covering(Crs::new("EPSG:4547").unwrap(), (0.0, 0.0, 10.0, 10.0), 0.5);
        let outline = MultiPolygon(vec![polygon![(x: 20.0, y: 2.0), (x: 30.0, y: 2.0), (x: 30.0, y: 9.0)]]);
        assert!(inside(&grid, &outline).is_empty());
        assert!(window(&grid, &outline, 0.0).is_none());
    }
}
