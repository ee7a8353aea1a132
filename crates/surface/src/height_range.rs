//! Which heights are tried where.

use plumbline_scene::{Block, Track};

use crate::Options;
use crate::hypotheses::Hypotheses;
use crate::lattice::Lattice;
use crate::regions::regions;
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

/// Coarse hypotheses within which neighbours found the same height.
const SAME_HEIGHT: f64 = 2.0;

/// Cells that hang together where a height is no noise, most of them clear of their rivals; among random heights, that many
/// hardly ever do, and where they do, other heights fit as well.
const PATCH: usize = 12;

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

/// Heights to try in the cells of a level.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bands {
    pub low: Vec<f32>,
    pub high: Vec<f32>,
    /// Cells that a coarser level found nothing but noise in and about: whatever wins there has no rivals left to win against.
    pub lost: Vec<bool>,
}

/// Bands for cells half the size of those of a finished level, some of them `lost` already: around the result there, the rival
/// of a doubtful one, the results nearby, and the sparse points, which see small things that a coarse level overlooks.
///
/// A result that is not part of a [`PATCH`] is noise; it is followed up in its own cell only, and without its rival.
pub(crate) fn narrowed(
    tracks: &[Track],
    coarse: &Hypotheses,
    winners: &Winners,
    lost: &[bool],
    range: &HeightRange,
    options: &Options,
) -> Bands {
    let lattice = &coarse.lattice;
    let (mut own_low, mut own_high) = (winners.z.clone(), winners.z.clone());
    let mut low = vec![f32::INFINITY; lattice.len()];
    let mut high = vec![f32::NEG_INFINITY; lattice.len()];
    let tolerance = (SAME_HEIGHT * coarse.step_m) as f32;
    let z: Vec<f32> = winners.z.iter().zip(lost).map(|(&z, &lost)| if lost { f32::NAN } else { z }).collect();
    let patches = regions(lattice, &z, |z| !z.is_nan(), |a, b| (a - b).abs() <= tolerance);
    let is_clear = |cell: &&usize| f64::from(winners.margin[**cell]) >= options.min_margin;
    let is_sound =
        |patch: &Vec<usize>| patch.len() >= PATCH && 2 * patch.iter().filter(is_clear).count() > patch.len();
    for cell in patches.into_iter().filter(is_sound).flatten() {
        (low[cell], high[cell]) = (winners.z[cell], winners.z[cell]);
        if f64::from(winners.margin[cell]) < options.min_margin {
            let rival = winners.rival_z[cell];
            (own_low[cell], own_high[cell]) = (own_low[cell].min(rival), own_high[cell].max(rival));
        }
    }
    for track in tracks {
        let z = track.point.z as f32;
        if let Some((row, col)) = lattice.cell(track.point.x, track.point.y)
            && (range.low..range.high).contains(&track.point.z)
        {
            let cell = row * lattice.cols + col;
            (low[cell], high[cell]) = (low[cell].min(z), high[cell].max(z));
        }
    }
    let slack = (SLACK * coarse.step_m) as f32;
    let low = spread(&low, lattice, REACH, f32::min);
    let high = spread(&high, lattice, REACH, f32::max);
    let lost: Vec<bool> = low.iter().map(|near| near.is_infinite()).collect();
    let low: Vec<f32> = low.iter().zip(&own_low).map(|(near, own)| near.min(*own) - slack).collect();
    let high: Vec<f32> = high.iter().zip(&own_high).map(|(near, own)| near.max(*own) + slack).collect();
    Bands { low: doubled(&low, lattice), high: doubled(&high, lattice), lost: doubled(&lost, lattice) }
}

/// Extreme value within `reach` cells, by rows and then by columns.
pub(crate) fn spread(
    values: &[f32],
    lattice: &Lattice,
    reach: usize,
    extreme: fn(f32, f32) -> f32,
) -> Vec<f32> {
    let (rows, cols) = (lattice.rows, lattice.cols);
    let mut across = values.to_vec();
    for row in 0..rows {
        for col in 0..cols {
            let near = &values[row * cols..][col.saturating_sub(reach)..(col + reach + 1).min(cols)];
            across[row * cols + col] = near.iter().copied().fold(values[row * cols + col], extreme);
        }
    }
    let mut out = across.clone();
    for row in 0..rows {
        for near in row.saturating_sub(reach)..(row + reach + 1).min(rows) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Room that an island of `side` x `side` cells 20 m above level ground, so clear of its rivals, gets two cells beside it, metres.
    fn room_beside_an_island(side: usize, island_margin: f32) -> f32 {
        let lattice = Lattice { west: 0.0, north: 0.0, cell_m: 1.0, rows: 20, cols: 20 };
        let z: Vec<f32> =
            (0..lattice.len()).map(|i| if i / 20 < side && i % 20 < side { 20.0 } else { 0.0 }).collect();
        let level = Hypotheses::between(lattice, 0.1, &vec![0.0; z.len()], &vec![20.0; z.len()]);
        let winners = Winners {
            rival_z: z.clone(),
            cost: vec![0; z.len()],
            margin: z.iter().map(|&z| if z > 0.0 { island_margin } else { 1.0 }).collect(),
            curvature: vec![1.0; z.len()],
            z,
        };
        let range = HeightRange { low: 0.0, ground: 0.0, high: 20.0 };
        let lost = vec![false; winners.z.len()];
        let bands = narrowed(&[], &level, &winners, &lost, &range, &Options::default());
        let beside = 2 * 40 + 2 * (side + 1);
        bands.high[beside] - bands.low[beside]
    }

    #[test]
    fn cells_amid_noise_are_lost_and_those_beside_a_thing_are_not() {
        let lattice = Lattice { west: 0.0, north: 0.0, cell_m: 1.0, rows: 20, cols: 20 };
        let noise = |i: usize| (i * 7919 % 199) as f32 * 0.1;
        let z: Vec<f32> = (0..lattice.len()).map(|i| if i % 20 < 8 { 5.0 } else { noise(i) }).collect();
        let level = Hypotheses::between(lattice, 0.02, &vec![0.0; z.len()], &vec![20.0; z.len()]);
        let winners = Winners {
            rival_z: z.clone(),
            cost: vec![0; z.len()],
            margin: vec![1.0; z.len()],
            curvature: vec![1.0; z.len()],
            z,
        };
        let range = HeightRange { low: 0.0, ground: 5.0, high: 20.0 };
        let lost = vec![false; winners.z.len()];
        let bands = narrowed(&[], &level, &winners, &lost, &range, &Options::default());
        let row: Vec<usize> = (0..40).filter(|col| bands.lost[20 * 40 + col]).collect();
        assert_eq!(row, (20..40).collect::<Vec<_>>());
    }

    #[test]
    fn a_thing_is_searched_beside_itself_and_noise_is_not() {
        assert!(room_beside_an_island(4, 1.0) > 20.0);
        assert!(room_beside_an_island(3, 1.0) < 1.0);
        assert!(room_beside_an_island(4, 0.01) < 1.0, "other heights fit as well");
    }
}
