//! Too few photos, or too little in common.

use nalgebra::Vector2;
use plumbline_fixtures::FlightPlan;

use crate::Flight;
use crate::flight::flight_plan;

#[test]
fn one_photo_is_refused() {
    let mut flight = Flight::sound();
    flight.keep(|i| i == 0);
    flight.place().refused("1 photo");
}

#[test]
fn two_photos_are_placed_or_refused() {
    let mut flight = Flight::sound();
    flight.keep(|i| i < 2);
    if let crate::Outcome::Placed(placed) = flight.place() {
        placed.right(0.5).with(2);
    }
}

#[test]
fn a_strip_without_attitudes_may_be_tilted() {
    let mut flight = Flight::sound();
    flight.keep(|i| i < 4);
    flight.each(|_, photo| photo.xmp.as_mut().unwrap().gimbal = None);
    flight.place().refused_or_doubted("line");
}

#[test]
fn photos_that_overlap_by_a_twentieth_are_not_placed_as_if_they_did() {
    // A photo sees 119 m x 89 m of the ground.
    let spacing = Vector2::new(113.0, 85.0);
    let plan = FlightPlan { reach: spacing, spacing, ..flight_plan() };
    let outcome = Flight::flown(plan).place();
    if let crate::Outcome::Placed(placed) = outcome {
        placed.within(0.5);
        assert!(placed.left_out.len() >= 4, "{placed:#?}");
    }
}

#[test]
fn of_a_flight_in_two_halves_one_is_placed_and_the_other_named() {
    let plan =
        FlightPlan { reach: Vector2::new(80.0, 48.0), spacing: Vector2::new(160.0, 24.0), ..flight_plan() };
    let placed = Flight::flown(plan).place().placed();
    placed.within(0.3).with(5).saying("tilt");
    assert_eq!(placed.left_out.len(), 5, "{placed:#?}");
}
