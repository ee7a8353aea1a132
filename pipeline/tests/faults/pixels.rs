//! Pixels that are not what the camera saw.

use image::imageops::{fast_blur, flip_horizontal, rotate90, rotate180};
use image::{Rgb, RgbImage};
use nalgebra::{UnitQuaternion, Vector3};

use crate::Flight;

/// Water: glitter that is elsewhere in every photo.
fn water(number: u32) -> RgbImage {
    let wave = |x: u32, y: u32| {
        let mut h = (x / 3).wrapping_mul(0x9e37_79b1)
            ^ (y / 2).wrapping_mul(0x85eb_ca77)
            ^ number.wrapping_mul(0xc2b2_ae3d);
        h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
        (h >> 27) as u8
    };
    RgbImage::from_fn(640, 480, |x, y| Rgb([35, 62 + wave(x, y), 74 + wave(x, y)]))
}

/// The true pose of a photo whose pixels were turned about the viewing direction, radians.
fn turn_truth(flight: &mut Flight, i: usize, angle: f64) {
    let turn = UnitQuaternion::from_axis_angle(&Vector3::z_axis(), angle);
    let pose = &mut flight.card.views[i].cam_from_world;
    *pose = plumbline_geometry::Rigid3::looking_from(pose.center(), turn * pose.rotation);
}

#[test]
fn mirrored_photos_are_refused() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| photo.pixels = flip_horizontal(&photo.pixels));
    flight.place().refused("mirror");
}

#[test]
fn mirrored_photos_without_attitudes_are_refused() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| {
        photo.pixels = flip_horizontal(&photo.pixels);
        photo.xmp.as_mut().unwrap().gimbal = None;
    });
    flight.place().refused("mirror");
}

#[test]
fn one_mirrored_photo_is_left_out_or_named() {
    let mut flight = Flight::sound();
    flight.card.photos[5].pixels = flip_horizontal(&flight.card.photos[5].pixels);
    flight.place().placed().within(0.2).naming("DJI_0006.JPG");
}

#[test]
fn the_orientation_tag_does_not_matter() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| photo.exif.orientation = 6);
    flight.place().placed().right(0.2).with(12);
}

#[test]
fn photos_turned_by_a_quarter_are_placed() {
    let mut flight = Flight::sound();
    for i in 0..12 {
        let photo = &mut flight.card.photos[i];
        photo.pixels = rotate90(&photo.pixels);
        photo.exif.size = photo.pixels.dimensions();
        turn_truth(&mut flight, i, std::f64::consts::FRAC_PI_2);
    }
    flight.place().placed().right(0.3).with(12);
}

#[test]
fn one_photo_on_its_head_is_told_of() {
    let mut flight = Flight::sound();
    flight.card.photos[5].pixels = rotate180(&flight.card.photos[5].pixels);
    turn_truth(&mut flight, 5, std::f64::consts::PI);
    flight.place().placed().right(0.2).with(12).saying("DJI_0006.JPG");
}

#[test]
fn nothing_but_water_is_refused() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| photo.pixels = water(i as u32));
    flight.place().refused("overlap");
}

#[test]
fn a_jump_of_the_exposure_does_not_matter() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| {
        if i % 2 == 0 {
            photo.pixels.pixels_mut().for_each(|p| p.0 = p.0.map(|v| (f32::from(v) * 0.35) as u8));
        }
    });
    flight.place().placed().right(0.3).with(12);
}

#[test]
fn three_blurred_photos_do_not_bend_the_others() {
    let mut flight = Flight::sound();
    for i in [2, 5, 6] {
        flight.card.photos[i].pixels = fast_blur(&flight.card.photos[i].pixels, 4.0);
    }
    flight.place().placed().right(0.3);
}

#[test]
fn the_same_pixels_from_everywhere_are_refused() {
    let mut flight = Flight::sound();
    let pixels = flight.card.photos[0].pixels.clone();
    flight.each(|_, photo| photo.pixels = pixels.clone());
    flight.place().refused("baseline");
}

#[test]
fn photos_of_another_site_with_positions_of_this_one_are_left_out() {
    let mut flight = Flight::sound();
    let other = Flight::elsewhere();
    for i in [1, 6, 11] {
        flight.card.photos[i].pixels = other.card.photos[i].pixels.clone();
    }
    let strangers = ["DJI_0002.JPG", "DJI_0007.JPG", "DJI_0012.JPG"];
    flight.place().placed().right(0.2).with(9).without(&strangers);
}
