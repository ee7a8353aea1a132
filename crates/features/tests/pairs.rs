//! Pairs and search windows of a lawn-mower flight.

use nalgebra::{Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_features::{ExpectedPose, PairOptions, SearchWindow, choose_pairs, choose_ties};
use plumbline_scene::Attitude;

const STRIPS: usize = 5;
const PHOTOS: usize = 8;
const HEIGHT_M: f64 = 80.0;

/// Nadir photos that see 80 m x 60 m: 80 % overlap along the strip, 60 % across; every second strip flown back.
fn flight() -> Vec<ExpectedPose> {
    let mut photos = Vec::new();
    for strip in 0..STRIPS {
        for i in 0..PHOTOS {
            let back = strip % 2 == 1;
            let along = if back { PHOTOS - 1 - i } else { i } as f64;
            let yaw = if back { std::f64::consts::PI } else { 0.0 };
            let nadir = Attitude { yaw, pitch: -std::f64::consts::FRAC_PI_2, roll: 0.0 };
            photos.push(ExpectedPose {
                camera: Camera::pinhole(800, 600, 800.0),
                position: Some(Vector3::new(strip as f64 * 32.0, along * 12.0, HEIGHT_M)),
                position_sigma_m: 2.0,
                rotation: Some(nadir.cam_from_world()),
                rotation_sigma: 0.02,
            });
        }
    }
    photos
}

fn spacing(photos: &[ExpectedPose], (i, j): (usize, usize)) -> Vector2<f64> {
    let at = |k: usize| photos[k].position.unwrap_or_default().xy();
    (at(j) - at(i)).abs()
}

/// Pairs within a strip and pairs between strips; the mean number of pairs a photo has.
fn census(photos: &[ExpectedPose], pairs: &[(usize, usize)]) -> (usize, usize, f64) {
    let across = pairs.iter().filter(|&&pair| spacing(photos, pair).x > 1.0).count();
    (pairs.len() - across, across, 2.0 * pairs.len() as f64 / photos.len() as f64)
}

#[test]
fn footprints_tie_photos_in_a_row_and_neighbouring_strips() {
    let photos = flight();
    let pairs = choose_pairs(&photos, Some(0.0), &PairOptions::default());
    let (along, across, mean) = census(&photos, &pairs);
    assert!(pairs.is_sorted() && pairs.iter().all(|(i, j)| i < j));
    assert!(along >= STRIPS * (2 * PHOTOS - 3) && across >= (STRIPS - 1) * PHOTOS, "{along} {across}");
    assert!((8.0..=20.0).contains(&mean), "{mean}");
    for &pair in &pairs {
        let apart = spacing(&photos, pair);
        assert!(apart.x < 64.1 && apart.y < 48.1, "{pair:?} do not overlap: {apart}");
    }
}

#[test]
fn without_attitude_the_nearest_photos_of_all_sides_are_paired() {
    let mut photos = flight();
    for photo in &mut photos {
        photo.rotation = None;
    }
    let (along, across, mean) = census(&photos, &choose_pairs(&photos, None, &PairOptions::default()));
    assert!(along >= STRIPS * (PHOTOS - 1) && across >= (STRIPS - 1) * PHOTOS, "{along} {across}");
    assert!((8.0..=20.0).contains(&mean), "{mean}");
}

#[test]
fn without_positions_a_small_set_is_paired_each_with_each_and_a_large_one_in_order() {
    let mut photos = flight();
    for photo in &mut photos {
        photo.position = None;
    }
    let n = photos.len();
    assert_eq!(choose_pairs(&photos, None, &PairOptions::default()).len(), n * (n - 1) / 2);
    let few = PairOptions { exhaustive_up_to: 10, partners: 3, ..PairOptions::default() };
    assert!(choose_pairs(&photos, None, &few).iter().all(|(i, j)| j - i <= 3));
}

#[test]
fn ties_join_the_new_flight_to_the_earlier_photos_of_the_same_ground() {
    let (new, earlier) = (flight(), flight());
    let ties = choose_ties(&new, &earlier, Some(0.0), &PairOptions::default());
    assert!((0..new.len()).all(|i| ties.contains(&(i, new.len() + i))));
    assert!(ties.iter().all(|&(i, j)| i < new.len() && (new.len()..2 * new.len()).contains(&j)));
}

#[test]
fn a_window_holds_the_ground_point_and_a_roof_above_it() {
    let photos = flight();
    let (a, b) = (&photos[2], &photos[PHOTOS + 5]);
    let window = SearchWindow::from_poses(a, b, Some(0.0)).unwrap();
    let pixel = |photo: &ExpectedPose, p: &Vector3<f64>| {
        photo.camera.project(&photo.cam_from_world().unwrap().transform(p)).unwrap()
    };
    let off = |p: Vector3<f64>| (window.b_from_a.transform(&pixel(a, &p)) - pixel(b, &p)).norm();
    assert!(off(Vector3::new(15.0, 30.0, 0.0)) < 1e-6);
    assert!((10.0..window.radius_px).contains(&off(Vector3::new(15.0, 30.0, 20.0))));
    assert!((50.0..400.0).contains(&window.radius_px), "{}", window.radius_px);
}

#[test]
fn there_is_no_window_without_attitude_or_ground() {
    let photos = flight();
    assert!(SearchWindow::from_poses(&photos[0], &photos[1], None).is_none());
    let blind = ExpectedPose { rotation: None, ..photos[1] };
    assert!(SearchWindow::from_poses(&photos[0], &blind, Some(0.0)).is_none());
}
