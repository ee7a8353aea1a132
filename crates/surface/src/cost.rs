//! Matching costs: how much the views of a cell disagree at each of its hypotheses.

use nalgebra::Vector2;
use plumbline_scene::Block;
use rayon::prelude::*;

use crate::census::BITS;
use crate::hypotheses::{Hypotheses, LANES};
use crate::pyramid::Pyramid;
use crate::rectify::{Plate, Rectified, SAMPLES_PER_CELL};
use crate::view_choice::{CellViews, MAX_CELL_VIEWS, TileView};

/// Cost units per census bit: quarters survive the rounding of means.
const UNITS: u16 = 4;

/// The cost of views that agree in nothing.
pub(crate) const MAX_COST: u32 = UNITS as u32 * BITS;

/// Ratio of the distances from the lowest camera to the top and to the bottom of a layer of hypotheses that share one
/// rectification. A level window on one level plane is a level window on all of them, larger below and smaller above, as
/// the pixels are: all that grows with the layer is the part of its plane that is looked up.
const LAYER: f64 = 0.6;

/// What the costs of a tile are computed from.
pub(crate) struct Matching<'a> {
    pub block: &'a Block,
    pub views: &'a [TileView],
    pub pyramids: &'a [std::sync::Arc<Pyramid>],
    /// Share of the views, those nearest to the median, whose mean distance is the cost: fewer where occlusions are unknown.
    pub kept_views: f64,
}

impl Matching<'_> {
    /// The cost volume in the layout of `hypotheses`.
    pub fn costs(&self, hypotheses: &Hypotheses, cell_views: &CellViews) -> Vec<u8> {
        let mut costs = vec![MAX_COST as u8; hypotheses.len()];
        let lowest = self.views.iter().map(|v| v.center.z).fold(f64::INFINITY, f64::min);
        let mut first = 0;
        while first < hypotheses.end() {
            let bottom = hypotheses.z(first as f64);
            let thickness = (lowest - bottom) * (1.0 - LAYER) / hypotheses.step_m;
            let end = (first + (thickness as usize).max(1)).min(hypotheses.end());
            Layer { first, end }.fill(self, hypotheses, cell_views, &mut costs);
            first = end;
        }
        costs
    }
}

/// Hypotheses `first .. end` of all cells.
struct Layer {
    first: usize,
    end: usize,
}

impl Layer {
    fn fill(
        &self,
        matching: &Matching<'_>,
        hypotheses: &Hypotheses,
        cell_views: &CellViews,
        costs: &mut [u8],
    ) {
        let pictures = self.pictures(matching, hypotheses, cell_views);
        let mut kernel = Kernel::new(matching.kept_views);
        for cell in 0..hypotheses.lattice.len() {
            let Some((first, end)) = self.part(hypotheses, cell_views, cell) else { continue };
            let center = hypotheses.lattice.center_of(cell);
            let list = cell_views.of(cell);
            let start = hypotheses.starts[cell] + first - hypotheses.first[cell] as usize;
            for (i, out) in costs[start..][..end - first].chunks_mut(LANES).enumerate() {
                let at = first - self.first + i * LANES;
                for (words, &view) in kernel.words.iter_mut().zip(list) {
                    if let Some(picture) = &pictures[view as usize] {
                        picture.look_up(&center, at, words);
                    }
                }
                out.copy_from_slice(&kernel.combine(list.len())[..out.len()]);
            }
        }
    }

    /// The hypotheses of a cell that lie in the layer; `None` where there are none or too few views to compare.
    fn part(&self, hypotheses: &Hypotheses, cell_views: &CellViews, cell: usize) -> Option<(usize, usize)> {
        let (first, end) = hypotheses.band(cell);
        let (first, end) = (first.max(self.first), end.min(self.end));
        (first < end && cell_views.of(cell).len() > 1).then_some((first, end))
    }

    /// Every view on the plane in the middle of the layer, as far as it is looked up there; `None` where it is not.
    fn pictures(
        &self,
        matching: &Matching<'_>,
        hypotheses: &Hypotheses,
        cell_views: &CellViews,
    ) -> Vec<Option<Picture>> {
        let z = hypotheses.z((self.first + self.end - 1) as f64 / 2.0);
        let sample_m = hypotheses.lattice.cell_m / SAMPLES_PER_CELL;
        let mut sights: Vec<Sight> =
            matching.views.iter().map(|view| Sight::new(self, hypotheses, view, z)).collect();
        for cell in 0..hypotheses.lattice.len() {
            let Some((first, end)) = self.part(hypotheses, cell_views, cell) else { continue };
            let center = hypotheses.lattice.center_of(cell);
            let last = first + (end - first).next_multiple_of(LANES) - 1;
            for &view in cell_views.of(cell) {
                sights[view as usize].reach(&center, first - self.first);
                sights[view as usize].reach(&center, last - self.first);
            }
        }
        sights
            .into_par_iter()
            .zip(matching.pyramids)
            .zip(matching.views)
            .map(|((sight, pyramid), view)| {
                let plate = Plate { min: sight.min, max: sight.max, z, sample_m };
                (sight.min.x <= sight.max.x).then(|| {
                    let rectified = Rectified::of(matching.block, view.view_idx, pyramid, &plate);
                    Picture::new(rectified, sight, sample_m)
                })
            })
            .collect()
    }
}

/// Where a view is looked up on the plane of a layer.
struct Sight {
    center: Vector2<f64>,
    /// Factor from the projection centre for each hypothesis of the layer, the last again and again so that whole lanes can
    /// be looked up.
    scales: Vec<f32>,
    min: Vector2<f64>,
    max: Vector2<f64>,
}

impl Sight {
    fn new(layer: &Layer, hypotheses: &Hypotheses, view: &TileView, z: f64) -> Self {
        let scale = |d: usize| ((view.center.z - z) / (view.center.z - hypotheses.z(d as f64))) as f32;
        let last = layer.end - 1;
        Self {
            center: view.center.xy(),
            scales: (layer.first..layer.end + LANES).map(|d| scale(d.min(last))).collect(),
            min: Vector2::repeat(f64::INFINITY),
            max: Vector2::repeat(f64::NEG_INFINITY),
        }
    }

    /// Grows to where a cell is looked up for a hypothesis of the layer.
    fn reach(&mut self, cell: &Vector2<f64>, hypothesis: usize) {
        let p = self.center + (cell - self.center) * f64::from(self.scales[hypothesis]);
        self.min = self.min.inf(&p);
        self.max = self.max.sup(&p);
    }
}

/// A view on the plane of a layer.
struct Picture {
    rectified: Rectified,
    /// Factor from the projection centre for each hypothesis of the layer.
    scales: Vec<f32>,
    center: Vector2<f64>,
    /// Samples of the plane a metre.
    samples_per_m: f64,
    /// Column and row of the sample under the projection centre, fractions counted from the middle of a sample.
    nadir: (f32, f32),
}

impl Picture {
    fn new(rectified: Rectified, sight: Sight, sample_m: f64) -> Self {
        let Sight { center, scales, .. } = sight;
        let samples_per_m = 1.0 / sample_m;
        let nadir = (
            ((center.x - rectified.west) * samples_per_m - 0.5) as f32,
            ((rectified.north - center.y) * samples_per_m - 0.5) as f32,
        );
        Self { rectified, scales, center, samples_per_m, nadir }
    }

    /// Census words of a cell for the hypotheses from `first`, at the samples nearest to it.
    #[inline]
    fn look_up(&self, cell: &Vector2<f64>, first: usize, words: &mut [u64; LANES]) {
        let along_x = ((cell.x - self.center.x) * self.samples_per_m) as f32;
        let along_y = ((self.center.y - cell.y) * self.samples_per_m) as f32;
        let cols = self.rectified.cols as u32;
        let Some(scales) = self.scales[first..].first_chunk::<LANES>() else { return };
        let mut at = [0_u32; LANES];
        for (at, &scale) in at.iter_mut().zip(scales) {
            let col = nearest(self.nadir.0 + along_x * scale);
            let row = nearest(self.nadir.1 + along_y * scale);
            *at = row * cols + col;
        }
        for (word, at) in words.iter_mut().zip(at) {
            *word = self.rectified.words[at as usize];
        }
    }
}

/// The whole number nearest to one from 0 to 2^22, by the way that floating-point numbers are kept: 2^23 and more have no
/// fractions, and their last bits count ones. Unlike a cast it is one addition for all lanes.
#[inline]
fn nearest(value: f32) -> u32 {
    const NO_FRACTIONS: f32 = 8_388_608.0;
    (value + NO_FRACTIONS).to_bits() & (NO_FRACTIONS as u32 - 1)
}

/// Holds the words of a cell's views against their median, bit by bit, and adds up the views that lie nearest to it.
struct Kernel {
    kept_views: f64,
    words: [[u64; LANES]; MAX_CELL_VIEWS],
}

impl Kernel {
    fn new(kept_views: f64) -> Self {
        Self { kept_views, words: [[0; LANES]; MAX_CELL_VIEWS] }
    }

    fn combine(&self, views: usize) -> [u8; LANES] {
        let median = self.median(views);
        let mut distances = [[0_u8; LANES]; MAX_CELL_VIEWS];
        for (distances, words) in distances[..views].iter_mut().zip(&self.words) {
            for ((distance, word), median) in distances.iter_mut().zip(words).zip(&median) {
                *distance = (word ^ median).count_ones() as u8;
            }
        }
        let kept = ((views as f64 * self.kept_views).ceil() as usize).clamp(2, views);
        for place in (kept..views).rev() {
            move_largest_to(&mut distances, place);
        }
        let mut sums = [0_u16; LANES];
        for distances in &distances[..kept] {
            for (sum, &d) in sums.iter_mut().zip(distances) {
                *sum += u16::from(d);
            }
        }
        let share = Share::of(kept as u16);
        sums.map(|sum| share.rounded(UNITS * sum) as u8)
    }

    /// What most views say in each bit; of an even number the first view has two votes.
    fn median(&self, views: usize) -> [u64; LANES] {
        let second_vote = views.is_multiple_of(2).then_some(&self.words[0]);
        let (mut ones, mut twos, mut fours) = ([0_u64; LANES], [0_u64; LANES], [0_u64; LANES]);
        for words in self.words[..views].iter().chain(second_vote) {
            for lane in 0..LANES {
                let carry = ones[lane] & words[lane];
                ones[lane] ^= words[lane];
                let carry_on = twos[lane] & carry;
                twos[lane] ^= carry;
                fours[lane] |= carry_on;
            }
        }
        match views {
            ..=3 => twos,
            4 | 5 => std::array::from_fn(|lane| fours[lane] | twos[lane] & ones[lane]),
            _ => fours,
        }
    }
}

/// Division by a small number as multiplication by 2^16 over it, which lanes can do.
struct Share {
    half: u16,
    factor: u32,
}

impl Share {
    fn of(divisor: u16) -> Self {
        Self { half: divisor / 2, factor: (1 << 16) / u32::from(divisor) + 1 }
    }

    /// The quotient, rounded; exact for what sums of census bits come to.
    #[inline]
    fn rounded(&self, value: u16) -> u16 {
        ((u32::from(value + self.half) * self.factor) >> 16) as u16
    }
}

/// Brings the largest of the first `place + 1` values to the last of these places, in every lane at once.
fn move_largest_to(values: &mut [[u8; LANES]; MAX_CELL_VIEWS], place: usize) {
    for i in 0..place {
        let (head, tail) = values.split_at_mut(i + 1);
        for (a, b) in head[i].iter_mut().zip(&mut tail[0]) {
            (*a, *b) = ((*a).min(*b), (*a).max(*b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occluded_view_does_not_spoil_the_cost_of_the_others() {
        let mut kernel = Kernel::new(0.7);
        kernel.words[0][0] = 0b1111;
        kernel.words[1][0] = 0b1111;
        kernel.words[2][0] = 0b1110;
        kernel.words[3][0] = 0xFF_FF00;
        assert_eq!(kernel.combine(4)[0], 1, "a bit of three views, in quarter bits");
    }

    #[test]
    fn shares_of_all_sums_are_rounded_right() {
        for views in 2..=MAX_CELL_VIEWS as u16 {
            let share = Share::of(views);
            for sum in 0..=UNITS * BITS as u16 * views {
                assert_eq!(share.rounded(sum), (sum + views / 2) / views, "{sum} / {views}");
            }
        }
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest() {
        for value in [0.0, 0.4, 0.6, 1.49, 1.51, 4095.4, 4095.6, 100_000.25] {
            assert_eq!(nearest(value), value.round() as u32, "{value}");
        }
    }

    #[test]
    fn the_median_is_what_most_views_say() {
        for views in 2..MAX_CELL_VIEWS {
            let mut kernel = Kernel::new(1.0);
            for bit in 0..BITS as usize {
                for view in 0..views {
                    kernel.words[view][0] |= u64::from(view < bit % (views + 1)) << bit;
                }
            }
            for bit in 0..BITS as usize {
                let votes = bit % (views + 1);
                let expected = 2 * votes > views || (2 * votes == views && votes > 0);
                assert_eq!(kernel.median(views)[0] >> bit & 1 == 1, expected, "{votes} of {views}");
            }
        }
    }
}
