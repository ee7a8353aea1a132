//! Which views a patch of ground is compared in.

use nalgebra::{Vector2, Vector3};
use plumbline_scene::Block;

use crate::Options;
use crate::lattice::Lattice;

/// Most views of a cell that the cost kernel has room for.
pub(crate) const MAX_CELL_VIEWS: usize = 7;

/// Most views of a tile: their visibility is kept as one word a cell.
pub(crate) const MAX_TILE_VIEWS: usize = 32;

/// Cells along a patch that shares one ranking of the views.
const PATCH: usize = 8;

/// Base-to-height ratio beyond which a further view brings occlusion rather than accuracy.
const GOOD_BASE: f64 = 0.35;

/// Price of looking from the side, in base-to-height ratio per off-nadir tangent.
const OBLIQUITY: f64 = 0.6;

/// Patches along a tile at which its views are voted for.
const POLLS: usize = 5;

/// A view opened for a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TileView {
    pub view_idx: usize,
    /// Projection centre in the world.
    pub center: Vector3<f64>,
}

/// The views of each cell, as indices into the tile's views, best first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellViews {
    pub lists: Vec<[u8; MAX_CELL_VIEWS]>,
    pub counts: Vec<u8>,
}

/// The views that serve most patches of a tile, `ground` being its usual height; in the order of the block.
pub(crate) fn tile_views(block: &Block, lattice: &Lattice, ground: f64, options: &Options) -> Vec<TileView> {
    let all: Vec<TileView> = (0..block.views.len())
        .map(|view_idx| TileView { view_idx, center: block.views[view_idx].cam_from_world.center() })
        .collect();
    let mut votes = vec![0_usize; all.len()];
    for poll in 0..POLLS * POLLS {
        let share = |i: usize| (i as f64 + 0.5) / POLLS as f64;
        let (down, right) = (share(poll / POLLS), share(poll % POLLS));
        let p = lattice.at(down * lattice.rows as f64, right * lattice.cols as f64).push(ground);
        let ranking = ranked(&offsets(block, &all, &[p], 0.0));
        for (place, &view) in ranking.iter().take(options.cell_views + 3).enumerate() {
            votes[view] += options.cell_views + 4 - place;
        }
    }
    let mut order: Vec<usize> = (0..all.len()).filter(|&v| votes[v] > 0).collect();
    order.sort_by_key(|&v| (std::cmp::Reverse(votes[v]), v));
    order.truncate(options.tile_views.min(MAX_TILE_VIEWS));
    order.sort_unstable();
    order.into_iter().map(|v| all[v]).collect()
}

/// Largest base-to-height ratio among the views chosen at the middle of a tile.
pub(crate) fn base_to_height(
    block: &Block,
    views: &[TileView],
    lattice: &Lattice,
    ground: f64,
    options: &Options,
) -> f64 {
    let p = lattice.at(lattice.rows as f64 / 2.0, lattice.cols as f64 / 2.0).push(ground);
    let offsets = offsets(block, views, &[p], 0.0);
    let chosen: Vec<Vector2<f64>> =
        ranked(&offsets).iter().take(options.cell_views).filter_map(|&v| offsets[v]).collect();
    let pairs = chosen.iter().flat_map(|a| chosen.iter().map(move |b| (a - b).norm()));
    pairs.fold(0.0, f64::max)
}

impl CellViews {
    /// The views of a cell, best first.
    pub fn of(&self, cell: usize) -> &[u8] {
        &self.lists[cell][..self.counts[cell] as usize]
    }

    /// Ranks the views patch by patch and takes, in each cell, the best of those that `visible` (one bit a view) lets see
    /// it. A cell that would keep too few of them takes the best of all: a doubtful occluder must not make a hole.
    pub fn choose(
        block: &Block,
        views: &[TileView],
        lattice: &Lattice,
        heights: &[f32],
        visible: &dyn Fn(usize, usize) -> u32,
        options: &Options,
    ) -> Self {
        let mut chosen =
            Self { lists: vec![[0; MAX_CELL_VIEWS]; lattice.len()], counts: vec![0; lattice.len()] };
        let wanted = options.cell_views.min(MAX_CELL_VIEWS);
        for top in (0..lattice.rows).step_by(PATCH) {
            for left in (0..lattice.cols).step_by(PATCH) {
                let ranking = ranked_at(block, views, lattice, heights, (top, left));
                for row in top..(top + PATCH).min(lattice.rows) {
                    for col in left..(left + PATCH).min(lattice.cols) {
                        let mask = visible(row, col);
                        let open = ranking.iter().filter(|&&v| mask >> v & 1 == 1).count();
                        let mask = if open < options.min_views { u32::MAX } else { mask };
                        let cell = row * lattice.cols + col;
                        let best = ranking.iter().filter(|&&v| mask >> v & 1 == 1).take(wanted);
                        for (slot, &view) in chosen.lists[cell].iter_mut().zip(best) {
                            *slot = view;
                            chosen.counts[cell] += 1;
                        }
                    }
                }
            }
        }
        chosen
    }
}

/// Ranking for the patch that starts at a cell.
fn ranked_at(
    block: &Block,
    views: &[TileView],
    lattice: &Lattice,
    heights: &[f32],
    (top, left): (usize, usize),
) -> Vec<u8> {
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for row in top..(top + PATCH).min(lattice.rows) {
        for &z in &heights[row * lattice.cols..][left..(left + PATCH).min(lattice.cols)] {
            (low, high) = (low.min(z), high.max(z));
        }
    }
    let half = PATCH as f64 / 2.0;
    let middle = lattice.at(top as f64 + half, left as f64 + half);
    let ends = [middle.push(low as f64), middle.push(high as f64)];
    let ranking = ranked(&offsets(block, views, &ends, (PATCH as f64 + 4.0) * lattice.cell_m));
    // A tile has few views: their numbers fit a byte.
    ranking.into_iter().map(|view| view as u8).collect()
}

/// Off-nadir tangents (east, north) under which the views see the first of the points; `None` unless all points, grown
/// by `reach_m`, lie in the photo.
fn offsets(
    block: &Block,
    views: &[TileView],
    points: &[Vector3<f64>],
    reach_m: f64,
) -> Vec<Option<Vector2<f64>>> {
    views
        .iter()
        .map(|&TileView { view_idx, center }| {
            let view = &block.views[view_idx];
            let camera = block.camera(view);
            for p in points {
                let pixel = block.project(view, p)?;
                let reach = reach_m * camera.focal_px / (center.z - p.z);
                let (x, y) =
                    (pixel.x.min(camera.width as f64 - pixel.x), pixel.y.min(camera.height as f64 - pixel.y));
                if x.min(y) < reach {
                    return None;
                }
            }
            let p = points.first()?;
            Some((center - p).xy() / (center.z - p.z))
        })
        .collect()
}

/// Views from best to worst: the one nearest to nadir, then always the one that adds most base for least obliquity.
fn ranked(offsets: &[Option<Vector2<f64>>]) -> Vec<usize> {
    let mut left: Vec<(usize, Vector2<f64>)> =
        offsets.iter().enumerate().filter_map(|(i, o)| o.map(|o| (i, o))).collect();
    let mut ranking = Vec::with_capacity(left.len());
    let mut chosen: Vec<Vector2<f64>> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let value = |o: &Vector2<f64>| {
            let base = chosen.iter().map(|c| (c - o).norm()).fold(GOOD_BASE, f64::min);
            if chosen.is_empty() { -o.norm() } else { base - OBLIQUITY * o.norm() }
        };
        let mut best = 0;
        for i in 1..left.len() {
            if value(&left[i].1) > value(&left[best].1) {
                best = i;
            }
        }
        let (view, offset) = left.remove(best);
        ranking.push(view);
        chosen.push(offset);
    }
    ranking
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_nearest_to_nadir_comes_first_and_a_twin_of_it_last() {
        let offset = |x: f64, y: f64| Some(Vector2::new(x, y));
        let offsets = [offset(0.4, 0.0), offset(0.05, 0.0), offset(0.06, 0.0), None, offset(-0.3, 0.1)];
        assert_eq!(ranked(&offsets), [1, 4, 0, 2]);
    }

    #[test]
    fn views_of_a_flight_of_a_thousand_keep_their_numbers() {
        let mut offsets = vec![None; 1000];
        (offsets[255], offsets[256], offsets[999]) =
            (Some(Vector2::new(0.2, 0.0)), Some(Vector2::new(0.0, 0.0)), Some(Vector2::new(-0.4, 0.0)));
        assert_eq!(ranked(&offsets), [256, 999, 255]);
    }
}
