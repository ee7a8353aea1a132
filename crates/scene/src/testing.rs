//! Blocks of which everything is known.

use nalgebra::{UnitQuaternion, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::{Crs, Lla, SurveyFrame};
use plumbline_geometry::Rigid3;

use crate::{Block, View};

/// Photos that look straight down from 60 m, at these distances east, each over 90 m x 60 m of level ground at zero.
pub(crate) fn nadir_block(east_m: &[f64]) -> Block {
    let place = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 0.0 };
    let down = UnitQuaternion::from_axis_angle(&Vector3::x_axis(), std::f64::consts::PI);
    let view = |(i, &x): (usize, &f64)| View {
        name: format!("DJI_{:04}.JPG", i + 1),
        camera_idx: 0,
        cam_from_world: Rigid3::looking_from(Vector3::new(x, 0.0, 60.0), down),
        velocity: Vector3::zeros(),
    };
    Block {
        frame: SurveyFrame::about(Crs::utm(&place), &place).unwrap(),
        cameras: vec![Camera::pinhole(900, 600, 600.0)],
        views: east_m.iter().enumerate().map(view).collect(),
        tracks: Vec::new(),
    }
}
