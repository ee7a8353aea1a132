//! Folders that are not in order.

use std::fs;

use chrono::TimeDelta;

use crate::Flight;

#[test]
fn a_photo_cut_off_in_the_middle_of_a_strip_is_left_out() {
    let flight = Flight::sound();
    flight.write();
    let path = flight.folder().join("DJI_0006.JPG");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    flight.place_as_written().placed().right(0.2).with(11).without(&["DJI_0006.JPG"]);
}

#[test]
fn photos_in_folders_of_the_folder_are_not_passed_over_in_silence() {
    let flight = Flight::sound();
    for (folder, of) in [("101MEDIA", 0..6), ("102MEDIA", 6..12)] {
        let folder = flight.folder().join(folder);
        fs::create_dir(&folder).unwrap();
        for (i, photo) in flight.card.photos[of].iter().enumerate() {
            let name = format!("DJI_{:04}.JPG", i + 1);
            plumbline_fixtures::PhotoFile { name, ..photo.clone() }.write(&folder).unwrap();
        }
    }
    flight.place_as_written().refused("101MEDIA");
}

#[test]
fn one_photo_under_twelve_names_is_one_photo() {
    let mut flight = Flight::sound();
    let first = flight.card.photos[0].clone();
    flight.each(|_, photo| {
        *photo = plumbline_fixtures::PhotoFile { name: photo.name.clone(), ..first.clone() };
    });
    flight.place().refused("1 photo");
}

#[test]
fn a_clock_that_jumps_does_not_matter() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| photo.exif.taken += TimeDelta::hours([0, 5, -3][i % 3]));
    flight.place().placed().right(0.2).with(12);
}

#[test]
fn a_clock_that_stands_still_does_not_matter() {
    let mut flight = Flight::sound();
    let noon = flight.card.photos[0].exif.taken;
    flight.each(|_, photo| photo.exif.taken = noon);
    flight.place().placed().right(0.2).with(12);
}

#[test]
fn of_two_sites_in_one_folder_one_is_placed_and_the_other_named() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| {
        if i >= 8 {
            let place = photo.exif.place.as_mut().unwrap();
            place.latitude_deg += 0.05;
            photo.xmp.as_mut().unwrap().place = Some(*place);
        }
    });
    let there = ["DJI_0009.JPG", "DJI_0010.JPG", "DJI_0011.JPG", "DJI_0012.JPG"];
    flight.place().placed().right(0.2).with(8).without(&there);
}
