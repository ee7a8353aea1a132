//! Positions that are wrong, missing or of no use.

use nalgebra::Vector2;
use plumbline_fixtures::{FlightPlan, PhotoFile, PositionError};
use plumbline_geodesy::Lla;

use crate::Flight;
use crate::flight::flight_plan;

/// Metres of a degree of latitude, and of one of longitude at the site.
const DEGREE_M: (f64, f64) = (111_000.0, 88_800.0);

/// Writes another position into EXIF and XMP.
fn put(photo: &mut PhotoFile, change: impl Fn(Lla) -> Option<Lla>) {
    let place = photo.exif.place.and_then(change);
    photo.exif.place = place;
    if let Some(xmp) = &mut photo.xmp {
        xmp.place = place;
    }
}

/// A position moved on the map, metres east and north.
fn moved(p: Lla, (east_m, north_m): (f64, f64)) -> Lla {
    Lla {
        latitude_deg: p.latitude_deg + north_m / DEGREE_M.0,
        longitude_deg: p.longitude_deg + east_m / DEGREE_M.1,
        ..p
    }
}

/// An error of 8 to 16 m that differs from photo to photo.
fn astray(i: usize) -> (f64, f64) {
    let (s, c) = (2.4 * i as f64).sin_cos();
    let far_m = 8.0 + 8.0 * (0.37 * i as f64).fract();
    (far_m * c, far_m * s)
}

#[test]
fn a_sound_flight_is_placed_to_decimetres_without_a_word() {
    let placed = Flight::sound().place().placed();
    placed.right(0.2).with(12).without(&[]);
    assert!(placed.claimed_m < 0.2, "{placed:#?}");
}

#[test]
fn a_photo_ten_kilometres_off_is_left_out() {
    let mut flight = Flight::sound();
    put(&mut flight.card.photos[5], |p| Some(moved(p, (7000.0, 7000.0))));
    flight.place().placed().right(0.2).with(11).without(&["DJI_0006.JPG"]);
}

#[test]
fn a_position_sixty_metres_off_is_not_believed() {
    let mut flight = Flight::sound();
    put(&mut flight.card.photos[5], |p| Some(moved(p, (-40.0, 45.0))));
    flight.place().placed().right(0.2).with(12).saying("DJI_0006.JPG");
}

#[test]
fn latitude_and_longitude_swapped_are_no_position() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| {
        put(photo, |p| Some(Lla { latitude_deg: p.longitude_deg, longitude_deg: p.latitude_deg, ..p }));
    });
    flight.place().placed().saying("NOT_GEOREFERENCED");
}

#[test]
fn latitude_and_longitude_swapped_to_another_country_are_refused() {
    let mut flight = Flight::sound();
    // Near the diagonal of the map of the world both are possible.
    flight.each(|_, photo| {
        put(photo, |p| {
            Some(Lla { latitude_deg: p.longitude_deg - 78.0, longitude_deg: p.latitude_deg, ..p })
        });
    });
    flight.crs = "EPSG:32637";
    flight.place().refused("position");
}

#[test]
fn positions_eight_to_sixteen_metres_off_place_the_flight_to_as_much_as_is_said() {
    let mut flight = Flight::flown(FlightPlan { error: PositionError::single_point(), ..flight_plan() });
    flight.each(|i, photo| put(photo, |p| Some(moved(p, astray(i)))));
    let placed = flight.place().placed();
    placed.with(12).within(3.0 * placed.claimed_m);
    assert!((3.0..15.0).contains(&placed.claimed_m), "{placed:#?}");
}

#[test]
fn fixed_positions_that_are_eight_to_sixteen_metres_off_are_not_called_accurate() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| put(photo, |p| Some(moved(p, astray(i)))));
    let placed = flight.place().placed();
    placed.within(3.0 * placed.claimed_m).saying("positions");
    assert!((3.0..15.0).contains(&placed.claimed_m), "{placed:#?}");
}

#[test]
fn a_flight_without_any_position_is_a_model_without_a_place_and_makes_no_products() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| put(photo, |_| None));
    let placed = flight.place().placed();
    placed.with(12).saying("NOT_GEOREFERENCED");
    assert!(placed.page.contains("NOT_GEOREFERENCED") && placed.claimed_m.is_infinite(), "{placed:#?}");
    flight.process_as_written().refused("position");
}

#[test]
fn photos_without_a_position_are_named() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| {
        if i % 4 == 1 {
            put(photo, |_| None);
        }
    });
    let names = ["DJI_0002.JPG", "DJI_0006.JPG", "DJI_0010.JPG"];
    flight.place().placed().right(0.2).with(9).without(&names);
}

#[test]
fn a_drone_that_hovers_measures_no_depth_and_is_refused() {
    let reach = Vector2::new(0.6, 0.6);
    let plan = FlightPlan { reach, spacing: reach, scatter: (0.1, 0.8), ..flight_plan() };
    Flight::flown(plan).place().refused("baseline");
}
