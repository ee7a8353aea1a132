//! Attitudes that are wrong or missing.

use std::f64::consts::PI;

use plumbline_fixtures::PhotoFile;
use plumbline_scene::Attitude;

use crate::Flight;

/// Writes other gimbal angles.
fn turn(photo: &mut PhotoFile, change: impl Fn(Attitude) -> Option<Attitude>) {
    if let Some(xmp) = &mut photo.xmp {
        xmp.gimbal = xmp.gimbal.and_then(change);
    }
}

fn half_a_turn(a: Attitude) -> Attitude {
    Attitude { yaw: a.yaw - PI * a.yaw.signum(), ..a }
}

#[test]
fn a_flight_without_attitudes_is_placed() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| turn(photo, |_| None));
    flight.place().placed().right(0.2).with(12);
}

#[test]
fn headings_half_a_turn_off_are_found_out() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| turn(photo, |a| Some(half_a_turn(a))));
    flight.place().placed().right(0.3).with(12).saying("gimbal");
}

#[test]
fn a_strip_whose_headings_are_half_a_turn_off_is_found_out() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| {
        if (4..8).contains(&i) {
            turn(photo, |a| Some(half_a_turn(a)));
        }
    });
    flight.place().placed().right(0.3).with(12).saying("half a turn");
}

#[test]
fn a_gimbal_that_says_it_looks_at_the_horizon_is_refused() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| turn(photo, |a| Some(Attitude { pitch: 0.0, ..a })));
    // Photos are paired by where they say they look: strips do not find each other, and what is left contradicts the positions.
    flight.place().refused("position");
}

#[test]
fn headings_that_are_random_do_not_matter() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| turn(photo, |a| Some(Attitude { yaw: 2.4 * i as f64 - 13.0, ..a })));
    flight.place().placed().right(0.3).with(12);
}
