use std::fmt;

use nalgebra::{Matrix4, Vector4};

use crate::surface_score::{ascending, quantile};

/// Rounds of leaving out what lies far off the fit.
const ROUNDS: usize = 3;

/// Errors that are kept, in robust standard deviations.
const KEPT: f64 = 3.0;

/// By how much a flight as a whole lies off in height: what its adjustment leaves open, which no sigma of its surface knows of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockOffset {
    /// In the middle of the site at its usual height, metres.
    pub up_m: f64,
    /// Metres for each metre east and north.
    pub tilt: [f64; 2],
    /// Of heights, metres for each metre.
    pub scale: f64,
    middle: [f64; 3],
}

/// How far a cell lies off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CellError {
    /// Where it truly lies, metres east, north and up.
    pub place: [f64; 3],
    /// Height less its truth, metres.
    pub error_m: f64,
    /// What the surface says of it, metres.
    pub sigma_m: f64,
}

impl BlockOffset {
    /// The shift, tilt and scale that fit best to the errors of level cells.
    pub(crate) fn of(cells: &[CellError]) -> Self {
        let middle =
            std::array::from_fn(|axis| quantile(&ascending(cells.iter().map(|cell| cell.place[axis])), 0.5));
        let up_m = quantile(&ascending(cells.iter().map(|cell| cell.error_m)), 0.5);
        let mut offset = Self { up_m, tilt: [0.0; 2], scale: 0.0, middle };
        for _ in 0..ROUNDS {
            offset = offset.refit(cells).unwrap_or(offset);
        }
        offset
    }

    /// What is left of a cell's error, metres.
    pub(crate) fn rest_m(&self, cell: &CellError) -> f64 {
        let explained = Vector4::new(self.up_m, self.tilt[0], self.tilt[1], self.scale);
        cell.error_m - self.factors(cell).dot(&explained)
    }

    /// Fits again to the cells that are not far off; `None` where they do not fix it.
    fn refit(&self, cells: &[CellError]) -> Option<Self> {
        let rests = ascending(cells.iter().map(|cell| self.rest_m(cell).abs()));
        let most = KEPT * 1.4826 * quantile(&rests, 0.5);
        let (mut normal, mut right) = (Matrix4::zeros(), Vector4::zeros());
        for cell in cells.iter().filter(|cell| self.rest_m(cell).abs() <= most) {
            let factors = self.factors(cell);
            normal += factors * factors.transpose();
            right += factors * cell.error_m;
        }
        let fit = normal.cholesky()?.solve(&right);
        Some(Self { up_m: fit[0], tilt: [fit[1], fit[2]], scale: fit[3], middle: self.middle })
    }

    fn factors(&self, cell: &CellError) -> Vector4<f64> {
        let [east, north, up] = std::array::from_fn(|axis| cell.place[axis] - self.middle[axis]);
        Vector4::new(1.0, east, north, up)
    }
}

/// Centimetres up, centimetres of tilt in a hundred metres, millionths of scale.
impl fmt::Display for BlockOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tilt = 1e4 * self.tilt[0].hypot(self.tilt[1]);
        write!(f, "{:+.1} {tilt:.1} {:+.0}", 100.0 * self.up_m, 1e6 * self.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_tilt_and_scale_are_found_beside_wrong_heights() {
        let cell = |i: u32| {
            let place = [f64::from(i % 40) * 5.0, f64::from(i / 40) * 3.0, 60.0 + f64::from(i * 7 % 30)];
            let bent = 0.01 + 2e-5 * (place[0] - 100.0) - 1e-5 * (place[1] - 45.0) + 3e-4 * (place[2] - 74.0);
            CellError { place, error_m: if i.is_multiple_of(13) { 4.0 } else { bent }, sigma_m: 0.005 }
        };
        let cells: Vec<CellError> = (0..1200).map(cell).collect();
        let offset = BlockOffset::of(&cells);
        assert!((offset.tilt[0] - 2e-5).abs() < 1e-9 && (offset.tilt[1] + 1e-5).abs() < 1e-9, "{offset:?}");
        assert!((offset.scale - 3e-4).abs() < 1e-9, "{offset:?}");
        assert!(offset.rest_m(&cells[1]).abs() < 1e-9 && (offset.rest_m(&cells[13]) - 4.0).abs() < 0.1);
    }
}
