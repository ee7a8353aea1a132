use geo::{Intersects, MultiPolygon, Rect};
use nalgebra::Vector2;
use plumbline_fixtures::Recipe;
use plumbline_geodesy::{MapPoint, SurveyFrame};
use plumbline_plan::Plan;
use plumbline_raster::Grid;

/// A tile spans this many street blocks east and north.
const BLOCKS: Vector2<f64> = Vector2::new(2.0, 1.0);
/// Ground beyond a tile that is judged along with it, metres: the streets about it.
const MARGIN_M: f64 = 16.0;

/// A part of the town that is judged at once; its border runs along the middle of streets.
#[derive(Debug, Clone)]
pub struct Tile {
    /// The part that is scored, on the map.
    pub core: Rect<f64>,
    /// The cells of it and of a margin.
    pub grid: Grid,
    /// What of the plan touches the cells.
    pub plan: Plan,
}

impl Tile {
    /// Cuts a town into tiles of square cells of `cell_m`.
    pub fn cut(town: &Recipe, frame: &SurveyFrame, plan: &Plan, cell_m: f64) -> Vec<Self> {
        let block = Recipe::town_block_m();
        let step = block.component_mul(&BLOCKS);
        let (cols, rows) = ((2.0 * town.half.x / step.x).ceil(), (2.0 * town.half.y / step.y).ceil());
        let tiles = (0..rows as usize).flat_map(|row| (0..cols as usize).map(move |col| (row, col)));
        let map = |p: Vector2<f64>| frame.map_from_world(&p.push(0.0));
        tiles
            .map(|(row, col)| {
                let low = Vector2::new(col as f64, row as f64).component_mul(&step) - town.half;
                let corners = (map(low), map((low + step).inf(&town.half)));
                Self::between(frame, corners, plan, cell_m)
            })
            .collect()
    }

    fn between(frame: &SurveyFrame, (low, high): (MapPoint, MapPoint), plan: &Plan, cell_m: f64) -> Self {
        let core = Rect::new((low.east, low.north), (high.east, high.north));
        let (west, south) = (low.east - MARGIN_M, low.north - MARGIN_M);
        let (east, north) = (high.east + MARGIN_M, high.north + MARGIN_M);
        let grid = Grid::covering(frame.crs.clone(), (west, south, east, north), cell_m);
        let whole = Rect::new((west, south), (east, north));
        Self { core, grid, plan: part(plan, &whole) }
    }
}

/// The elements of a plan that touch a rectangle.
fn part(plan: &Plan, area: &Rect<f64>) -> Plan {
    let near = |outline: &MultiPolygon<f64>| outline.intersects(area);
    let mut part = plan.clone();
    part.parcels.retain(|e| near(&e.outline));
    part.control_lines.retain(|e| e.line.intersects(area));
    part.buildings.retain(|e| near(&e.base));
    part.existing.retain(|e| near(&e.outline));
    part.temporaries.retain(|e| near(&e.outline));
    part.to_demolish.retain(|e| near(&e.outline));
    part
}
