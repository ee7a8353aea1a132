use geo::{Distance, Euclidean, MultiPolygon, Point};
use plumbline_raster::Raster;
use serde::{Deserialize, Serialize};

use crate::cells;
use crate::dominant::{median, spread};

/// The ring of ground starts this far outside the outline, metres: clear of scaffold, eaves and working space.
const RING_START_M: f64 = 3.0;
/// and ends here, metres: still the same site.
const RING_END_M: f64 = 12.0;
/// Errors of the ground below removed objects agree over about this distance, metres.
const CORRELATION_M: f64 = 10.0;

/// Level of the ground about an outline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroundLevel {
    /// Median height in a ring 3 to 12 m outside the outline, metres.
    pub height_m: f64,
    /// Its standard uncertainty, metres; the slope of the ground widens it.
    pub sigma_m: f64,
}

impl GroundLevel {
    /// Level of a terrain about an outline; `None` when the ring has no data.
    pub fn around(terrain: &Raster<f32>, outline: &MultiPolygon<f64>) -> Option<Self> {
        let grid = &terrain.grid;
        let window = cells::window(grid, outline, RING_END_M)?;
        let mut heights = Vec::new();
        for row in window.row..window.row + window.rows {
            for col in window.col..window.col + window.cols {
                let height = terrain.cells[(row, col)];
                let (east, north) = grid.center(row, col);
                let away_m = Euclidean.distance(&Point::new(east, north), outline);
                if height.is_finite() && (RING_START_M..RING_END_M).contains(&away_m) {
                    heights.push(f64::from(height));
                }
            }
        }
        heights.sort_by(f64::total_cmp);
        let area_m2 = heights.len() as f64 * grid.cell_area_m2();
        let independent = (area_m2 / (CORRELATION_M * CORRELATION_M)).max(1.0);
        let level = Self { height_m: median(&heights), sigma_m: spread(&heights) / independent.sqrt() };
        (!heights.is_empty()).then_some(level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Site, block};

    #[test]
    fn the_mean_outdoor_ground_of_a_slope_is_the_level_under_the_middle() {
        let terrain = Site::flat(100.0, 1).sloping(0.03).noisy(0.05).dsm;
        let level = GroundLevel::around(&terrain, &block((50.0, 50.0), (30.0, 12.0), 10.0)).unwrap();
        assert!((level.height_m - 51.5).abs() < 0.15, "{level:?}");
        assert!((0.05..0.4).contains(&level.sigma_m), "{level:?}");
    }
}
