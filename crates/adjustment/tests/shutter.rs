//! Flights whose cameras move while the rows of a photo are read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod flight;

use flight::{Flight, Flown, fly};
use plumbline_adjustment::{Adjustment, Options, Survey, adjust};

/// Uncertainty of a readout time of which nothing is known, seconds.
const UNKNOWN_S: f64 = 0.03;

fn flown(readout_s: f64) -> Flown {
    fly(&Flight {
        readout: (readout_s, 10.0),
        gnss: (nalgebra::Vector3::zeros(), 0.03),
        grid: (5, 8),
        ..Flight::default()
    })
}

/// Adjusted with a readout time as uncertain as said.
fn adjusted(flown: &mut Flown, readout_sigma_s: f64) -> Adjustment {
    flown.prior.cameras[0].readout_sigma_s = readout_sigma_s;
    let ground: Vec<_> = flown.ground(40, 0.01).split_off(5);
    let survey = Survey { prior: &flown.prior, tracks: &flown.tracks, ground: &ground, earlier: None };
    adjust(&survey, &Options::default()).unwrap()
}

#[test]
fn a_readout_time_is_found_and_takes_its_error_out_of_the_block() {
    let mut flown = flown(0.04);
    let (blind, seeing) = (adjusted(&mut flown, 0.0), adjusted(&mut flown, UNKNOWN_S));
    let (camera, sigma_s) = (&seeing.report.cameras[0].after, seeing.report.cameras[0].sigma[8]);
    assert!((camera.readout_s - 0.04).abs() < 3.0 * sigma_s, "{} ± {sigma_s}", camera.readout_s);
    assert!((1e-5..4e-3).contains(&sigma_s), "{sigma_s}");
    // 0.4 m during the readout shrink every photo's view of the ground by half a percent along the flight. Strips that lean towards one
    // another take that up, so the pixels hardly tell; a pixel is 9 cm on the ground.
    let across_m = |a: &Adjustment| a.report.ground.check_rmse_m.unwrap().xy().norm();
    let (blind_m, seeing_m) = (across_m(&blind), across_m(&seeing));
    assert!(blind_m > 2.0 * seeing_m, "{blind_m} and {seeing_m} m");
    assert!((0.005..0.045).contains(&seeing_m), "{seeing_m} m");
}

#[test]
fn a_global_shutter_is_found_to_be_one() {
    let report = adjusted(&mut flown(0.0), UNKNOWN_S).report;
    let (readout_s, sigma_s) = (report.cameras[0].after.readout_s, report.cameras[0].sigma[8]);
    assert!(readout_s.abs() < 3.0 * sigma_s, "{readout_s} ± {sigma_s}");
}

#[test]
fn a_readout_time_that_is_held_makes_no_point_less_certain() {
    let mut flown = flown(0.0);
    let moving = adjusted(&mut flown, 0.0).report.ground.points;
    flown.prior.views.iter_mut().for_each(|view| view.velocity = nalgebra::Vector3::zeros());
    let still = adjusted(&mut flown, 0.0).report.ground.points;
    for (moving, still) in moving.iter().zip(&still) {
        let (moving, still) = (moving.sigma_m.unwrap(), still.sigma_m.unwrap());
        assert!((moving - still).norm() < 1e-4 * still.norm(), "{moving} and {still}");
        assert!((0.001..0.2).contains(&still.z), "{still}");
    }
}
