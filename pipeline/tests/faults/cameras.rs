//! Cameras that are not what they say.

use image::imageops::{FilterType, resize};
use plumbline_fixtures::{Lens, PhotoFile};

use crate::Flight;

/// Leaves nothing of the lens but what is given.
fn relens(photo: &mut PhotoFile, lens: Option<Lens>) {
    photo.exif.lens = lens;
    "UNKNOWN".clone_into(&mut photo.exif.model);
    if let Some(xmp) = &mut photo.xmp {
        xmp.calibration = None;
    }
}

#[test]
fn a_focal_length_half_as_long_again_is_found_out() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| relens(photo, Some(Lens { focal_mm: 18.4, focal_35mm: 36 })));
    flight.place().refused_or_doubted("focal");
}

#[test]
fn a_missing_focal_length_is_found() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| relens(photo, None));
    flight.place().placed().right(0.5).with(12);
}

#[test]
fn two_cameras_have_a_calibration_each() {
    let mut flight = Flight::sound();
    flight.each(|i, photo| {
        if i >= 6 {
            photo.pixels = resize(&photo.pixels, 512, 384, FilterType::Triangle);
            photo.exif.size = (512, 384);
        }
    });
    flight.place().placed().right(0.3).with(12);
}

#[test]
fn photos_cropped_after_the_exposure_are_told_of() {
    let mut flight = Flight::sound();
    flight.each(|_, photo| {
        photo.pixels = image::imageops::crop_imm(&photo.pixels, 60, 40, 480, 400).to_image();
        photo.exif.size = (480, 400);
    });
    flight.place().refused_or_doubted("focal");
}
