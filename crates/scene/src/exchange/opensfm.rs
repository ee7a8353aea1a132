use std::path::Path;

use nalgebra::{Rotation3, Vector3};
use plumbline_camera::Camera;
use plumbline_geometry::Rigid3;
use serde_json::{Map, Value, json};

use super::write;
use crate::{Block, Error};

/// Writes a block for OpenSfM: `reconstruction.json` and `reference_lla.json`.
///
/// OpenSfM's world is east, north, up at the reference, so the block is turned from grid north to true north about the origin
/// of its frame; the curvature of the Earth, 8 cm in height a kilometre away, is left out. Its lengths in a photo are shares
/// of the longer side, from the centre. Source: OpenSfM documentation, "Reconstruction format" and "Geometric models".
pub fn write_opensfm(block: &Block, folder: &Path) -> Result<(), Error> {
    let frame = &block.frame;
    let true_from_world = Rotation3::from_axis_angle(&Vector3::z_axis(), -frame.convergence);
    let named = |i: usize| format!("camera {}", i + 1);
    let cameras: Map<String, Value> =
        block.cameras.iter().enumerate().map(|(i, camera)| (named(i), of_camera(camera))).collect();
    let shots: Map<String, Value> = block
        .views
        .iter()
        .map(|view| {
            let Rigid3 { rotation, translation } = view.cam_from_world;
            let turn = (rotation * true_from_world.inverse()).scaled_axis();
            let camera = named(view.camera_idx);
            let shot = json!({ "rotation": turn.as_slice(), "translation": translation.as_slice(), "camera": camera, "orientation": 1 });
            (view.name.clone(), shot)
        })
        .collect();
    let points: Map<String, Value> = block
        .tracks
        .iter()
        .enumerate()
        .map(|(i, track)| {
            let place = true_from_world * track.point;
            (i.to_string(), json!({ "color": [128, 128, 128], "coordinates": place.as_slice() }))
        })
        .collect();
    let origin = frame.crs.to_geographic(&[frame.origin])?[0];
    let reference = json!({ "latitude": origin.latitude_deg, "longitude": origin.longitude_deg, "altitude": origin.height_m });
    let reconstruction =
        json!([{ "cameras": cameras, "shots": shots, "points": points, "reference_lla": reference }]);
    write(folder, "reconstruction.json", &reconstruction.to_string())?;
    write(folder, "reference_lla.json", &reference.to_string())
}

fn of_camera(camera: &Camera) -> Value {
    let Camera { width, height, focal_px, cx, cy, k1, k2, k3, p1, p2, readout_s: _ } = *camera;
    let side = f64::from(width.max(height));
    let focal = focal_px / side;
    json!({
        "projection_type": "brown",
        "width": width,
        "height": height,
        "focal_x": focal,
        "focal_y": focal,
        "c_x": (cx - f64::from(width) / 2.0) / side,
        "c_y": (cy - f64::from(height) / 2.0) / side,
        "k1": k1,
        "k2": k2,
        "k3": k3,
        "p1": p1,
        "p2": p2,
    })
}
