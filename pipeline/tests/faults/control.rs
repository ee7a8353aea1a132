//! Surveyed points that are wrong.

use plumbline_fixtures::Mark;
use plumbline_geodesy::MapPoint;

use crate::{Flight, Outcome};

/// Places a flight by its control points, as changed by `spoil`.
fn place(crs: &str, spoil: impl FnOnce(&mut Vec<Mark>)) -> Outcome {
    let mut flight = Flight::sound();
    let mut marks = flight.card.marks.clone();
    spoil(&mut marks);
    let list = flight.beside("gcp_list.txt", Mark::list(crs, &marks));
    flight.arguments = vec!["--control".into(), list];
    flight.place()
}

#[test]
fn good_control_points_hold_the_flight() {
    place("EPSG:4547", |_| ()).placed().right(0.2).with(12);
}

#[test]
fn control_points_place_a_flight_that_has_no_position_at_all() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| {
        photo.exif.place = None;
        if let Some(xmp) = &mut photo.xmp {
            xmp.place = None;
        }
    });
    let list = flight.beside("gcp_list.txt", Mark::list("EPSG:4547", &flight.card.marks));
    flight.arguments = vec!["--control".into(), list];
    // Only points on the ground hold it: half a pixel of 19 cm a mark leaves the cameras, 80 m up, uncertain by decimetres.
    flight.place().placed().right(0.8).with(12);
}

#[test]
fn a_control_point_with_swapped_axes_is_named() {
    let placed = place("EPSG:4547", |marks| {
        for mark in marks.iter_mut().filter(|mark| mark.point == "G2") {
            mark.at = MapPoint { east: mark.at.north, north: mark.at.east, ..mark.at };
        }
    });
    placed.placed().right(0.2).with(12).saying("G2");
}

#[test]
fn control_points_that_are_all_swapped_are_refused() {
    let placed = place("EPSG:4547", |marks| {
        for mark in marks.iter_mut() {
            mark.at = MapPoint { east: mark.at.north, north: mark.at.east, ..mark.at };
        }
    });
    placed.refused("control points");
}

#[test]
fn a_mark_on_the_wrong_photo_is_named() {
    let placed = place("EPSG:4547", |marks| {
        let right = marks.iter().position(|mark| mark.point == "G3").unwrap();
        let wrong = marks.iter().find(|mark| mark.photo != marks[right].photo && mark.point != "G3").unwrap();
        marks[right].photo = wrong.photo.clone();
    });
    placed.placed().right(0.2).with(12).saying("G3");
}

#[test]
fn a_control_point_five_metres_off_is_named() {
    let placed = place("EPSG:4547", |marks| {
        marks.iter_mut().filter(|mark| mark.point == "G4").for_each(|mark| mark.at.north += 5.0);
    });
    placed.placed().right(0.2).with(12).saying("G4");
}

#[test]
fn control_points_of_another_zone_are_refused() {
    // 117 instead of 114 degrees east: 270 km away.
    place("EPSG:4548", |_| ()).refused("G1");
}

#[test]
fn marks_in_photos_that_are_not_there_are_refused() {
    let outcome = place("EPSG:4547", |marks| {
        for mark in marks.iter_mut() {
            mark.photo = mark.photo.replace("DJI", "IMG");
        }
    });
    outcome.refused("IMG_");
}
