//! Two epochs on one grid and everything that regions are measured from.

use std::collections::{BTreeMap, HashSet};

use geo::{Area, Euclidean, Length};
use image::Luma;
use imageproc::region_labelling::{Connectivity, connected_components};
use ndarray::Array2;
use plumbline_raster::{Grid, Raster, Window};

use crate::classify::{STRUCTURE_M, classify};
use crate::components::picture;
use crate::deck::CORRELATION_M;
use crate::dominant::{ascending, dominant, median, spread};
use crate::footprint::{draw_largest, edge_sigma_m};
use crate::{ChangeClass, ChangeRegion, EpochSurface, Registration, texture};

/// What counts as risen when the outline of a change is drawn, metres: half of the least change of interest.
const LEAST_RISE_M: f64 = 0.25;

/// Eaves stand out 0.3 to 0.8 m, matched walls up to four cells more, and the dates lie apart: what is below them is hidden
/// this far, metres.
const UNDER_EAVES_M: f64 = 1.5;
/// Something may be lower by this and still be of the thing, metres.
const LOWER_M: f64 = 0.5;

/// Cells, as rows and columns, row by row.
type Cells = [(usize, usize)];

/// Two epochs on one grid. Heights are above the ground before, which buildings and pits are counted from.
pub(crate) struct Scene<'a> {
    pub before: &'a EpochSurface,
    pub after: &'a EpochSurface,
    pub difference: &'a Raster<f32>,
    pub heights_before: Raster<f32>,
    pub heights_after: Raster<f32>,
    /// Heights after above the ground after: near 0 where the surface is ground.
    pub heights_after_own: Raster<f32>,
    pub registration: &'a Registration,
    standing: Standing,
    /// Noise of the surfaces about planes, the larger of both, metres.
    noise_m: f64,
}

/// Structures of the earlier epoch.
struct Standing {
    /// Number of the structure in each cell; 0 for none.
    labels: Array2<u32>,
    /// Cells of each structure; the first entry is unused.
    sizes: Vec<usize>,
}

impl<'a> Scene<'a> {
    pub fn new(
        (before, after): (&'a EpochSurface, &'a EpochSurface),
        difference: &'a Raster<f32>,
        [heights_before, heights_after, heights_after_own]: [Raster<f32>; 3],
        registration: &'a Registration,
    ) -> Self {
        let standing = Standing::of(&heights_before);
        let noise_m =
            [before, after].map(|epoch| epoch.dsm.noise().unwrap_or(0.0)).into_iter().fold(0.0, f64::max);
        Self {
            before,
            after,
            difference,
            heights_before,
            heights_after,
            heights_after_own,
            registration,
            standing,
            noise_m,
        }
    }

    /// Measures a connected set of cells that changed by `sign`; `None` when it has no shape.
    pub fn region(&self, set: &Cells, sign: f64) -> Option<ChangeRegion> {
        let cell_m = self.difference.grid.cell_m;
        let outline = draw_largest(&self.rise(set, sign), LEAST_RISE_M)?;
        let edge_sigma_m = edge_sigma_m(outline.residual_m, cell_m);
        let standing_in = if sign > 0.0 { self.after } else { self.before };
        let changes = values(self.difference, set);
        let sum: f64 = changes.iter().sum();
        let plane = dominant(&changes);
        let mut region = ChangeRegion {
            area_m2: outline.polygon.unsigned_area(),
            area_sigma_m2: Euclidean.length(outline.polygon.exterior()) * edge_sigma_m,
            edge_sigma_m,
            outline: outline.polygon,
            height_change_m: median(plane),
            height_change_sigma_m: self.change_sigma_m(plane, set),
            height_before_m: median(dominant(&values(&self.heights_before, set))),
            height_above_ground_m: median(dominant(&values(&self.heights_after, set))),
            volume_m3: sum * cell_m * cell_m,
            roughness_m: texture::roughness(&standing_in.dsm, set),
            greenness: texture::greenness(standing_in, set),
            blind_border: 0.0,
            class: ChangeClass::Unknown,
        };
        region.blind_border = self.blind_border(set, region.height_above_ground_m);
        let own = values(&self.heights_after_own, set);
        let ground_after = median(&own) < STRUCTURE_M / 2.0;
        region.class = classify(&region, self.standing.share(set), ground_after, self.noise_m);
        Some(region)
    }

    /// The change of a set and a margin about it as heights that rise from 0.
    fn rise(&self, set: &Cells, sign: f64) -> Raster<f32> {
        let window = bounds(set, &self.difference.grid);
        let part = self.difference.grid.part(&window);
        let mut rise = Raster::filled(part, 0.0_f32);
        let members: HashSet<_> = set.iter().copied().collect();
        for ((row, col), value) in rise.cells.indexed_iter_mut() {
            let cell = (window.row + row, window.col + col);
            let change = sign as f32 * self.difference.cells[cell];
            *value = if members.contains(&cell) { change } else { change.min(0.0) };
        }
        rise
    }

    /// Share of the sides of a set, row by row, that lie under the walls or the eaves of something higher on both dates.
    fn blind_border(&self, set: &Cells, height_m: f64) -> f64 {
        let reach = (UNDER_EAVES_M / self.difference.grid.cell_m).round() as isize;
        let least_m = (height_m - LOWER_M) as f32;
        let is_blind = |(row, col): (usize, usize), (down, right): (isize, isize)| {
            let out = |i: isize| (row.wrapping_add_signed(i * down), col.wrapping_add_signed(i * right));
            let beyond = (1..=reach).map_while(|i| {
                let heights = [&self.heights_before, &self.heights_after].map(|h| h.cells.get(out(i)));
                heights[0].copied().zip(heights[1].copied())
            });
            // What rose as well is still of the thing; what was not measured tells nothing.
            let mut ends = beyond.filter(|(before, after)| *after < least_m || *before >= least_m);
            ends.next().is_some_and(|(before, after)| before >= least_m && after >= least_m)
        };
        let mut sides = Vec::new();
        for &(row, col) in set {
            for (down, right) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                let beside = (row.wrapping_add_signed(down), col.wrapping_add_signed(right));
                if set.binary_search(&beside).is_err() {
                    sides.push(is_blind((row, col), (down, right)));
                }
            }
        }
        sides.iter().filter(|&&blind| blind).count() as f64 / sides.len().max(1) as f64
    }

    /// Noise of the cells averaged over what errs independently, and the registration in height, which does not average.
    fn change_sigma_m(&self, plane: &[f64], set: &Cells) -> f64 {
        let sigmas = |epoch: &EpochSurface| median(&values(&epoch.sigma, set));
        let cell = sigmas(self.before).hypot(sigmas(self.after)).max(spread(plane));
        let area_m2 = plane.len() as f64 * self.difference.grid.cell_area_m2();
        let independent = (area_m2 / (CORRELATION_M * CORRELATION_M)).max(1.0);
        (cell / independent.sqrt()).hypot(self.registration.u_z_m)
    }
}

impl Standing {
    fn of(heights: &Raster<f32>) -> Self {
        let high = picture(&heights.cells, |&h| f64::from(h) >= STRUCTURE_M);
        let picture = connected_components(&high, Connectivity::Four, Luma([0]));
        let labels = Array2::from_shape_fn(heights.cells.dim(), |(row, col)| {
            picture.get_pixel(col as u32, row as u32).0[0]
        });
        let mut sizes = vec![0; labels.iter().max().map_or(1, |&max| max as usize + 1)];
        labels.iter().for_each(|&label| sizes[label as usize] += 1);
        Self { labels, sizes }
    }

    /// Size of a set against the structure that stood on most of it; `None` when most of it was bare.
    fn share(&self, set: &Cells) -> Option<f64> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for &cell in set {
            *counts.entry(self.labels[cell]).or_default() += 1;
        }
        let (&label, _) = counts.iter().max_by_key(|(_, count)| **count)?;
        (label > 0).then(|| set.len() as f64 / self.sizes[label as usize] as f64)
    }
}

/// Values in the cells of a set, ascending.
fn values(raster: &Raster<f32>, set: &Cells) -> Vec<f64> {
    ascending(set.iter().map(|&cell| raster.cells[cell]))
}

/// The window about a set with a cell or two to spare.
fn bounds(set: &Cells, grid: &Grid) -> Window {
    let rows = set.iter().map(|cell| cell.0);
    let cols = set.iter().map(|cell| cell.1);
    let (row, row_end) = (rows.clone().min().unwrap_or(0), rows.max().unwrap_or(0) + 1);
    let (col, col_end) = (cols.clone().min().unwrap_or(0), cols.max().unwrap_or(0) + 1);
    Window { row, col, rows: row_end - row, cols: col_end - col }.grown(2, grid.rows, grid.cols)
}
