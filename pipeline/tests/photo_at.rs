//! The photos of a finding: asked for by its place, held against the true poses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "one date is enough here")]
mod site;

use std::collections::BTreeMap;
use std::path::Path;

use nalgebra::{Quaternion, UnitQuaternion, Vector2, Vector3};
use plumbline_geodesy::MapPoint;
use serde_json::Value;
use site::{plumbline, recipe, small_site, succeed};

const DATE: &str = "2025-03-10";
/// Relative to the middle of the site, metres.
const PLACE: (f64, f64) = (2.0, -3.0);

#[test]
fn the_photos_of_a_place_are_found_with_their_pixels() {
    let site = small_site(1);
    let out = site.path().join("out");
    let photos = site.path().join("flights").join(DATE);
    succeed(plumbline().arg("process").arg(photos).arg("--out").arg(&out).args(["--crs", "EPSG:4547"]));
    let city = recipe(1);
    let frame = city.frame().unwrap();
    let surface = Vector3::new(PLACE.0, PLACE.1, city.scene(0).unwrap().height(PLACE.0, PLACE.1));
    let place = frame.map_from_world(&surface);

    let crops = site.path().join("crops");
    let crop = ["--crop", crops.to_str().unwrap()];
    let answer = asked(&out, &format!("{},{}", place.east, place.north), &crop);
    let photos = answer["photos"].as_array().unwrap();
    assert_eq!((answer["epoch"].as_str(), answer["height_from"].as_str()), (Some(DATE), Some("DSM")));
    let height_m = answer["height_m"].as_f64().unwrap();
    // Six photos from one height leave the focal length open, and with it all heights together; pixels do not suffer.
    assert!((height_m - place.height).abs() < 1.5, "{height_m} for {}", place.height);
    let truth = true_pixels(&site.path().join("truth/poses.csv"), &place);
    for photo in photos {
        let name = Path::new(photo["photo"].as_str().unwrap()).file_name().unwrap().to_str().unwrap();
        let pixel = Vector2::new(photo["col"].as_f64().unwrap(), photo["row"].as_f64().unwrap());
        assert!((pixel - truth[name]).norm() < 1.5, "{name}: {pixel} for {}", truth[name]);
        let shows = photo["hidden_at_m"].is_null();
        assert_eq!(photo["crop"].as_str().is_some_and(|crop| Path::new(crop).exists()), shows, "{photo}");
    }
    assert!((3..=6).contains(&photos.len()), "{photos:#?}");

    let wgs84 = frame.crs.to_geographic(&[place]).unwrap()[0];
    let place_in_degrees = format!("{},{}", wgs84.longitude_deg, wgs84.latitude_deg);
    let again = asked(&out, &place_in_degrees, &["--wgs84"]);
    let col = |answer: &Value| answer["photos"][0]["col"].as_f64().unwrap();
    assert!((col(&again) - col(&answer)).abs() < 0.05, "{again}");

    let elsewhere = plumbline().arg("photo-at").arg(&out).arg(&place_in_degrees).output().unwrap();
    let said = String::from_utf8(elsewhere.stderr).unwrap();
    assert!(!elsewhere.status.success() && said.contains("--wgs84") && said.contains("EPSG:4547"), "{said}");
}

/// The only epoch's answer.
fn asked(out: &Path, place: &str, more: &[&str]) -> Value {
    let output = succeed(plumbline().arg("photo-at").arg(out).arg(place).arg("--json").args(more));
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    answers[0].clone()
}

/// Where the true camera shows a place in each photo, wherever that falls.
fn true_pixels(poses: &Path, place: &MapPoint) -> BTreeMap<String, Vector2<f64>> {
    let (camera, frame) = (recipe(1).flight.camera, recipe(1).frame().unwrap());
    let text = std::fs::read_to_string(poses).unwrap();
    let pixel = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let numbers: Vec<f64> = fields[2..].iter().map(|field| field.parse().unwrap()).collect();
        let [east, north, height, w, i, j, k] = numbers[..].try_into().unwrap();
        let center = frame.world_from_map(&MapPoint { east, north, height });
        let cam_from_map = UnitQuaternion::from_quaternion(Quaternion::new(w, i, j, k));
        let pixel = camera.project(&(cam_from_map * (frame.world_from_map(place) - center)));
        Some((fields[0].to_owned(), pixel?))
    };
    text.lines().skip(2).filter_map(pixel).collect()
}
