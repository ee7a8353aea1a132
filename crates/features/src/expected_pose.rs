use nalgebra::{UnitQuaternion, Vector3};
use plumbline_camera::Camera;
use plumbline_geometry::Rigid3;
use plumbline_scene::{Block, FlightPrior};

/// Where a photo is held to have been taken from, before it is matched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedPose {
    /// Its camera.
    pub camera: Camera,
    /// Position in the world.
    pub position: Option<Vector3<f64>>,
    /// Standard uncertainty of the position along its worst axis, metres.
    pub position_sigma_m: f64,
    /// Rotation from world to camera axes.
    pub rotation: Option<UnitQuaternion<f64>>,
    /// Standard uncertainty of the rotation, radians.
    pub rotation_sigma: f64,
}

impl ExpectedPose {
    /// What the photos of a flight say of themselves.
    pub fn of_flight(flight: &FlightPrior) -> Vec<Self> {
        let expected = flight.views.iter().map(|view| Self {
            camera: flight.cameras[view.camera_idx].camera,
            position: view.position,
            position_sigma_m: view.position_sigma_m.max(),
            rotation: view.rotation,
            rotation_sigma: view.rotation_sigma,
        });
        expected.collect()
    }

    /// The adjusted photos of a block, which are certain beside any prior. Its frame has to be the flight's.
    pub fn of_block(block: &Block) -> Vec<Self> {
        let expected = block.views.iter().map(|view| Self {
            camera: block.cameras[view.camera_idx],
            position: Some(view.cam_from_world.center()),
            position_sigma_m: 0.0,
            rotation: Some(view.cam_from_world.rotation),
            rotation_sigma: 0.0,
        });
        expected.collect()
    }

    /// The pose, where both position and rotation are known.
    pub fn cam_from_world(&self) -> Option<Rigid3> {
        Some(Rigid3::looking_from(self.position?, self.rotation?))
    }
}
