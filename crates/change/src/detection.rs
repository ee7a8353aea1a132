//! Which differences count.

use ndarray::{Array2, Zip};
use plumbline_raster::Raster;

use crate::{CompareOptions, Registration, extremum};

/// Two-sided 95 % of a normal law.
const COVERAGE_95: f64 = 1.96;

/// Level of detection of each cell, metres: 1.96 sigma of the difference, never below the floor.
pub(crate) fn level(
    before_sigma: &Raster<f32>,
    after_sigma: &Raster<f32>,
    registration: &Registration,
    options: &CompareOptions,
) -> Raster<f32> {
    let shared = registration.u_z_m.powi(2);
    let cells = Zip::from(&before_sigma.cells).and(&after_sigma.cells).par_map_collect(|&s1, &s2| {
        let sigma = (f64::from(s1).powi(2) + f64::from(s2).powi(2) + shared).sqrt();
        (COVERAGE_95 * sigma).max(options.floor_m) as f32
    });
    Raster { grid: after_sigma.grid.clone(), cells }
}

/// How far each cell of one surface lies beyond everything that the other one shows within `radius` cells, metres,
/// signed: a wall that moved by less than the radius lies beyond nothing.
fn beyond(surface: &Array2<f32>, other: &Array2<f32>, radius: usize) -> Array2<f32> {
    let (low, high) = (extremum::minimum(other, radius), extremum::maximum(other, radius));
    Zip::from(surface).and(&low).and(&high).par_map_collect(|&h, &low, &high| {
        if h > high {
            h - high
        } else if h < low {
            h - low
        } else {
            0.0
        }
    })
}

/// Sign of the change in each cell that no shift of the surfaces by less than `radius` cells explains; 0 elsewhere.
pub(crate) fn certain(
    before: &Array2<f32>,
    after: &Array2<f32>,
    level: &Array2<f32>,
    radius: usize,
) -> Array2<i8> {
    let gained = beyond(after, before, radius);
    let lost = beyond(before, after, radius);
    Zip::from(&gained).and(&lost).and(level).par_map_collect(|&gained, &lost, &level| {
        if gained > level && -lost > level {
            1
        } else if -gained > level && lost > level {
            -1
        } else {
            0
        }
    })
}
