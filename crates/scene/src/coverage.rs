use nalgebra::{Vector2, Vector3};

use crate::{Block, View};

/// Cells along the longer side of a coverage map.
const CELLS: f64 = 240.0;
/// How far outside the nadir, in flying heights, ground still counts as covered: what oblique photos see beyond is of no use.
const REACH: f64 = 2.0;

/// How many photos see each part of the ground, and under what angle they meet there.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// South-west corner in the world, metres.
    pub corner: Vector2<f64>,
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Cells from west to east.
    pub cols: usize,
    /// Cells from south to north.
    pub rows: usize,
    /// The cells, row by row from the south-west.
    pub cells: Vec<CoveredCell>,
}

/// A part of the ground as the photos see it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CoveredCell {
    /// Photos that see its centre.
    pub photos: u16,
    /// Widest angle found between two of their rays, radians; zero with fewer than two.
    pub angle: f64,
}

impl Coverage {
    /// Of level ground at the median height of the sparse points. What stands on it hides more than this tells.
    pub fn of(block: &Block) -> Self {
        let ground_z = block.ground_z();
        let seen: Vec<Seeing> =
            block.views.iter().filter_map(|view| Seeing::of(block, view, ground_z)).collect();
        let low = seen.iter().fold(Vector2::repeat(f64::INFINITY), |low, s| low.inf(&s.low));
        let high = seen.iter().fold(Vector2::repeat(f64::NEG_INFINITY), |high, s| high.sup(&s.high));
        let extent = high - low;
        if seen.is_empty() || extent.max() <= 0.0 {
            return Self { corner: Vector2::zeros(), cell_m: 1.0, cols: 0, rows: 0, cells: Vec::new() };
        }
        let cell_m = extent.max() / CELLS;
        let [cols, rows] = [extent.x, extent.y].map(|side| (side / cell_m).ceil() as usize);
        let center = |i: usize| low + cell_m * Vector2::new((i % cols) as f64 + 0.5, (i / cols) as f64 + 0.5);
        let cells = (0..cols * rows).map(|i| covered(block, &seen, &center(i).push(ground_z))).collect();
        Self { corner: low, cell_m, cols, rows, cells }
    }

    /// Centre of a cell in the world, metres.
    pub fn center(&self, col: usize, row: usize) -> Vector2<f64> {
        self.corner + self.cell_m * Vector2::new(col as f64 + 0.5, row as f64 + 0.5)
    }
}

/// A view with the rectangle of ground that it can see.
struct Seeing<'a> {
    view: &'a View,
    low: Vector2<f64>,
    high: Vector2<f64>,
}

impl<'a> Seeing<'a> {
    fn of(block: &Block, view: &'a View, ground_z: f64) -> Option<Self> {
        let camera = block.camera(view);
        let center = view.cam_from_world.center();
        let height = center.z - ground_z;
        let (width, depth) = (f64::from(camera.width), f64::from(camera.height));
        let corners = [(0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth)];
        let reach = REACH * height;
        let on_ground = corners.map(|(x, y)| {
            let ray = view.cam_from_world.rotation.inverse() * camera.unproject(&Vector2::new(x, y));
            let distance = if ray.z < 0.0 { -height / ray.z } else { f64::INFINITY };
            let away = ray.xy() * distance.min(1e3 * height);
            center.xy() + away.cap_magnitude(reach)
        });
        (height > 0.0).then(|| Self {
            view,
            low: on_ground.iter().fold(on_ground[0], |low, p| low.inf(p)),
            high: on_ground.iter().fold(on_ground[0], |high, p| high.sup(p)),
        })
    }

    fn may_see(&self, p: &Vector3<f64>) -> bool {
        (self.low.x..=self.high.x).contains(&p.x) && (self.low.y..=self.high.y).contains(&p.y)
    }
}

fn covered(block: &Block, views: &[Seeing], p: &Vector3<f64>) -> CoveredCell {
    let seeing = views.iter().filter(|seeing| seeing.may_see(p) && block.project(seeing.view, p).is_some());
    let rays: Vec<Vector3<f64>> =
        seeing.map(|seeing| (seeing.view.cam_from_world.center() - p).normalize()).collect();
    let photos = rays.len().min(usize::from(u16::MAX)) as u16;
    CoveredCell { photos, angle: widest_angle(&rays) }
}

/// Widest angle from the ray that lies farthest from the first one: the widest of all, or nearly.
fn widest_angle(rays: &[Vector3<f64>]) -> f64 {
    let Some(first) = rays.first() else { return 0.0 };
    let farthest_from =
        |from: &Vector3<f64>| rays.iter().copied().min_by(|a, b| from.dot(a).total_cmp(&from.dot(b)));
    let outer = farthest_from(first).unwrap_or(*first);
    let other = farthest_from(&outer).unwrap_or(*first);
    outer.angle(&other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nadir_block;

    #[test]
    fn ground_below_two_of_three_photos_counts_two() {
        // 90 m wide footprints at x = 0, 60, 120 m: overlaps of 30 m around 30 and 90 m.
        let coverage = Coverage::of(&nadir_block(&[0.0, 60.0, 120.0]));
        let at = |x: f64| {
            let col = ((x - coverage.corner.x) / coverage.cell_m) as usize;
            coverage.cells[coverage.rows / 2 * coverage.cols + col]
        };
        let counts = [0.0, 30.0, 60.0, 90.0, 120.0].map(|x| at(x).photos);
        assert_eq!(counts, [1, 2, 1, 2, 1]);
        assert!((coverage.cell_m * coverage.cols as f64 - 210.0).abs() < 1.0);
    }

    #[test]
    fn rays_meet_under_the_angle_of_the_baseline() {
        let coverage = Coverage::of(&nadir_block(&[0.0, 60.0]));
        let col = ((30.0 - coverage.corner.x) / coverage.cell_m) as usize;
        let angle = coverage.cells[coverage.rows / 2 * coverage.cols + col].angle;
        let expected = 2.0 * (30.0_f64 / 60.0).atan();
        assert!((angle - expected).abs() < 0.01, "{angle} {expected}");
    }

    #[test]
    fn nothing_placed_covers_nothing() {
        assert!(Coverage::of(&nadir_block(&[])).cells.is_empty());
    }
}
