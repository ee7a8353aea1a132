//! Buildings that touch, and what of the heights belongs to the one beside.

use std::collections::HashSet;

use geo::{Distance, Euclidean, MultiPolygon, Point};
use plumbline_raster::{Grid, Raster};

use crate::cells;
use crate::dominant::{ascending, dominant, median};

/// Planes this far apart tell whose a wall or a plank between two buildings is, metres: half a storey.
const PLANES_APART_M: f64 = 1.5;

/// A building and the cells of its approved outline.
struct Beside<'a> {
    outline: &'a MultiPolygon<f64>,
    cells: HashSet<(usize, usize)>,
    plane_m: f64,
}

/// Takes away the heights of buildings beside one: what stands on their outlines, and what hangs together with it at their height
/// or, where both are as high, nearer to them. The border left there was not measured. What stands on the building's own
/// outline stays.
pub(crate) fn without_neighbours(
    heights: &mut Raster<f32>,
    own: &MultiPolygon<f64>,
    others: &[&MultiPolygon<f64>],
    min_height_m: f64,
) {
    let own = Beside::on(heights, own);
    for outline in others {
        let other = Beside::on(heights, outline);
        if other.plane_m >= min_height_m {
            for cell in other.reach(&own, heights, min_height_m) {
                heights.cells[cell] = f32::NAN;
            }
        }
    }
}

impl<'a> Beside<'a> {
    fn on(heights: &Raster<f32>, outline: &'a MultiPolygon<f64>) -> Self {
        let cells: HashSet<_> = cells::inside(&heights.grid, outline).into_iter().collect();
        let plane_m = median(dominant(&ascending(cells.iter().map(|&cell| heights.cells[cell]))));
        Self { outline, cells, plane_m }
    }

    /// Cells that belong to it rather than to another one, spreading from its outline.
    fn reach(&self, other: &Self, heights: &Raster<f32>, min_height_m: f64) -> Vec<(usize, usize)> {
        let mut known: HashSet<_> = self.cells.union(&other.cells).copied().collect();
        let mut reached: Vec<_> = self.cells.difference(&other.cells).copied().collect();
        let mut looked_around = 0;
        while let Some(&cell) = reached.get(looked_around) {
            looked_around += 1;
            for next in around(&heights.grid, cell) {
                let height_m = f64::from(heights.cells[next]);
                let stands = height_m >= min_height_m && !known.contains(&next);
                if stands && self.claims(other, &heights.grid, next, height_m) {
                    known.insert(next);
                    reached.push(next);
                }
            }
        }
        reached
    }

    /// Whether a cell outside of both is its own.
    fn claims(&self, other: &Self, grid: &Grid, cell: (usize, usize), height_m: f64) -> bool {
        if (self.plane_m - other.plane_m).abs() >= PLANES_APART_M {
            return (height_m - self.plane_m).abs() < (height_m - other.plane_m).abs();
        }
        let point: Point<f64> = grid.center(cell.0, cell.1).into();
        Euclidean.distance(&point, self.outline) < Euclidean.distance(&point, other.outline)
    }
}

/// The four cells beside one.
fn around(grid: &Grid, (row, col): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let beside = [(row.wrapping_sub(1), col), (row + 1, col), (row, col.wrapping_sub(1)), (row, col + 1)];
    let (rows, cols) = (grid.rows, grid.cols);
    beside.into_iter().filter(move |&(row, col)| row < rows && col < cols)
}

#[cfg(test)]
mod tests {
    use crate::testing::{Site, block};
    use crate::{Excess, Footprint};

    /// A building of 20 m by 12 m with one of the same size 3 m beside it, both in the middle of a site.
    fn pair() -> [geo::MultiPolygon<f64>; 2] {
        [block((30.0, 40.0), (20.0, 12.0), 0.0), block((53.0, 40.0), (20.0, 12.0), 0.0)]
    }

    #[test]
    fn a_party_wall_is_no_excess_of_either_building() {
        let [west, _] = pair();
        let east = block((50.0, 40.0), (20.0, 12.0), 0.0);
        for height_m in [59.0, 59.3, 66.0] {
            let heights =
                Site::flat(80.0, 3).with(&west, 59.0).with(&east, height_m).noisy(0.05).above_ground();
            for (own, other) in [(&west, &east), (&east, &west)] {
                let seen = Footprint::observe(&heights, own, &[other], 1.5).unwrap();
                let excess = Excess::beyond(&seen, own);
                assert!(excess.max_outward_m < 0.3 && excess.area_m2 < 6.0, "{height_m}: {excess:?}");
                assert!((0.6..0.95).contains(&seen.seen_border), "{}", seen.seen_border);
            }
        }
    }

    #[test]
    fn what_fills_the_gap_belongs_to_the_building_of_its_height() {
        let [west, east] = pair();
        let long = block((31.5, 40.0), (23.0, 12.0), 0.0);
        let heights = Site::flat(80.0, 3).with(&long, 66.0).with(&east, 59.0).noisy(0.05).above_ground();
        let tall = Footprint::observe(&heights, &west, &[&east], 1.5).unwrap();
        let low = Footprint::observe(&heights, &east, &[&west], 1.5).unwrap();
        assert!((tall.area_m2 - 23.0 * 12.0).abs() < 8.0, "{}", tall.area_m2);
        assert!((low.area_m2 - 20.0 * 12.0).abs() < 12.0, "{}", low.area_m2);
        assert!(Excess::beyond(&low, &east).max_outward_m < 0.3);
    }

    #[test]
    fn an_annex_away_from_the_neighbour_stays() {
        let [west, east] = pair();
        let annex = block((17.5, 40.0), (5.0, 8.0), 0.0);
        let heights = Site::flat(80.0, 3)
            .with(&annex, 55.0)
            .with(&west, 66.0)
            .with(&east, 55.0)
            .noisy(0.05)
            .above_ground();
        let seen = Footprint::observe(&heights, &west, &[&east], 1.5).unwrap();
        let excess = Excess::beyond(&seen, &west);
        assert!((excess.max_outward_m - 5.0).abs() < 0.3, "{excess:?}");
    }
}
