//! The detector on pictures whose blobs are known.

use image::{GrayImage, Luma};
use plumbline_features::{DetectorOptions, Features, detect};

/// A bright or dark round spot: `level * exp(-d^2 / (2 size^2))`.
struct Spot {
    x: f32,
    y: f32,
    size: f32,
    level: f32,
}

fn picture(side: u32, spots: &[Spot]) -> GrayImage {
    GrayImage::from_fn(side, side, |col, row| {
        let (x, y) = (col as f32 + 0.5, row as f32 + 0.5);
        let sum: f32 = spots
            .iter()
            .map(|s| s.level * (-0.5 * ((x - s.x).powi(2) + (y - s.y).powi(2)) / (s.size * s.size)).exp())
            .sum();
        Luma([(128.0 + sum).round() as u8])
    })
}

fn spots() -> Vec<Spot> {
    vec![
        Spot { x: 60.3, y: 70.8, size: 3.0, level: 90.0 },
        Spot { x: 200.5, y: 80.1, size: 4.5, level: -90.0 },
        Spot { x: 90.7, y: 210.4, size: 7.0, level: 80.0 },
        Spot { x: 220.2, y: 220.9, size: 11.0, level: -80.0 },
    ]
}

/// Place and size of the keypoint that answers a spot best.
fn nearest(features: &Features, spot: &Spot) -> (f32, f32) {
    features
        .keypoints
        .iter()
        .filter(|k| (0.5..2.0).contains(&(k.scale_px / spot.size)))
        .map(|k| ((k.pixel[0] - spot.x).hypot(k.pixel[1] - spot.y), k.scale_px))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or((f32::INFINITY, f32::NAN))
}

fn assert_found(features: &Features, spots: &[Spot], place_px: f32) {
    for spot in spots {
        let (off, size) = nearest(features, spot);
        assert!(off < place_px, "spot of size {} is {off} px off", spot.size);
        assert!((size / spot.size - 1.0).abs() < 0.1, "spot of size {} came out as {size}", spot.size);
    }
}

#[test]
fn spots_are_found_where_they_are_and_as_large_as_they_are() {
    let options = DetectorOptions { longest_side_px: 300, ..DetectorOptions::default() };
    assert_found(&detect(&picture(300, &spots()), &options), &spots(), 0.1);
}

#[test]
fn a_small_photo_is_doubled_and_pixels_stay_its_own() {
    assert_found(&detect(&picture(300, &spots()), &DetectorOptions::default()), &spots(), 0.1);
}

#[test]
fn a_large_photo_is_reduced_and_pixels_stay_its_own() {
    let mut large = spots();
    for spot in &mut large {
        (spot.x, spot.y, spot.size) = (3.0 * spot.x, 3.0 * spot.y, 3.0 * spot.size);
    }
    let options = DetectorOptions { longest_side_px: 300, ..DetectorOptions::default() };
    assert_found(&detect(&picture(900, &large), &options), &large, 0.3);
}

#[test]
fn edges_and_empty_pictures_have_no_keypoints() {
    let options = DetectorOptions::default();
    let step = GrayImage::from_fn(400, 300, |x, _| Luma([if x < 190 { 60 } else { 180 }]));
    assert!(detect(&step, &options).is_empty());
    assert!(detect(&GrayImage::from_pixel(200, 200, Luma([128])), &options).is_empty());
    assert!(detect(&GrayImage::new(3, 5), &options).is_empty());
    assert!(detect(&GrayImage::new(0, 0), &options).is_empty());
}

#[test]
fn the_largest_come_first_and_never_more_than_asked_for() {
    let noise =
        GrayImage::from_fn(500, 400, |x, y| Luma([((x * x * 31 + y * y * 17 + x * y * 7) % 251) as u8]));
    let options = DetectorOptions { max_keypoints: 300, ..DetectorOptions::default() };
    let features = detect(&noise, &options);
    assert_eq!((features.len(), features.descriptors.len()), (300, 300));
    assert!(features.keypoints.is_sorted_by(|a, b| a.scale_px >= b.scale_px));
}
