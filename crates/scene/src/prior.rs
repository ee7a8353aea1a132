use nalgebra::{UnitQuaternion, Vector3};
use plumbline_camera::Camera;
use plumbline_geodesy::SurveyFrame;
use plumbline_geometry::Rigid3;
use serde::{Deserialize, Serialize};

/// A calibration as it was before the adjustment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CameraPrior {
    /// The maker's or the catalogue's calibration.
    pub camera: Camera,
    /// Standard uncertainty of the focal length as a fraction of it.
    pub focal_sigma_rel: f64,
    /// Standard uncertainty of the readout time, seconds; zero where it is held as it is: a global shutter.
    pub readout_sigma_s: f64,
}

/// What a photo says of its own pose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewPrior {
    /// File name of the photo.
    pub name: String,
    /// Which of the flight's cameras took it.
    pub camera_idx: usize,
    /// GNSS position in the world; its height is as trustworthy as `position_sigma_m` says.
    pub position: Option<Vector3<f64>>,
    /// Standard uncertainty of the position east, north and up, metres.
    pub position_sigma_m: Vector3<f64>,
    /// Rotation from world to camera axes, from the gimbal.
    pub rotation: Option<UnitQuaternion<f64>>,
    /// Standard uncertainty of the rotation, radians.
    pub rotation_sigma: f64,
    /// How fast the camera flew, metres a second in the world; zero where that is not known.
    pub velocity: Vector3<f64>,
}

impl ViewPrior {
    /// The pose, where both position and rotation are known.
    pub fn cam_from_world(&self) -> Option<Rigid3> {
        Some(Rigid3::looking_from(self.position?, self.rotation?))
    }
}

/// Everything a flight's photos say of themselves, before any pixel is matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlightPrior {
    /// The world.
    pub frame: SurveyFrame,
    /// The cameras.
    pub cameras: Vec<CameraPrior>,
    /// The photos.
    pub views: Vec<ViewPrior>,
    /// World z of the ground below the flight, from the height above take-off; `None` where no photo tells it.
    pub ground_z: Option<f64>,
}
