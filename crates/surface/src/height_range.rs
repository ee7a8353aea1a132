//! Which heights are tried where.

use plumbline_scene::Block;

use crate::Options;
use crate::hypotheses::Hypotheses;
use crate::lattice::Lattice;
use crate::select::Winners;

/// Ground around a tile whose sparse points count for its height range, metres.
const NEIGHBOURHOOD_M: f64 = 25.0;

/// Sparse points below which a tile borrows those of the whole block.
const ENOUGH_POINTS: usize = 20;

/// Share of sparse points at either end that may be blunders.
const BLUNDERS: f64 = 0.01;

/// Share of the flying height above ground up to which heights are tried: nothing flies into the cameras.
const CEILING: f64 = 0.7;

/// Coarse hypotheses searched above and below a coarse result.
const SLACK: f64 = 3.0;

/// Coarse cells around a cell whose results are searched too, so that an edge may move.
const REACH: usize = 2;

/// World heights between which a tile is searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HeightRange {
    pub low: f64,
    /// Median of the sparse points.
    pub ground: f64,
    pub high: f64,
}

impl HeightRange {
    /// From the sparse points in and around a tile.
    pub fn of(block: &Block, lattice: &Lattice, options: &Options) -> Self {
        let near = |x: f64, y: f64| {
            let (width, height) =
                (lattice.cols as f64 * lattice.cell_m, lattice.rows as f64 * lattice.cell_m);
            x > lattice.west - NEIGHBOURHOOD_M
                && x < lattice.west + width + NEIGHBOURHOOD_M
                && y < lattice.north + NEIGHBOURHOOD_M
                && y > lattice.north - height - NEIGHBOURHOOD_M
        };
        let mut heights: Vec<f64> =
            block.tracks.iter().filter(|t| near(t.point.x, t.point.y)).map(|t| t.point.z).collect();
        if heights.len() < ENOUGH_POINTS {
            heights = block.tracks.iter().map(|t| t.point.z).collect();
        }
        heights.sort_by(f64::total_cmp);
        let at = |share: f64| heights[((heights.len() - 1) as f64 * share) as usize];
        let ground = at(0.5);
        let cameras = block.views.iter().map(|v| v.cam_from_world.center().z).fold(f64::INFINITY, f64::min);
        let ceiling = ground + CEILING * (cameras - ground);
        Self {
            low: at(BLUNDERS) - options.legroom_m,
            ground,
            high: (at(1.0 - BLUNDERS) + options.headroom_m).min(ceiling).max(ground + 1.0),
        }
    }
}

/// Heights to try in cells half the size of those of a finished level: around its results nearby, its doubtful rivals,
/// and the sparse points, which see small things that a coarse level overlooks.
pub(crate) fn narrowed(
    block: &Block,
    coarse: &Hypotheses,
    winners: &Winners,
    range: &HeightRange,
    options: &Options,
) -> (Vec<f32>, Vec<f32>) {
    let lattice = &coarse.lattice;
    let (mut low, mut high) = (winners.z.clone(), winners.z.clone());
    for (cell, &rival) in winners.rival_z.iter().enumerate() {
        if (winners.margin[cell] as f64) < options.min_margin {
            (low[cell], high[cell]) = (low[cell].min(rival), high[cell].max(rival));
        }
    }
    for track in &block.tracks {
        let z = track.point.z as f32;
        if let Some((row, col)) = lattice.cell(track.point.x, track.point.y)
            && (range.low..range.high).contains(&track.point.z)
        {
            let cell = row * lattice.cols + col;
            (low[cell], high[cell]) = (low[cell].min(z), high[cell].max(z));
        }
    }
    let slack = (SLACK * coarse.step_m) as f32;
    let low: Vec<f32> = spread(&low, lattice, f32::min).iter().map(|z| z - slack).collect();
    let high: Vec<f32> = spread(&high, lattice, f32::max).iter().map(|z| z + slack).collect();
    (doubled(&low, lattice), doubled(&high, lattice))
}

/// Extreme value within [`REACH`] cells, by rows and then by columns.
fn spread(values: &[f32], lattice: &Lattice, extreme: fn(f32, f32) -> f32) -> Vec<f32> {
    let (rows, cols) = (lattice.rows, lattice.cols);
    let mut across = values.to_vec();
    for row in 0..rows {
        for col in 0..cols {
            let near = &values[row * cols..][col.saturating_sub(REACH)..(col + REACH + 1).min(cols)];
            across[row * cols + col] = near.iter().copied().fold(values[row * cols + col], extreme);
        }
    }
    let mut out = across.clone();
    for row in 0..rows {
        for near in row.saturating_sub(REACH)..(row + REACH + 1).min(rows) {
            for col in 0..cols {
                out[row * cols + col] = extreme(out[row * cols + col], across[near * cols + col]);
            }
        }
    }
    out
}

/// Each cell four times, for cells of half the size.
pub(crate) fn doubled<T: Copy>(values: &[T], lattice: &Lattice) -> Vec<T> {
    let cols = 2 * lattice.cols;
    (0..4 * lattice.len()).map(|i| values[i / cols / 2 * lattice.cols + i % cols / 2]).collect()
}
