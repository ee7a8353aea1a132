use nalgebra::Vector3;
use plumbline_geodesy::MapPoint;
use plumbline_raster::Grid;
use plumbline_scene::Block;

use crate::Error;

/// Views that must see a patch of ground for it to belong to the grid.
const MIN_VIEWS: usize = 3;

/// Pixels a cell measures unless asked otherwise: census windows need the averaging, edges the sharpness.
const PIXELS_PER_CELL: f64 = 2.0;

/// Patches along the longer side of the block at which coverage is tested.
const LATTICE: usize = 400;

/// The grid over all ground that at least three views see, taken as level at the median height of the sparse points.
///
/// `cell_m` defaults to two pixels on the ground, rounded to whole centimetres from 4 cm up, else to millimetres.
pub fn grid(block: &Block, cell_m: Option<f64>) -> Result<Grid, Error> {
    if block.views.len() < MIN_VIEWS {
        return Err(Error::TooFewViews { views: block.views.len(), needed: MIN_VIEWS });
    }
    if block.tracks.is_empty() {
        return Err(Error::NoTracks);
    }
    let cell_m = cell_m.unwrap_or_else(|| rounded(PIXELS_PER_CELL * block.gsd_m()));
    let covered = covered_box(block).ok_or(Error::NoOverlap { needed: MIN_VIEWS })?;
    Ok(Grid::covering(block.frame.crs.clone(), covered, cell_m))
}

fn rounded(cell_m: f64) -> f64 {
    let unit = if cell_m >= 0.04 { 0.01 } else { 0.001 };
    ((cell_m / unit).round() * unit * 1e6).round() / 1e6
}

/// West, south, east and north of the patches that enough views see.
fn covered_box(block: &Block) -> Option<(f64, f64, f64, f64)> {
    let ground = ground_z(block);
    let (min, max) = reach(block, ground);
    let step = (max - min).max() / LATTICE as f64;
    let mut covered: Option<(f64, f64, f64, f64)> = None;
    for row in 0..=((max.y - min.y) / step) as usize {
        for col in 0..=((max.x - min.x) / step) as usize {
            let p = Vector3::new(min.x + col as f64 * step, min.y + row as f64 * step, ground);
            if block.views.iter().filter(|v| block.project(v, &p).is_some()).take(MIN_VIEWS).count()
                < MIN_VIEWS
            {
                continue;
            }
            let MapPoint { east, north, .. } = block.frame.map_from_world(&p);
            let (w, s, e, n) = covered.unwrap_or((east, north, east, north));
            covered = Some((w.min(east), s.min(north), e.max(east), n.max(north)));
        }
    }
    covered.filter(|(w, s, e, n)| e > w && n > s)
}

/// Median height of the sparse points in the world.
fn ground_z(block: &Block) -> f64 {
    let mut heights: Vec<f64> = block.tracks.iter().map(|t| t.point.z).collect();
    heights.sort_by(f64::total_cmp);
    heights[heights.len() / 2]
}

/// Box around the cameras, as far out as a photo sees on either side; heights are zero.
fn reach(block: &Block, ground: f64) -> (Vector3<f64>, Vector3<f64>) {
    let mut min = Vector3::repeat(f64::INFINITY);
    let mut max = Vector3::repeat(f64::NEG_INFINITY);
    for view in &block.views {
        let camera = block.camera(view);
        let center = view.cam_from_world.center();
        let half =
            f64::from(camera.width.max(camera.height)) / camera.focal_px * (center.z - ground).max(0.0);
        min = min.inf(&(center.add_scalar(-half)));
        max = max.sup(&(center.add_scalar(half)));
    }
    (Vector3::new(min.x, min.y, 0.0), Vector3::new(max.x, max.y, 0.0))
}
