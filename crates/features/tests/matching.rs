//! Matching of two photos of a textured plane whose map into each other is known.

use image::{GrayImage, Luma};
use nalgebra::{Matrix3, Vector2};
use plumbline_camera::Camera;
use plumbline_features::{
    DetectorOptions, Features, MatchOptions, PhotoFeatures, SearchWindow, VerifiedMatches, detect, match_pair,
};
use plumbline_geometry::Homography;
use rayon::prelude::*;

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

/// Value between 0 and 1 that a lattice point of a texture always has.
fn lattice(x: i64, y: i64, texture: u64) -> f64 {
    let mut h = (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ texture;
    for _ in 0..3 {
        h = (h ^ (h >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    (h >> 40) as f64 / (1_u64 << 24) as f64
}

/// Smooth noise of one wavelength.
fn noise(p: &Vector2<f64>, wavelength: f64, texture: u64) -> f64 {
    let q = p / wavelength;
    let (x, y) = (q.x.floor(), q.y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(q.x - x), ease(q.y - y));
    let at = |dx: i64, dy: i64| lattice(x as i64 + dx, y as i64 + dy, texture);
    let (top, bottom) = (at(0, 0) * (1.0 - fx) + at(1, 0) * fx, at(0, 1) * (1.0 - fx) + at(1, 1) * fx);
    top * (1.0 - fy) + bottom * fy
}

/// Photo of a texture through a map from photo to texture.
fn photo(texture_from_photo: &Homography, texture: u64) -> GrayImage {
    GrayImage::from_fn(WIDTH, HEIGHT, |col, row| {
        let p = texture_from_photo.transform(&Vector2::new(f64::from(col) + 0.5, f64::from(row) + 0.5));
        let sum: f64 = [40.0, 17.0, 7.0].iter().map(|w| noise(&p, *w, texture)).sum();
        Luma([(sum / 3.0 * 255.0) as u8])
    })
}

fn same() -> Homography {
    Homography(Matrix3::identity())
}

/// Turned by 33 degrees, 1.25 times larger, seen a little from the side.
fn turned() -> Homography {
    let (sin, cos) = 33_f64.to_radians().sin_cos();
    let s = 0.8;
    Homography(Matrix3::new(s * cos, -s * sin, 190.0, s * sin, s * cos, -60.0, 1e-5, -2e-5, 1.0))
}

fn keypoints(gray: &GrayImage) -> Features {
    detect(gray, &DetectorOptions { longest_side_px: WIDTH, ..DetectorOptions::default() })
}

fn matched(a: &Features, b: &Features, window: Option<&SearchWindow>) -> Option<VerifiedMatches> {
    let camera = &Camera::pinhole(WIDTH, HEIGHT, 600.0);
    let seen = |features| PhotoFeatures { features, camera };
    match_pair(seen(a), seen(b), window, &MatchOptions::default())
}

/// Distances of matches from where the map puts them, ascending, pixels.
fn errors(a: &Features, b: &Features, found: &VerifiedMatches, a_from_b: &Homography) -> Vec<f64> {
    let place = |features: &Features, i: u32| {
        let [x, y] = features.keypoints[i as usize].pixel;
        Vector2::new(f64::from(x), f64::from(y))
    };
    let mut errors: Vec<f64> =
        found.matches.iter().map(|&(i, j)| (a_from_b.transform(&place(b, j)) - place(a, i)).norm()).collect();
    errors.sort_by(f64::total_cmp);
    errors
}

#[test]
fn a_turned_and_larger_photo_matches_to_a_fraction_of_a_pixel() {
    let (a, b) = (keypoints(&photo(&same(), 1)), keypoints(&photo(&turned(), 1)));
    let found = matched(&a, &b, None).unwrap();
    let errors = errors(&a, &b, &found, &turned());
    let n = errors.len();
    assert!((120..=a.len()).contains(&n), "{n} matches of {} and {} keypoints", a.len(), b.len());
    assert!(errors[n / 2] < 0.4, "median {}", errors[n / 2]);
    assert!(errors[n * 97 / 100] < 2.0, "97 % {}", errors[n * 97 / 100]);
}

#[test]
fn a_window_half_a_turn_off_does_not_hide_the_matches() {
    let (a, b) = (keypoints(&photo(&same(), 1)), keypoints(&photo(&turned(), 1)));
    let half_turn = Matrix3::new(-1.0, 0.0, f64::from(WIDTH), 0.0, -1.0, f64::from(HEIGHT), 0.0, 0.0, 1.0);
    let b_from_a = turned().0.try_inverse().unwrap();
    let right = SearchWindow { b_from_a: Homography(b_from_a), radius_px: 40.0 };
    let wrong = SearchWindow { b_from_a: Homography(half_turn * b_from_a), radius_px: 40.0 };
    let anywhere = matched(&a, &b, None).unwrap().matches.len();
    for window in [right, wrong] {
        let n = matched(&a, &b, Some(&window)).unwrap().matches.len();
        assert!(n * 10 > anywhere * 8, "{n} of {anywhere}");
    }
}

#[test]
fn photos_of_different_ground_do_not_match() {
    let (a, b) = (keypoints(&photo(&same(), 1)), keypoints(&photo(&same(), 2)));
    assert!(a.len() > 300 && b.len() > 300);
    assert!(matched(&a, &b, None).is_none());
    let window = SearchWindow { b_from_a: same(), radius_px: 60.0 };
    assert!(matched(&a, &b, Some(&window)).is_none());
}

#[test]
fn photos_without_keypoints_do_not_match() {
    let some = keypoints(&photo(&same(), 1));
    assert!(matched(&some, &Features::default(), None).is_none());
    assert!(matched(&Features::default(), &some, None).is_none());
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let photos = [photo(&same(), 1), photo(&turned(), 1)];
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let features: Vec<Features> = pool.install(|| photos.par_iter().map(keypoints).collect());
        let found = matched(&features[0], &features[1], None);
        (features, found)
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn features_survive_the_round_trip_through_a_file() {
    let features = keypoints(&photo(&same(), 3));
    let text = serde_json::to_string(&features).unwrap();
    assert_eq!(serde_json::from_str::<Features>(&text).unwrap(), features);
    assert!(serde_json::from_str::<Features>(r#"{"keypoints":[],"descriptors":[1,2,3]}"#).is_err());
}
