use geo::{Coord, MinimumRotatedRect, MultiPolygon};
use serde::{Deserialize, Serialize};

use crate::dominant::{dominant, median, spread};
use crate::{EpochSurface, cells};

/// Heights of a matched surface err together over about this distance, metres.
pub(crate) const CORRELATION_M: f64 = 2.0;

/// The dominant plane inside an outline: the deck under construction or the roof, never the crane above it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deck {
    /// Height of the plane above the reference level, metres.
    pub height_m: f64,
    /// Standard uncertainty of the height within the epoch, metres.
    pub sigma_m: f64,
    /// Share of the covered cells that lie on the plane, 0 to 1; below [`Deck::DOMINANT_SHARE`] nothing dominates.
    pub share: f64,
    /// Height above the reference that 98 % of the covered cells stay below, metres.
    pub max_m: f64,
    /// Share of the outline's cells that have data, 0 to 1.
    pub coverage: f64,
}

impl Deck {
    /// Smallest share of the cells that makes a plane dominant.
    pub const DOMINANT_SHARE: f64 = 0.3;

    /// Whether one plane holds enough of the cells to speak for the structure.
    pub fn is_dominant(&self) -> bool {
        self.share >= Self::DOMINANT_SHARE
    }
}

/// Heights inside an outline above a reference level: what decks and storeys are read from.
#[derive(Debug, Clone, PartialEq)]
pub struct HeightProfile {
    /// Heights of the covered cells above the reference, metres, ascending.
    heights_m: Vec<f64>,
    /// Which of the [`PARTS`] of the outline each of them lies in.
    parts: Vec<usize>,
    /// Median of the cells' own sigmas, metres.
    cell_sigma_m: f64,
    /// Cells of the outline, covered or not.
    cells: usize,
    cell_area_m2: f64,
}

impl HeightProfile {
    /// Heights of an epoch inside an outline above `reference_m`; `None` when no cell of it has data.
    pub fn new(epoch: &EpochSurface, outline: &MultiPolygon<f64>, reference_m: f64) -> Option<Self> {
        let cells = cells::inside(&epoch.dsm.grid, outline);
        let covered: Vec<_> =
            cells.iter().copied().filter(|&cell| epoch.dsm.cells[cell].is_finite()).collect();
        let parts = Parts::of(outline)?;
        let placed = covered.iter().map(|&cell| {
            let (east, north) = epoch.dsm.grid.center(cell.0, cell.1);
            (f64::from(epoch.dsm.cells[cell]) - reference_m, parts.at(Coord { x: east, y: north }))
        });
        let mut placed: Vec<(f64, usize)> = placed.collect();
        placed.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (heights_m, parts): (Vec<f64>, Vec<usize>) = placed.into_iter().unzip();
        let mut sigmas: Vec<f64> = covered.iter().map(|&cell| f64::from(epoch.sigma.cells[cell])).collect();
        sigmas.retain(|s| s.is_finite());
        sigmas.sort_by(f64::total_cmp);
        let cell_sigma_m = sigmas.get(sigmas.len() / 2).copied().unwrap_or(0.0);
        let cell_area_m2 = epoch.dsm.grid.cell_area_m2();
        (!heights_m.is_empty()).then_some(Self {
            heights_m,
            parts,
            cell_sigma_m,
            cells: cells.len(),
            cell_area_m2,
        })
    }

    /// Share of the outline's cells that have data, 0 to 1.
    pub fn coverage(&self) -> f64 {
        self.heights_m.len() as f64 / self.cells as f64
    }

    /// Share of the covered cells at or above a height, 0 to 1.
    pub fn share_above(&self, height_m: f64) -> f64 {
        1.0 - self.rank(height_m) as f64 / self.heights_m.len() as f64
    }

    /// Share of the covered cells from `low_m` up to and without `high_m`, 0 to 1.
    pub fn share_within(&self, low_m: f64, high_m: f64) -> f64 {
        self.share_above(low_m) - self.share_above(high_m)
    }

    /// Share of six parts of the outline, three along and two across, in which at least `least_m2` reach from `low_m` up
    /// to `high_m`: columns stand all over, a hoist, a stack or a stair head at one place.
    pub fn parts_within(&self, low_m: f64, high_m: f64, least_m2: f64) -> f64 {
        let mut counts = [0_usize; PARTS];
        self.parts[self.rank(low_m)..self.rank(high_m)].iter().for_each(|&part| counts[part] += 1);
        let reached = counts.iter().filter(|&&count| count as f64 * self.cell_area_m2 >= least_m2).count();
        reached as f64 / PARTS as f64
    }

    /// The height that this share of the covered cells reaches or exceeds, metres.
    pub fn reached_by(&self, share: f64) -> f64 {
        let last = self.heights_m.len() - 1;
        self.heights_m[((1.0 - share.clamp(0.0, 1.0)) * last as f64).round() as usize]
    }

    /// The dominant plane.
    pub fn deck(&self) -> Deck {
        let plane = dominant(&self.heights_m);
        let height_m = median(plane);
        let area_m2 = plane.len() as f64 * self.cell_area_m2;
        let independent = (area_m2 / (CORRELATION_M * CORRELATION_M)).max(1.0);
        let noise_m = spread(plane).max(self.cell_sigma_m);
        Deck {
            height_m,
            sigma_m: noise_m / independent.sqrt(),
            share: plane.len() as f64 / self.heights_m.len() as f64,
            max_m: self.reached_by(0.02),
            coverage: self.coverage(),
        }
    }

    fn rank(&self, height_m: f64) -> usize {
        self.heights_m.partition_point(|&h| h < height_m)
    }
}

/// Parts of an outline along and across its longer axis.
const ALONG: usize = 3;
const ACROSS: usize = 2;
const PARTS: usize = ALONG * ACROSS;

/// The smallest rectangle about an outline, cut into parts.
struct Parts {
    corner: Coord<f64>,
    along: Coord<f64>,
    across: Coord<f64>,
}

impl Parts {
    fn of(outline: &MultiPolygon<f64>) -> Option<Self> {
        let rectangle = outline.minimum_rotated_rect()?;
        let [a, b, c, ..] = rectangle.exterior().0[..] else { return None };
        let (one, other) = (a - b, c - b);
        let is_longer = one.x.hypot(one.y) >= other.x.hypot(other.y);
        let (along, across) = if is_longer { (one, other) } else { (other, one) };
        Some(Self { corner: b, along, across })
    }

    /// The part that a place lies in.
    fn at(&self, place: Coord<f64>) -> usize {
        let own = place - self.corner;
        let share =
            |axis: Coord<f64>| (own.x * axis.x + own.y * axis.y) / (axis.x * axis.x + axis.y * axis.y);
        let index = |share: f64, count: usize| ((share * count as f64).max(0.0) as usize).min(count - 1);
        ACROSS * index(share(self.along), ALONG) + index(share(self.across), ACROSS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Site, block};

    #[test]
    fn the_deck_is_found_below_a_crane_and_within_two_sigma() {
        let outline = block((40.0, 40.0), (30.0, 14.0), 25.0);
        let epoch = Site::flat(80.0, 7)
            .with(&outline, 59.2)
            .with(&block((40.0, 40.0), (2.0, 2.0), 0.0), 85.0)
            .noisy(0.12)
            .epoch(0.12);
        let deck = HeightProfile::new(&epoch, &outline, 50.0).unwrap().deck();
        assert!(deck.is_dominant() && deck.share > 0.9, "{deck:?}");
        assert!((deck.height_m - 9.2).abs() < 2.0 * deck.sigma_m, "{deck:?}");
        assert!((0.005..0.05).contains(&deck.sigma_m), "{deck:?}");
    }

    #[test]
    fn shares_answer_how_much_of_the_base_has_risen() {
        let base = block((40.0, 40.0), (30.0, 20.0), 0.0);
        let half = block((32.5, 40.0), (15.0, 20.0), 0.0);
        let epoch = Site::flat(80.0, 3).with(&base, 53.0).with(&half, 56.0).epoch(0.1);
        let profile = HeightProfile::new(&epoch, &base, 50.0).unwrap();
        assert!((profile.share_above(4.0) - 0.5).abs() < 0.02);
        assert!((profile.share_within(2.0, 4.0) - 0.5).abs() < 0.02);
        assert!((profile.reached_by(0.3) - 6.0).abs() < 0.1);
        assert!((profile.coverage() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn columns_stand_in_every_part_and_a_stair_head_in_one() {
        let base = block((40.0, 40.0), (30.0, 14.0), 20.0);
        let profile = |heads: &[(f64, f64)], side_m: f64| {
            let raised = heads.iter().fold(Site::flat(80.0, 3).with(&base, 53.0), |site, &(east, north)| {
                site.with(&block((40.0 + east, 40.0 + north), (side_m, side_m), 20.0), 55.8)
            });
            HeightProfile::new(&raised.epoch(0.1), &base, 50.0).unwrap()
        };
        let columns: Vec<_> = [-8.0, 0.0, 8.0]
            .iter()
            .flat_map(|&x| [-4.0, 4.0].map(|y| (x - 0.34 * y, y + 0.34 * x)))
            .collect();
        assert!((profile(&columns, 0.6).parts_within(4.0, 7.0, 0.1) - 1.0).abs() < 1e-9);
        assert!(profile(&[(-9.0, 0.0)], 4.0).parts_within(4.0, 7.0, 0.1) < 0.4);
    }

    #[test]
    fn an_outline_without_data_has_no_profile() {
        let mut epoch = Site::flat(20.0, 1).epoch(0.1);
        epoch.dsm.cells.fill(f32::NAN);
        assert!(HeightProfile::new(&epoch, &block((10.0, 10.0), (8.0, 8.0), 0.0), 50.0).is_none());
    }
}
