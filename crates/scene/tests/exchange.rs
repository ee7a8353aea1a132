//! Blocks written for other programs, read back as those programs read them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use nalgebra::{Quaternion, Rotation3, UnitQuaternion, Vector2, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::{Crs, Lla, SurveyFrame};
use plumbline_geometry::Rigid3;
use plumbline_scene::exchange::{write_colmap, write_geojson, write_opensfm};
use plumbline_scene::{Attitude, Block, Observation, Track, View};
use serde_json::Value;

/// Two nadir photos 50 m above three points, with an unmistakable calibration.
fn block() -> Block {
    let center = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };
    let frame = SurveyFrame::about(Crs::new("EPSG:4547").unwrap(), &center).unwrap();
    let camera = Camera {
        k1: -0.02,
        k2: 0.01,
        k3: -0.003,
        p1: 1e-3,
        p2: -2e-3,
        cx: 410.0,
        ..Camera::pinhole(800, 600, 700.0)
    };
    let pose = |x: f64, yaw: f64| {
        let attitude = Attitude { yaw, pitch: -1.5, roll: 0.02 };
        Rigid3::looking_from(Vector3::new(x, 3.0, 50.0), attitude.cam_from_world())
    };
    let view = |name: &str, x, yaw| View {
        name: name.to_owned(),
        camera_idx: 0,
        cam_from_world: pose(x, yaw),
        velocity: Vector3::zeros(),
    };
    let views = vec![view("a.jpg", -5.0, 0.3), view("b.jpg", 5.0, 0.4)];
    let points = [Vector3::new(0.0, 1.0, 0.0), Vector3::new(4.0, 9.0, 2.0), Vector3::new(-6.0, -4.0, 1.0)];
    let seen = |point: &Vector3<f64>| {
        (0..2)
            .map(|i| Observation {
                view_idx: i,
                pixel: camera.project(&views[i].cam_from_world.transform(point)).unwrap(),
            })
            .collect()
    };
    let tracks = points.iter().map(|point| Track { point: *point, observations: seen(point) }).collect();
    Block { frame, cameras: vec![camera], views: views.clone(), tracks }
}

/// Numbers of the lines of a COLMAP text file that are no comments.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn numbers(fields: &[String]) -> Vec<f64> {
    fields.iter().map(|field| field.parse().unwrap()).collect()
}

#[test]
fn colmap_sees_every_point_where_the_block_does() {
    let (block, folder) = (block(), tempfile::tempdir().unwrap());
    write_colmap(&block, folder.path()).unwrap();
    let c = numbers(&rows(&folder.path().join("cameras.txt"))[0][4..]);
    let images = rows(&folder.path().join("images.txt"));
    for (track, row) in block.tracks.iter().zip(rows(&folder.path().join("points3D.txt"))) {
        let point = Vector3::from_iterator(numbers(&row[1..4]));
        for element in row[8..].chunks(2) {
            let (image, at) =
                (element[0].parse::<usize>().unwrap() - 1, element[1].parse::<usize>().unwrap());
            let pose = numbers(&images[2 * image][1..8]);
            let turn = UnitQuaternion::from_quaternion(Quaternion::new(pose[0], pose[1], pose[2], pose[3]));
            let p = turn * point + Vector3::new(pose[4], pose[5], pose[6]);
            let pixel = full_opencv(&c, &Vector2::new(p.x / p.z, p.y / p.z));
            let listed = numbers(&images[2 * image + 1][3 * at..3 * at + 3]);
            assert!((pixel - Vector2::new(listed[0], listed[1])).norm() < 1e-6, "{pixel} {listed:?}");
            assert_eq!(listed[2].to_string(), row[0], "the pixel names its point");
        }
        assert_eq!(row[8..].len(), 2 * track.observations.len());
    }
}

/// OpenCV's model as its documentation writes it: fx fy cx cy k1 k2 p1 p2 k3 k4 k5 k6.
fn full_opencv(c: &[f64], x: &Vector2<f64>) -> Vector2<f64> {
    let r2 = x.norm_squared();
    let radial = (1.0 + c[4] * r2 + c[5] * r2.powi(2) + c[8] * r2.powi(3))
        / (1.0 + c[9] * r2 + c[10] * r2.powi(2) + c[11] * r2.powi(3));
    let (p1, p2) = (c[6], c[7]);
    let across = 2.0 * p1 * x.x * x.y + p2 * (r2 + 2.0 * x.x * x.x);
    let along = p1 * (r2 + 2.0 * x.y * x.y) + 2.0 * p2 * x.x * x.y;
    Vector2::new(c[0] * (x.x * radial + across) + c[2], c[1] * (x.y * radial + along) + c[3])
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn vector(value: &Value) -> Vector3<f64> {
    Vector3::from_iterator(value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()))
}

#[test]
fn opensfm_sees_points_in_the_same_directions_and_its_world_is_turned_to_true_north() {
    let (block, folder) = (block(), tempfile::tempdir().unwrap());
    write_opensfm(&block, folder.path()).unwrap();
    let reconstruction = &json(&folder.path().join("reconstruction.json"))[0];
    for (i, track) in block.tracks.iter().enumerate() {
        let point = vector(&reconstruction["points"][i.to_string()]["coordinates"]);
        for view in &block.views {
            let shot = &reconstruction["shots"][&view.name];
            let turn = Rotation3::from_scaled_axis(vector(&shot["rotation"]));
            let seen = turn * point + vector(&shot["translation"]);
            assert!((seen - view.cam_from_world.transform(&track.point)).norm() < 1e-9);
        }
        let bearing = |p: &Vector3<f64>| p.x.atan2(p.y);
        let turned = bearing(&point) - bearing(&track.point);
        let whole = turned - block.frame.convergence;
        assert!(
            (whole - (whole / std::f64::consts::TAU).round() * std::f64::consts::TAU).abs() < 1e-9,
            "{turned}"
        );
    }
}

#[test]
fn a_model_without_a_place_goes_to_no_map() {
    let block = Block { frame: SurveyFrame::nowhere(), ..block() };
    let folder = tempfile::tempdir().unwrap();
    let refused = [write_geojson(&block, folder.path()), write_opensfm(&block, folder.path())];
    assert!(
        refused.iter().all(|r| r.as_ref().unwrap_err().to_string().contains("not georeferenced")),
        "{refused:?}"
    );
    write_colmap(&block, folder.path()).unwrap();
}

#[test]
fn footprints_lie_below_their_photos() {
    let (block, folder) = (block(), tempfile::tempdir().unwrap());
    write_geojson(&block, folder.path()).unwrap();
    let features = json(&folder.path().join("block.geojson"))["features"].as_array().unwrap().clone();
    assert_eq!(features.len(), 4);
    for two in features.chunks(2) {
        let camera = two[0]["geometry"]["coordinates"].as_array().unwrap().clone();
        let ring = two[1]["geometry"]["coordinates"][0].as_array().unwrap().clone();
        for axis in 0..2 {
            let of = |p: &Value| p[axis].as_f64().unwrap();
            let (low, high) =
                ring.iter().map(of).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
            let at = camera[axis].as_f64().unwrap();
            assert!(low < at && at < high, "{low} {at} {high}");
        }
    }
}
