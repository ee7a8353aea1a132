use std::collections::HashSet;

use geo::{Area, MultiPoint, MultiPolygon, Polygon};
use imageproc::distance_transform::Norm;
use imageproc::morphology::{close, erode};
use ndarray::Array2;
use plumbline_raster::Raster;
use serde::{Deserialize, Serialize};

use crate::boundary::trace;
use crate::bridge::bridge;
use crate::components::{components, picture, radius_cells, without_thin_parts};
use crate::dominant::{ascending, dominant, median};
use crate::neighbour::without_neighbours;
use crate::outline::{Outline, draw};
use crate::{cells, extremum};

/// Gaps up to this width are closed before the outline is drawn, metres: wall feet are often unseen that far.
const BRIDGED_M: f64 = 1.2;
/// Slits up to this width are closed too, metres: between a wall and the planks of its scaffold the ground is seen here and
/// there, and an outline that runs in and out of the slit is neither that of the wall nor that of the scaffold.
const SLIT_M: f64 = 0.8;
/// How far outside the approved outline a structure may reach and still be seen whole, metres.
const MARGIN_M: f64 = 20.0;
/// Walls rise within this distance in a matched surface, metres: the edge lies at half the height reached inside it.
const WALL_M: f64 = 0.6;
/// Parts thinner than twice this are cranes, cables and fences, metres.
const THIN_M: f64 = 0.4;
/// Things this far above the plane of a building and narrower than this, metres, are cranes: stair heads and columns are lower,
/// towers on a podium wider, and jibs and masts at most 2 m wide with what matching adds to them.
const CRANE_M: f64 = 5.0;
const CRANE_WIDTH_M: f64 = 3.0;
/// Position of an edge that the cells alone leave open, in cells (1 sigma).
const EDGE_CELLS: f64 = 0.5;

/// The outline that a structure was observed to have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Footprint {
    /// Regularised outline, east and north in the survey CRS, metres.
    pub outline: Polygon<f64>,
    /// Position of an edge within the epoch, metres (1 sigma): cell size and straightness, without georeferencing.
    pub sigma_m: f64,
    /// Area, square metres.
    pub area_m2: f64,
    /// Share of the outline's border that has data on both sides, 0 to 1: a border on no data is not an edge.
    pub seen_border: f64,
    /// Points of the border beyond which nothing was measured: what lies outside an approved line there may be a gap
    /// in the heights and no wall.
    pub open_border: MultiPoint<f64>,
}

impl Footprint {
    /// Outline of the structure that overlaps `near` most, from heights above the ground; edges lie at half the height
    /// of their wall. What belongs to the `others`, buildings that may touch it, is taken off. `None` when nothing at least
    /// `min_height_m` high overlaps it.
    pub fn observe(
        above_ground: &Raster<f32>,
        near: &MultiPolygon<f64>,
        others: &[&MultiPolygon<f64>],
        min_height_m: f64,
    ) -> Option<Self> {
        let mut part = above_ground.part(&cells::window(&above_ground.grid, near, MARGIN_M)?);
        let wanted: HashSet<_> = cells::inside(&part.grid, near).into_iter().collect();
        without_cranes(&mut part, &wanted);
        bridge(&mut part, BRIDGED_M);
        without_neighbours(&mut part, near, others, min_height_m);
        let relief = relief(&part, min_height_m);
        let slit = radius_cells(SLIT_M / 2.0, part.grid.cell_m);
        let whole = close(&standing(&part, &relief, min_height_m), Norm::LInf, slit);
        let sets = components(&whole).into_iter();
        let common = |set: &Vec<(usize, usize)>| set.iter().filter(|cell| wanted.contains(cell)).count();
        let (common, set) = sets.map(|set| (common(&set), set)).max_by_key(|(common, _)| *common)?;
        if common == 0 {
            return None;
        }
        Some(Self::drawn(draw_set(&relief, &set)?, part.grid.cell_m))
    }

    fn drawn(outline: Outline, cell_m: f64) -> Self {
        Self {
            area_m2: outline.polygon.unsigned_area(),
            outline: outline.polygon,
            sigma_m: edge_sigma_m(outline.residual_m, cell_m),
            seen_border: outline.seen,
            open_border: outline.open.into(),
        }
    }
}

/// Lets what hangs or stands high above the plane of a building and is narrow fall to the surface below, as an opening finds it:
/// jibs, hooks and masts are no part of the outline.
fn without_cranes(heights: &mut Raster<f32>, building: &HashSet<(usize, usize)>) {
    let plane_m = median(dominant(&ascending(building.iter().map(|&cell| heights.cells[cell]))));
    let radius = usize::from(radius_cells(CRANE_WIDTH_M / 2.0, heights.grid.cell_m));
    let below = extremum::maximum(&extremum::minimum(&heights.cells, radius), radius);
    let crane_m = (plane_m + CRANE_M) as f32;
    heights.cells.zip_mut_with(&below, |height, &below| {
        if *height > crane_m && below <= crane_m {
            *height = below;
        }
    });
}

/// Level at which relief crosses a wall.
const HALF: f32 = 0.5;

/// Standard uncertainty of an outline's edges, metres.
pub(crate) fn edge_sigma_m(residual_m: f64, cell_m: f64) -> f64 {
    residual_m.hypot(EDGE_CELLS * cell_m)
}

/// Outline of the largest structure of a small raster, from heights above the ground.
pub(crate) fn draw_largest(above_ground: &Raster<f32>, min_height_m: f64) -> Option<Outline> {
    let relief = relief(above_ground, min_height_m);
    let sets = components(&standing(above_ground, &relief, min_height_m));
    draw_set(&relief, &sets.into_iter().max_by_key(Vec::len)?)
}

/// Outline of one set of cells of a relief.
pub(crate) fn draw_set(relief: &Raster<f32>, set: &[(usize, usize)]) -> Option<Outline> {
    let members: HashSet<_> = set.iter().copied().collect();
    let inside = |row: i64, col: i64| members.contains(&(row as usize, col as usize));
    draw(trace(relief, set, inside, HALF), relief.grid.cell_m)
}

/// Heights as a share of the height that the wall beside them reaches: 0 on the ground, 1 on the roof.
pub(crate) fn relief(above_ground: &Raster<f32>, min_height_m: f64) -> Raster<f32> {
    let radius = radius_cells(WALL_M, above_ground.grid.cell_m).max(1);
    let mut top = extremum::maximum(&above_ground.cells, usize::from(radius));
    let least = (2.0 * min_height_m) as f32;
    top.zip_mut_with(&above_ground.cells, |top, &height| *top = height / top.max(least));
    Raster { grid: above_ground.grid.clone(), cells: top }
}

/// Cells that belong to structures: high enough, and by the outside above half the wall.
pub(crate) fn standing(
    above_ground: &Raster<f32>,
    relief: &Raster<f32>,
    min_height_m: f64,
) -> image::GrayImage {
    let cell_m = above_ground.grid.cell_m;
    let high = picture(&above_ground.cells, |&h| f64::from(h) >= min_height_m);
    let core = erode(&high, Norm::LInf, radius_cells(WALL_M, cell_m).max(1));
    let in_wall = |row: usize, col: usize| core.get_pixel(col as u32, row as u32).0[0] == 0;
    let walls = Array2::from_shape_fn(relief.cells.dim(), |(row, col)| {
        let low =
            above_ground.cells[(row, col)] < min_height_m as f32 || above_ground.cells[(row, col)].is_nan();
        !low && (!in_wall(row, col) || relief.cells[(row, col)] >= HALF)
    });
    without_thin_parts(&picture(&walls, |&w| w), radius_cells(THIN_M, cell_m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::displacement::overlap;
    use crate::testing::{Site, block};

    #[test]
    fn a_box_is_drawn_with_four_corners_at_sub_cell_accuracy() {
        for turn_deg in [0.0, 17.0, 45.0] {
            let truth = block((40.13, 39.91), (30.0, 14.0), turn_deg);
            let heights = Site::flat(80.0, 5).with(&truth, 59.0).noisy(0.08).above_ground();
            let seen = Footprint::observe(&heights, &truth, &[], 1.5).unwrap();
            assert_eq!(seen.outline.exterior().0.len(), 5, "turned {turn_deg}: {:?}", seen.outline);
            assert!(
                (seen.area_m2 / truth.unsigned_area() - 1.0).abs() < 0.01,
                "turned {turn_deg}: {}",
                seen.area_m2
            );
            assert!(overlap(&MultiPolygon(vec![seen.outline.clone()]), &truth) > 0.985);
            assert!((0.08..0.2).contains(&seen.sigma_m), "{}", seen.sigma_m);
            assert!(seen.seen_border > 0.99);
        }
    }

    #[test]
    fn a_wing_and_a_courtyard_stay() {
        let main = block((40.0, 40.0), (40.0, 30.0), 0.0);
        let heights = Site::flat(80.0, 5)
            .with(&main, 60.0)
            .with(&block((40.0, 40.0), (10.0, 10.0), 0.0), 50.0)
            .with(&block((70.0, 40.0), (20.0, 10.0), 0.0), 54.0)
            .above_ground();
        let seen = Footprint::observe(&heights, &main, &[], 1.5).unwrap();
        assert_eq!(seen.outline.interiors().len(), 1);
        assert!((seen.area_m2 - (1200.0 - 100.0 + 200.0)).abs() < 15.0, "{}", seen.area_m2);
    }

    #[test]
    fn scaffold_with_gaps_is_drawn_from_outside() {
        let built = block((40.0, 40.0), (24.0, 12.0), 0.0);
        let planks = [(33.0, 47.0, 9.0), (45.0, 47.0, 12.0), (34.0, 33.0, 12.0), (47.0, 33.0, 9.0)];
        let site =
            planks.iter().fold(Site::flat(80.0, 5).with(&built, 56.0), |site, &(east, north, length)| {
                site.with(&block((east, north), (length, 1.2), 0.0), 56.0)
            });
        let seen = Footprint::observe(&site.noisy(0.05).above_ground(), &built, &[], 1.5).unwrap();
        let along = |north: f64| {
            let line = geo::Line::new((30.0, north), (50.0, north));
            let inside = (0..200).filter(|i| {
                use geo::Contains;
                seen.outline.contains(&geo::Point(line.start + line.delta() * (f64::from(*i) / 200.0)))
            });
            inside.count()
        };
        assert!(along(46.2) > 170 && along(33.8) > 170, "{} {}", along(46.2), along(33.8));
    }

    #[test]
    fn a_jib_over_the_edge_is_no_part_of_the_outline() {
        let built = block((40.0, 40.0), (24.0, 12.0), 0.0);
        let heights = Site::flat(80.0, 5)
            .with(&built, 59.0)
            .with(&block((45.0, 56.0), (2.0, 30.0), 0.0), 81.0)
            .noisy(0.05)
            .above_ground();
        let seen = Footprint::observe(&heights, &built, &[], 1.5).unwrap();
        assert!((seen.area_m2 / built.unsigned_area() - 1.0).abs() < 0.02, "{}", seen.area_m2);
    }

    #[test]
    fn bare_ground_and_cranes_have_no_footprint() {
        let near = block((40.0, 40.0), (20.0, 20.0), 0.0);
        let heights = Site::flat(80.0, 5).with(&block((40.0, 40.0), (0.6, 30.0), 45.0), 70.0).above_ground();
        assert!(Footprint::observe(&heights, &near, &[], 1.5).is_none());
    }
}
