use std::collections::BTreeMap;
use std::f64::consts::PI;

use nalgebra::{UnitQuaternion, Vector3};
use plumbline_camera::Camera;
use plumbline_scene::{CameraPrior, FlightPrior};

use crate::network::{Network, State};

/// Farthest that a view may lie from exactly half a turn, radians: compasses err less.
const NEAR_HALF_TURN: f64 = 30.0 * PI / 180.0;

/// A turn of the camera about its viewing direction by which a photo comes to stand on its head.
fn half_turn() -> UnitQuaternion<f64> {
    UnitQuaternion::from_axis_angle(&Vector3::z_axis(), PI)
}

/// Placed views that lie half a turn about their viewing direction from what the gimbal says.
pub(crate) fn upside_down(network: &Network, state: &State) -> Vec<usize> {
    let is_turned = |view_idx: usize| {
        let (pose, prior) = (state.poses[view_idx].as_ref()?, network.prior.views[view_idx].rotation?);
        Some(pose.rotation.angle_to(&(half_turn() * prior)) < NEAR_HALF_TURN)
    };
    (0..state.poses.len()).filter(|&view_idx| is_turned(view_idx) == Some(true)).collect()
}

/// The prior in which these views stand on their heads, each group of one camera with a calibration of its own.
///
/// A drone that turns round at the end of a strip turns its photos. Where they nevertheless all stand the same way up,
/// the files were turned after the exposure, and with them the principal point: it lies on the other side of the
/// centre than in the photos that were left alone.
pub(crate) fn with_views_turned(prior: &FlightPrior, views: &[usize]) -> FlightPrior {
    let mut turned = prior.clone();
    let mut turned_camera: BTreeMap<usize, usize> = BTreeMap::new();
    for &view_idx in views {
        let view = &mut turned.views[view_idx];
        view.rotation = view.rotation.map(|rotation| half_turn() * rotation);
        let cameras = &mut turned.cameras;
        view.camera_idx = *turned_camera.entry(view.camera_idx).or_insert_with_key(|&camera_idx| {
            let upright = &cameras[camera_idx];
            cameras.push(CameraPrior { camera: on_its_head(&upright.camera), ..upright.clone() });
            cameras.len() - 1
        });
    }
    turned
}

/// The camera whose photos are those of another one turned by half a turn.
fn on_its_head(camera: &Camera) -> Camera {
    let (cx, cy) = (f64::from(camera.width) - camera.cx, f64::from(camera.height) - camera.cy);
    Camera { cx, cy, p1: -camera.p1, p2: -camera.p2, readout_s: -camera.readout_s, ..*camera }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_on_its_head_shows_the_same_pixels_turned() {
        let camera = Camera {
            cx: 2030.0,
            cy: 1110.0,
            k1: -0.02,
            p1: 1e-3,
            p2: -5e-4,
            ..Camera::pinhole(4000, 2250, 2340.0)
        };
        let in_camera = Vector3::new(0.4, -0.3, 1.0);
        let upright = camera.project(&in_camera).unwrap();
        let turned = on_its_head(&camera).project(&(half_turn() * in_camera)).unwrap();
        assert!(
            (turned.x - (4000.0 - upright.x)).abs() < 1e-9 && (turned.y - (2250.0 - upright.y)).abs() < 1e-9
        );
    }
}
