use std::path::Path;

use nalgebra::{Vector2, Vector3};
use plumbline_geodesy::Lla;
use serde_json::{Value, json};

use super::write;
use crate::{Attitude, Block, Error, View};

/// Writes the photos of a block for a GIS: `block.geojson`, WGS 84 (RFC 7946), of every photo the projection centre with the
/// attitude in degrees, and the footprint on level ground at the median height of the sparse points.
pub fn write_geojson(block: &Block, folder: &Path) -> Result<(), Error> {
    let ground_z = block.ground_z();
    let mut features = Vec::new();
    for view in &block.views {
        let center = geographic(block, &[view.cam_from_world.center()])?[0];
        let rotation = view.cam_from_world.rotation;
        let Attitude { yaw, pitch, roll } = Attitude::from_cam_from_world(&rotation);
        let yaw_deg = (yaw + block.frame.convergence).to_degrees();
        let attitude = json!({
            "photo": view.name, "what": "camera", "yaw_deg": yaw_deg, "pitch_deg": pitch.to_degrees(), "roll_deg": roll.to_degrees()
        });
        features.push(feature("Point", &json!(position(&center)), &attitude));
        if let Some(corners) = footprint(block, view, ground_z) {
            let ring: Vec<Value> = geographic(block, &corners)?.iter().map(flat).collect();
            features.push(feature(
                "Polygon",
                &json!([ring]),
                &json!({ "photo": view.name, "what": "footprint" }),
            ));
        }
    }
    let collection = json!({ "type": "FeatureCollection", "features": features });
    write(folder, "block.geojson", &collection.to_string())
}

fn feature(kind: &str, coordinates: &Value, properties: &Value) -> Value {
    json!({ "type": "Feature", "geometry": { "type": kind, "coordinates": coordinates }, "properties": properties })
}

fn position(p: &Lla) -> [f64; 3] {
    [p.longitude_deg, p.latitude_deg, p.height_m]
}

fn flat(p: &Lla) -> Value {
    json!([p.longitude_deg, p.latitude_deg])
}

fn geographic(block: &Block, places: &[Vector3<f64>]) -> Result<Vec<Lla>, Error> {
    let on_map: Vec<_> = places.iter().map(|place| block.frame.map_from_world(place)).collect();
    Ok(block.frame.crs.to_geographic(&on_map)?)
}

/// Where the corners of a photo meet level ground, closed, counter-clockwise; `None` where one looks at the horizon or above.
fn footprint(block: &Block, view: &View, ground_z: f64) -> Option<Vec<Vector3<f64>>> {
    let camera = block.camera(view);
    let (width, height) = (f64::from(camera.width), f64::from(camera.height));
    let corners = [(0.0, 0.0), (0.0, height), (width, height), (width, 0.0), (0.0, 0.0)];
    let origin = view.cam_from_world.center();
    corners
        .iter()
        .map(|&(x, y)| {
            let down = view.cam_from_world.rotation.inverse() * camera.unproject(&Vector2::new(x, y));
            let reach = (ground_z - origin.z) / down.z;
            (reach > 0.0).then(|| origin + reach * down)
        })
        .collect()
}
