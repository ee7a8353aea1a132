use image::RgbImage;
use ndarray::Array2;
use plumbline_geodesy::MapPoint;
use plumbline_raster::{Grid, Raster, Rgba, Window};
use rayon::prelude::*;

use crate::balance::{Gain, corrected};
use crate::eye::{Eye, Sight};
use crate::height_field::{HeightField, Place};
use crate::raised::Raised;
use crate::{NO_SOURCE, Options, sampling};

/// Cells of the orthophoto and the views that could colour them.
pub(crate) struct Choice<'a> {
    pub eyes: Vec<Eye>,
    pub field: HeightField,
    /// Grid of the orthophoto.
    pub grid: Grid,
    pub options: &'a Options,
}

/// A surface point under the centre of a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub point: MapPoint,
    pub place: Place,
}

/// Views that are tried for a patch at most; beyond, they look too slantwise to be of use.
const MOST_CANDIDATES: usize = 16;

/// An odd cell out among so many of its eight neighbours is noise of the DSM, not an edge.
const MAJORITY: usize = 6;

/// What stands apart from the ground, and the views that may colour each, the steepest first.
struct Roofs<'e> {
    raised: Raised,
    candidates: Vec<Vec<&'e Eye>>,
}

impl<'e> Roofs<'e> {
    fn candidates_at(&self, place: &Place) -> Option<&Vec<&'e Eye>> {
        self.raised.at(place.row as usize, place.col as usize).map(|surface| &self.candidates[surface])
    }
}

impl Choice<'_> {
    /// Row and column of the DSM, with fractions, under a cell's centre.
    pub(crate) fn on_field(&self, row: usize, col: usize) -> (f64, f64) {
        let (own, field) = (&self.grid, &self.field.grid);
        let scale = own.cell_m / field.cell_m;
        let (down, right) = field.position(own.west, own.north);
        (down + (row as f64 + 0.5) * scale, right + (col as f64 + 0.5) * scale)
    }

    /// The surface under a cell's centre; `None` in a hole.
    pub(crate) fn spot(&self, row: usize, col: usize) -> Option<Spot> {
        let (east, north) = self.grid.center(row, col);
        let (field_row, field_col) = self.on_field(row, col);
        let height = f64::from(self.field.height(field_row, field_col));
        let place = Place { row: field_row, col: field_col, height };
        (!height.is_nan()).then_some(Spot { point: MapPoint { east, north, height }, place })
    }

    /// Where a view sees a spot inside its photo, if nothing stands between.
    pub(crate) fn sight(&self, eye: &Eye, spot: &Spot) -> Option<Sight> {
        let sight = eye.sight(&spot.point).filter(|s| eye.inset(&s.pixel) > 0.0)?;
        self.field.sees(&eye.place, &spot.place, self.options.clearance_m).then_some(sight)
    }

    /// What the photo of a view shows of a cell, with the factors of the view; coverage 0 where the cell has no height or the
    /// view looks elsewhere.
    pub(crate) fn colour(
        &self,
        view: usize,
        photo: &RgbImage,
        (row, col): (usize, usize),
        gain: &Gain,
    ) -> Rgba {
        let sight = self.spot(row, col).and_then(|spot| self.eyes[view].sight(&spot.point));
        sight.map_or([0; 4], |sight| {
            corrected(sampling::colour(photo, &sight.pixel, self.grid.cell_m * sight.px_per_m), gain)
        })
    }

    /// Views that may see a patch, the steepest first; none over a patch that is all hole.
    pub(crate) fn candidates(&self, patch: &Window) -> Vec<&Eye> {
        let Some((lowest, highest)) = self.extremes(patch) else { return Vec::new() };
        let radius_m = self.grid.cell_m * (patch.rows.max(patch.cols) as f64) * 0.75;
        let reaches = |eye: &Eye, spot: &Spot| {
            eye.sight(&spot.point).is_some_and(|s| {
                let shorter = eye.shorter_side_px();
                eye.inset(&s.pixel) > -radius_m * s.px_per_m / shorter
            })
        };
        let mut found: Vec<(f64, &Eye)> = self
            .eyes
            .iter()
            .filter(|eye| reaches(eye, &lowest) || reaches(eye, &highest))
            .map(|eye| (eye.obliqueness(&lowest.place, self.field.grid.cell_m), eye))
            .filter(|(obliqueness, _)| obliqueness.is_finite())
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().take(MOST_CANDIDATES).map(|(_, eye)| eye).collect()
    }

    /// The centre of a patch at the patch's lowest and highest surface.
    fn extremes(&self, patch: &Window) -> Option<(Spot, Spot)> {
        let cells = (patch.row..patch.row + patch.rows)
            .flat_map(|r| (patch.col..patch.col + patch.cols).map(move |c| (r, c)));
        let heights = cells.filter_map(|(row, col)| self.spot(row, col)).map(|spot| spot.place.height);
        let (lowest, highest) =
            heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), h| (a.min(h), b.max(h)));
        let (east, north) = self.grid.center(patch.row + patch.rows / 2, patch.col + patch.cols / 2);
        let (row, col) = self.field.grid.position(east, north);
        let at =
            |height: f64| Spot { point: MapPoint { east, north, height }, place: Place { row, col, height } };
        (lowest <= highest).then(|| (at(lowest), at(highest)))
    }

    /// Which view colours each cell.
    pub(crate) fn sources(&self, progress: &(dyn Fn() + Sync)) -> Raster<u16> {
        let raised = Raised::of(&self.field.heights, self.field.grid.cell_area_m2());
        let roofs = Roofs {
            candidates: raised.windows.par_iter().map(|w| self.candidates(&self.covered(w))).collect(),
            raised,
        };
        let patches = self.grid.tiles(self.options.patch_cells.max(1));
        let per_row = self.grid.cols.div_ceil(self.options.patch_cells.max(1));
        let chosen: Vec<Vec<u16>> = patches
            .par_chunks(per_row)
            .flat_map_iter(|strip| {
                let chosen: Vec<Vec<u16>> =
                    strip.iter().map(|patch| self.patch_sources(patch, &roofs)).collect();
                progress();
                chosen
            })
            .collect();
        let mut sources = Raster::filled(self.grid.clone(), NO_SOURCE);
        for (patch, chosen) in patches.iter().zip(chosen) {
            for (i, source) in chosen.into_iter().enumerate() {
                sources.cells[(patch.row + i / patch.cols, patch.col + i % patch.cols)] = source;
            }
        }
        Raster { cells: self.smoothed(&sources.cells), grid: sources.grid }
    }

    fn patch_sources(&self, patch: &Window, roofs: &Roofs<'_>) -> Vec<u16> {
        let candidates = self.candidates(patch);
        let cells =
            (0..patch.rows * patch.cols).map(|i| (patch.row + i / patch.cols, patch.col + i % patch.cols));
        let source = |spot: &Spot| {
            let candidates = roofs.candidates_at(&spot.place).unwrap_or(&candidates);
            self.steepest(spot, candidates).map_or(NO_SOURCE, |eye| eye.view_idx as u16)
        };
        cells.map(|(row, col)| self.spot(row, col).map_or(NO_SOURCE, |spot| source(&spot))).collect()
    }

    /// Cells of the orthophoto under a window of the DSM.
    fn covered(&self, window: &Window) -> Window {
        let ratio = self.field.grid.cell_m / self.grid.cell_m;
        let cut = |at: usize, end: usize| ((at as f64 * ratio) as usize).min(end - 1);
        let (row, col) = (cut(window.row, self.grid.rows), cut(window.col, self.grid.cols));
        let bottom = cut(window.row + window.rows, self.grid.rows).max(row + 1);
        let right = cut(window.col + window.cols, self.grid.cols).max(col + 1);
        Window { row, col, rows: bottom - row, cols: right - col }
    }

    /// The first candidate that sees the spot away from the rim of its photo, else the first that sees it at all.
    fn steepest<'e>(&self, spot: &Spot, candidates: &[&'e Eye]) -> Option<&'e Eye> {
        let mut at_rim = None;
        for eye in candidates {
            let Some(sight) = self.sight(eye, spot) else { continue };
            if eye.inset(&sight.pixel) > self.options.rim {
                return Some(eye);
            }
            at_rim = at_rim.or(Some(*eye));
        }
        at_rim
    }

    /// Gives single odd cells the source of their neighbours, so that noise of the DSM does not pepper the picture.
    fn smoothed(&self, sources: &Array2<u16>) -> Array2<u16> {
        let (rows, cols) = sources.dim();
        let cells: Vec<u16> = (0..rows * cols)
            .into_par_iter()
            .map(|i| {
                let (row, col) = (i / cols, i % cols);
                let own = sources[(row, col)];
                let Some(common) = majority(sources, row, col).filter(|&m| m != own) else { return own };
                let seen =
                    self.spot(row, col).and_then(|spot| self.eyes[usize::from(common)].sight(&spot.point));
                let inside = seen.is_some_and(|s| self.eyes[usize::from(common)].inset(&s.pixel) > 0.0);
                if inside { common } else { own }
            })
            .collect();
        Array2::from_shape_fn((rows, cols), |(row, col)| cells[row * cols + col])
    }
}

/// The view that most neighbours of a cell share.
fn majority(sources: &Array2<u16>, row: usize, col: usize) -> Option<u16> {
    let (rows, cols) = sources.dim();
    if row == 0 || col == 0 || row + 1 == rows || col + 1 == cols {
        return None;
    }
    let mut around = [NO_SOURCE; 8];
    let offsets = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)];
    for (slot, (i, j)) in around.iter_mut().zip(offsets) {
        *slot = sources[(row + i - 1, col + j - 1)];
    }
    around.sort_unstable();
    let middle = around[4];
    let votes = around.iter().filter(|&&s| s == middle).count();
    (middle != NO_SOURCE && votes >= MAJORITY).then_some(middle)
}
