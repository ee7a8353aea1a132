use ndarray::parallel::prelude::*;
use plumbline_raster::{Grid, Raster, Rgba};
use serde::{Deserialize, Serialize};

use crate::compare::{MIN_STABLE_CELLS, height_offset};
use crate::dominant::{median, spread};
use crate::{EpochSurface, Offset, Registration, TerrainOptions, terrain};

/// Heights on two dates may be apart by this much as a whole and are brought together, metres: more is another datum.
const MOST_UP_M: f64 = 1.0;
/// Epochs may lie apart by less than this across the map, metres: more is another map.
const REACH_M: f64 = 3.0;
/// Side of the patches that are matched, metres: a house with what is around it.
const PATCH_M: f64 = 30.0;
/// Finest cells that are matched, metres.
const CELL_M: f64 = 0.2;
/// Fewest patches that tell a shift and how far it can be believed.
const LEAST_PATCHES: usize = 4;
/// Most patches that are matched.
const MOST_PATCHES: usize = 48;
/// Correlation of a patch that is the same on both dates.
const SAME: f64 = 0.6;
/// The correlation of a patch whose place is certain falls by this much within a metre on each side: a single long wall
/// does not hold it along the wall.
const CERTAIN_FALL: f64 = 0.02;
/// Cells between the displacements that are tried first.
const COARSE_STEP: usize = 3;
/// No shift is measured better than this, metres.
const LEAST_U_XY_M: f64 = 0.05;
/// Patches with less contrast show nothing that could be matched: metres of height, grey levels of 255.
const LEAST_RELIEF: (f64, f64) = (1.0, 6.0);

/// How far one epoch lies off another across the map, from patches that both show.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// After minus before, east, metres.
    pub east_m: f64,
    /// After minus before, north, metres.
    pub north_m: f64,
    /// Robust spread of the patches about that, metres: warps remain.
    pub spread_m: f64,
    /// Patches that were used.
    pub patches: usize,
}

/// How two epochs that no adjustment tied lie on each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Coregistration {
    /// Shift that was measured; `None` where too little that both show holds a place.
    pub shift: Option<Shift>,
    /// Height offset on ground that both show.
    pub offset: Offset,
    /// Why their heights must not be compared, in Chinese and English; `None` where they may.
    pub refusal: Option<(String, String)>,
    /// What it means for a comparison.
    pub registration: Registration,
}

/// Measures how two epochs lie on each other and moves the earlier one onto the later where they are apart by more than
/// half a cell.
///
/// Patches of 30 m are matched by normalised cross-correlation of their heights, or of their greys where an epoch is an
/// orthophoto alone; the median of the patches is the shift, their spread its uncertainty.
pub fn coregister(before: &mut EpochSurface, after: &EpochSurface) -> Coregistration {
    let have_heights = before.has_heights() && after.has_heights();
    let shift = if have_heights {
        shift(&before.dsm, &after.dsm, LEAST_RELIEF.0)
    } else {
        let greys = before.ortho.as_ref().zip(after.ortho.as_ref());
        greys.and_then(|(before, after)| shift(&grey(before), &grey(after), LEAST_RELIEF.1))
    };
    let own_xy_m = before.quality.u_xy_m.hypot(after.quality.u_xy_m);
    let mut u_xy_m = own_xy_m;
    if let Some(shift) = shift {
        let is_moved = shift.length_m() > 0.5 * after.dsm.grid.cell_m;
        u_xy_m = shift.spread_m.max(LEAST_U_XY_M);
        if is_moved {
            before.move_by(shift.east_m, shift.north_m);
        } else {
            u_xy_m = u_xy_m.hypot(shift.length_m());
        }
    }
    let offset = if have_heights { common_ground(before, after) } else { Offset::default() };
    let refusal = refusal(before, after, &offset);
    let reason = refusal.as_ref().map(|(zh, en)| format!("{zh} / {en}"));
    let registration = Registration {
        u_xy_m,
        u_z_m: offset.spread_m,
        comparable: refusal.is_none(),
        reason: reason
            .unwrap_or_else(|| "按两期共有地物配准 / laid onto each other by what both show".to_owned()),
    };
    Coregistration { shift, offset, refusal, registration }
}

impl Shift {
    /// Length of the shift, metres.
    pub fn length_m(&self) -> f64 {
        self.east_m.hypot(self.north_m)
    }
}

/// Why heights of the two must not be compared.
fn refusal(before: &EpochSurface, after: &EpochSurface, offset: &Offset) -> Option<(String, String)> {
    if let Some(flat) = [before, after].into_iter().find(|epoch| !epoch.has_heights()) {
        let id = &flat.id;
        return Some((
            format!("期次 {id} 只有正射影像、没有地表模型，高差不能比较"),
            format!("epoch {id} is an orthophoto without a surface model: heights cannot be compared"),
        ));
    }
    if offset.cells < MIN_STABLE_CELLS {
        return Some((
            "两期没有足够的共同地面，高程无法统一".to_owned(),
            "the epochs share too little ground to bring their heights together".to_owned(),
        ));
    }
    let up_m = offset.up_m;
    (up_m.abs() > MOST_UP_M).then(|| {
        (
            format!("两期未变地面的高程相差 {up_m:+.2} m，超过 {MOST_UP_M:.0} m，应是高程基准不同；请统一基准后重新导入"),
            format!(
                "unchanged ground lies {up_m:+.2} m apart, more than {MOST_UP_M:.0} m: the heights count from different \
                 surfaces; bring them to one datum and import again"
            ),
        )
    })
}

fn common_ground(before: &EpochSurface, after: &EpochSurface) -> Offset {
    let before = before.dsm.onto(&after.dsm.grid);
    let options = TerrainOptions::default();
    let grounds = (terrain(&before, &options), terrain(&after.dsm, &options));
    height_offset(&before, &after.dsm, &grounds)
}

/// The shift that most patches agree on.
fn shift(before: &Raster<f32>, after: &Raster<f32>, least_relief: f64) -> Option<Shift> {
    let grid = common_grid(&before.grid, &after.grid)?;
    let reach = (REACH_M / grid.cell_m).floor() as usize;
    let side = (PATCH_M / grid.cell_m) as usize;
    let (before, after) = (before.onto(&grid), after.onto(&grid));
    let places: Vec<_> = grid.tiles(side).into_iter().filter(|w| w.rows == side && w.cols == side).collect();
    let every = places.len().div_ceil(MOST_PATCHES).max(1);
    let places: Vec<_> = places.into_iter().step_by(every).collect();
    let matched = places.into_par_iter().filter_map(|w| {
        Match { before: &before, after: &after, corner: (w.row, w.col), side, reach }.best(least_relief)
    });
    let shifts: Vec<(f64, f64)> = matched.collect();
    if shifts.len() < LEAST_PATCHES {
        return None;
    }
    let sorted = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = shifts.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (rows, cols) = (sorted(|s| s.0), sorted(|s| s.1));
    Some(Shift {
        east_m: median(&cols) * grid.cell_m,
        north_m: -median(&rows) * grid.cell_m,
        spread_m: spread(&rows).max(spread(&cols)) * grid.cell_m,
        patches: shifts.len(),
    })
}

/// Cells over the area that both cover, no finer than either.
fn common_grid(a: &Grid, b: &Grid) -> Option<Grid> {
    let ((west, south, east, north), (w, s, e, n)) = (a.bounds(), b.bounds());
    let common = (west.max(w), south.max(s), east.min(e), north.min(n));
    let cell_m = a.cell_m.max(b.cell_m).max(CELL_M);
    (common.2 - common.0 > PATCH_M && common.3 - common.1 > PATCH_M)
        .then(|| Grid::covering(a.crs.clone(), common, cell_m))
}

/// A patch of the later epoch and where it is looked for in the earlier one.
struct Match<'a> {
    before: &'a Raster<f32>,
    after: &'a Raster<f32>,
    corner: (usize, usize),
    side: usize,
    reach: usize,
}

impl Match<'_> {
    /// Rows and columns that the patch lies further down and right in the later epoch, to a fraction of a cell.
    fn best(&self, least_relief: f64) -> Option<(f64, f64)> {
        if self.relief() < least_relief {
            return None;
        }
        let coarse = self.highest((0, 0), self.reach, COARSE_STEP)?;
        let (row, col) = self.highest(coarse, COARSE_STEP - 1, 1)?;
        let top = self.score((row, col))?;
        let is_inside = row.unsigned_abs() < self.reach && col.unsigned_abs() < self.reach;
        if top < SAME || !is_inside {
            return None;
        }
        let metre = (1.0 / self.after.grid.cell_m).ceil() as isize;
        let around = [(metre, 0), (-metre, 0), (0, metre), (0, -metre)];
        let falls = |(r, c): (isize, isize)| {
            self.score((row + r, col + c)).is_some_and(|score| top - score > CERTAIN_FALL)
        };
        if !around.into_iter().all(falls) {
            return None;
        }
        let vertex = |less: f64, more: f64| 0.5 * (less - more) / (less - 2.0 * top + more).min(-1e-9);
        let (above, below) = (self.score((row - 1, col))?, self.score((row + 1, col))?);
        let (left, right) = (self.score((row, col - 1))?, self.score((row, col + 1))?);
        Some((row as f64 + vertex(above, below), col as f64 + vertex(left, right)))
    }

    /// The displacement about another one, at most `reach` off it in steps, that correlates best.
    fn highest(&self, about: (isize, isize), reach: usize, step: usize) -> Option<(isize, isize)> {
        let reach = reach as isize;
        let line = || (-reach..=reach).step_by(step);
        let window = line().flat_map(|row| line().map(move |col| (about.0 + row, about.1 + col)));
        let scored = window.filter_map(|at| Some((at, self.score(at)?)));
        scored.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    }

    /// Standard deviation of the patch.
    fn relief(&self) -> f64 {
        let values = self.cells().filter_map(|cell| {
            let value = f64::from(self.after.cells[cell]);
            value.is_finite().then_some((value, 1.0, value * value))
        });
        let (sum, n, squares) = values.fold((0.0, 0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
        if 2.0 * n < (self.side * self.side) as f64 {
            0.0
        } else {
            (squares / n - (sum / n).powi(2)).max(0.0).sqrt()
        }
    }

    /// Normalised cross-correlation of the patch with the earlier epoch, displaced by so many rows and columns; `None` where
    /// less than half of the cells has data on both dates.
    fn score(&self, (down, right): (isize, isize)) -> Option<f64> {
        let mut sums = [0.0; 6];
        for (row, col) in self.cells() {
            let from = row.checked_add_signed(-down).zip(col.checked_add_signed(-right));
            let Some(&b) = from.and_then(|from| self.before.cells.get(from)) else { continue };
            let a = self.after.cells[(row, col)];
            if a.is_finite() && b.is_finite() {
                let (a, b) = (f64::from(a), f64::from(b));
                for (sum, part) in sums.iter_mut().zip([1.0, a, b, a * a, b * b, a * b]) {
                    *sum += part;
                }
            }
        }
        let [n, a, b, aa, bb, ab] = sums;
        let variances = (n * aa - a * a) * (n * bb - b * b);
        (2.0 * n > (self.side * self.side) as f64 && variances > 0.0)
            .then(|| (n * ab - a * b) / variances.sqrt())
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize)> {
        let (row, col) = self.corner;
        let side = self.side;
        (row..row + side).flat_map(move |row| (col..col + side).map(move |col| (row, col)))
    }
}

/// Grey levels; NaN where nothing is covered.
fn grey(ortho: &Raster<Rgba>) -> Raster<f32> {
    let cells = ortho.cells.mapv(|[r, g, b, covered]| {
        if covered == 0 {
            f32::NAN
        } else {
            0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
        }
    });
    Raster { grid: ortho.grid.clone(), cells }
}

#[cfg(test)]
mod tests {
    use geo::Translate;

    use super::*;
    use crate::testing::{Site, block};

    /// A town of sixteen houses, seen with all of it displaced.
    fn town(east: f64, north: f64, seed: u64) -> Site {
        let places = (0..16).map(|i| (20.0 + 30.0 * f64::from(i % 4), 18.0 + 30.0 * f64::from(i / 4)));
        let houses =
            places.enumerate().map(|(i, at)| block(at, (11.0, 8.0 + 0.5 * i as f64), 8.0 * i as f64));
        let site = houses
            .fold(Site::flat(130.0, seed), |site, house| site.with(&house.translate(east, north), 58.0));
        site.noisy(0.05)
    }

    #[test]
    fn an_epoch_that_lies_off_is_measured_and_moved() {
        let (mut before, after) = (town(0.0, 0.0, 1).epoch(0.05), town(0.93, -0.48, 2).epoch(0.05));
        let found = coregister(&mut before, &after);
        let shift = found.shift.unwrap();
        assert!((shift.east_m - 0.93).abs() < 0.05 && (shift.north_m + 0.48).abs() < 0.05, "{shift:?}");
        assert!(shift.spread_m < 0.1 && found.registration.comparable, "{found:?}");
        assert!((before.dsm.grid.west - shift.east_m).abs() < 1e-9);
    }

    #[test]
    fn a_new_house_does_not_displace_its_town() {
        let (mut before, after) = (town(0.0, 0.0, 1), town(0.0, 0.0, 2));
        let mut before = std::mem::replace(&mut before, Site::flat(1.0, 0)).epoch(0.05);
        let after = after.with(&block((35.0, 35.0), (12.0, 12.0), 0.0), 60.0).epoch(0.05);
        let shift = coregister(&mut before, &after).shift.unwrap();
        assert!(shift.length_m() < 0.05, "{shift:?}");
    }

    #[test]
    fn open_land_holds_no_place_and_says_so() {
        let (mut before, after) =
            (Site::flat(130.0, 1).noisy(0.05).epoch(0.05), Site::flat(130.0, 2).noisy(0.05).epoch(0.05));
        let found = coregister(&mut before, &after);
        assert_eq!(found.shift, None);
        assert!(
            (found.registration.u_xy_m - 0.2 * 2.0_f64.sqrt()).abs() < 1e-9,
            "that of the epochs: {found:?}"
        );
    }

    #[test]
    fn another_height_datum_is_told_and_not_taken_out() {
        let mut raised = town(0.0, 0.0, 2);
        raised.dsm.cells += 16.5;
        let found = coregister(&mut town(0.0, 0.0, 1).epoch(0.05), &raised.epoch(0.05));
        assert!((found.offset.up_m - 16.5).abs() < 0.02, "{found:?}");
        assert!(
            !found.registration.comparable && found.registration.reason.contains("+16.50 m"),
            "{found:?}"
        );
    }

    #[test]
    fn an_orthophoto_alone_is_laid_on_by_its_greys_and_its_heights_are_not_compared() {
        let painted = |east: f64, seed| {
            let mut epoch = town(east, 0.0, seed).epoch(0.05);
            let ortho = epoch.ortho.as_mut().unwrap();
            for (pixel, height) in ortho.cells.iter_mut().zip(&epoch.dsm.cells) {
                *pixel = if *height > 54.0 { [230, 150, 140, 255] } else { *pixel };
            }
            epoch.dsm.cells.fill(f32::NAN);
            epoch
        };
        let found = coregister(&mut painted(0.0, 1), &painted(0.6, 2));
        let shift = found.shift.unwrap();
        assert!((shift.east_m - 0.6).abs() < 0.06 && shift.north_m.abs() < 0.06, "{shift:?}");
        assert!(!found.registration.comparable && found.registration.reason.contains("orthophoto"));
    }
}
