//! Matching costs: how much the views of a cell disagree at each of its hypotheses.

use plumbline_scene::Block;
use rayon::prelude::*;

use crate::census::BITS;
use crate::hypotheses::Hypotheses;
use crate::pyramid::Pyramid;
use crate::rectify::{Plate, Rectified};
use crate::view_choice::{CellViews, MAX_CELL_VIEWS, TileView};

/// Cost units per census bit: halves survive the rounding of means.
const UNITS: u32 = 2;

/// The cost of two views that agree in nothing.
pub(crate) const MAX_COST: u32 = UNITS * BITS;

/// Hypotheses handled at once.
const LANES: usize = 32;

/// Pairs of [`MAX_CELL_VIEWS`] views.
const MAX_PAIRS: usize = MAX_CELL_VIEWS * (MAX_CELL_VIEWS - 1) / 2;

/// Ratio of the distances from the lowest camera to the top and to the bottom of a layer of hypotheses that share one
/// rectification: the scale of the windows stays within 6 % of the cell's.
const LAYER: f64 = 0.88;

/// What the costs of a tile are computed from.
pub(crate) struct Matching<'a> {
    pub block: &'a Block,
    pub views: &'a [TileView],
    pub pyramids: &'a [std::sync::Arc<Pyramid>],
    /// Share of the view pairs, the best ones, whose mean is the cost: half where occlusions are unknown.
    pub kept_pairs: f64,
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
        let Some(plate) = self.plate(hypotheses) else { return };
        let pictures: Vec<Picture> = matching
            .views
            .par_iter()
            .zip(matching.pyramids)
            .map(|(view, pyramid)| self.picture(matching.block, *view, pyramid, hypotheses, &plate))
            .collect();
        let mut kernel = Kernel::new(matching.kept_pairs);
        let lattice = &hypotheses.lattice;
        for cell in 0..lattice.len() {
            let (cell_first, cell_end) = hypotheses.band(cell);
            let (first, end) = (cell_first.max(self.first), cell_end.min(self.end));
            let count = cell_views.counts[cell] as usize;
            if first >= end || count < 2 {
                continue;
            }
            let center = lattice.center(cell / lattice.cols, cell % lattice.cols);
            let list = &cell_views.lists[cell][..count];
            let out = &mut costs[hypotheses.starts[cell] + first - cell_first..][..end - first];
            for (i, out) in out.chunks_mut(LANES).enumerate() {
                let at = first - self.first + i * LANES;
                for (words, &view) in kernel.words.iter_mut().zip(list) {
                    pictures[view as usize].look_up(center.x, center.y, at, &mut words[..out.len()]);
                }
                kernel.combine(count, out);
            }
        }
    }

    /// The plane through the middle of the layer under the cells that have hypotheses in it.
    fn plate(&self, hypotheses: &Hypotheses) -> Option<Plate> {
        let lattice = &hypotheses.lattice;
        let mut corners: Option<(usize, usize, usize, usize)> = None;
        for row in 0..lattice.rows {
            for col in 0..lattice.cols {
                let (first, end) = hypotheses.band(row * lattice.cols + col);
                if first < self.end && end > self.first {
                    let (t, l, b, r) = corners.unwrap_or((row, col, row, col));
                    corners = Some((t.min(row), l.min(col), b.max(row), r.max(col)));
                }
            }
        }
        let (top, left, bottom, right) = corners?;
        let (north_west, south_east) = (lattice.center(top, left), lattice.center(bottom, right));
        Some(Plate {
            min: nalgebra::Vector2::new(north_west.x, south_east.y),
            max: nalgebra::Vector2::new(south_east.x, north_west.y),
            z: hypotheses.z((self.first + self.end - 1) as f64 / 2.0),
            sample_m: lattice.cell_m / 2.0,
        })
    }

    fn picture(
        &self,
        block: &Block,
        view: TileView,
        pyramid: &Pyramid,
        hypotheses: &Hypotheses,
        plate: &Plate,
    ) -> Picture {
        let above = view.center.z - plate.z;
        let scales: Vec<f64> =
            (self.first..self.end).map(|d| above / (view.center.z - hypotheses.z(d as f64))).collect();
        let center = view.center.xy();
        let mut seen = Plate { min: plate.min, max: plate.max, ..*plate };
        for &s in &[scales[0], scales[scales.len() - 1]] {
            seen.min = seen.min.inf(&(center + (plate.min - center) * s));
            seen.max = seen.max.sup(&(center + (plate.max - center) * s));
        }
        Picture {
            rectified: Rectified::of(block, view.view_idx, pyramid, &seen),
            scales: scales.iter().map(|&s| s as f32).collect(),
            center: (view.center.x, view.center.y),
            sample_m: plate.sample_m,
        }
    }
}

/// A view on the plane of a layer.
struct Picture {
    rectified: Rectified,
    /// Factor from the projection centre for each hypothesis of the layer.
    scales: Vec<f32>,
    center: (f64, f64),
    sample_m: f64,
}

impl Picture {
    /// Census words of a cell for the hypotheses from `first`.
    #[inline]
    fn look_up(&self, x: f64, y: f64, first: usize, words: &mut [u64]) {
        let inverse = 1.0 / self.sample_m;
        let from_x = ((self.center.0 - self.rectified.west) * inverse) as f32;
        let from_y = ((self.rectified.north - self.center.1) * inverse) as f32;
        let along_x = ((x - self.center.0) * inverse) as f32;
        let along_y = ((self.center.1 - y) * inverse) as f32;
        for (word, &s) in words.iter_mut().zip(&self.scales[first..]) {
            let col = (from_x + along_x * s) as usize;
            let row = (from_y + along_y * s) as usize;
            *word = self.rectified.words[row * self.rectified.cols + col];
        }
    }
}

/// Compares the words of a cell's views pair by pair and averages the best pairs.
struct Kernel {
    kept_pairs: f64,
    words: [[u64; LANES]; MAX_CELL_VIEWS],
    pairs: [[u8; LANES]; MAX_PAIRS],
}

impl Kernel {
    fn new(kept_pairs: f64) -> Self {
        Self { kept_pairs, words: [[0; LANES]; MAX_CELL_VIEWS], pairs: [[0; LANES]; MAX_PAIRS] }
    }

    fn combine(&mut self, views: usize, out: &mut [u8]) {
        let mut pairs = 0;
        for a in 1..views {
            for b in 0..a {
                let (words_a, words_b) = (&self.words[a], &self.words[b]);
                for ((bits, wa), wb) in self.pairs[pairs].iter_mut().zip(words_a).zip(words_b).take(out.len())
                {
                    *bits = (wa ^ wb).count_ones() as u8;
                }
                pairs += 1;
            }
        }
        let kept = ((pairs as f64 * self.kept_pairs).ceil() as usize).clamp(1, pairs);
        self.bring_smallest_first(pairs, kept);
        let mut sums = [0_u16; LANES];
        for bits in &self.pairs[..kept] {
            for (sum, &b) in sums.iter_mut().zip(bits) {
                *sum += u16::from(b);
            }
        }
        for (cost, &sum) in out.iter_mut().zip(&sums) {
            *cost = ((UNITS * u32::from(sum) + kept as u32 / 2) / kept as u32) as u8;
        }
    }

    /// Selection sort of the pairs, in every lane at once, as far as `kept`.
    fn bring_smallest_first(&mut self, pairs: usize, kept: usize) {
        for place in 0..kept.min(pairs - 1) {
            let (head, tail) = self.pairs.split_at_mut(place + 1);
            let smallest = &mut head[place];
            for other in &mut tail[..pairs - place - 1] {
                for (a, b) in smallest.iter_mut().zip(other.iter_mut()) {
                    (*a, *b) = ((*a).min(*b), (*a).max(*b));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occluded_view_does_not_spoil_the_cost_of_the_others() {
        let mut kernel = Kernel::new(0.5);
        kernel.words[0][0] = 0b1111;
        kernel.words[1][0] = 0b1111;
        kernel.words[2][0] = 0b1110;
        kernel.words[3][0] = u64::MAX << 16;
        let mut out = [0_u8];
        kernel.combine(4, &mut out);
        assert_eq!(out[0], 1, "two pairs of one bit and one of none, in half bits");
    }
}
