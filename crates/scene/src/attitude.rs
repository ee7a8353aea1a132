use nalgebra::{Matrix3, Rotation3, UnitQuaternion};
use serde::{Deserialize, Serialize};

/// Gimbal angles as drones report them, radians.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Attitude {
    /// Heading of the camera's viewing direction (of the photo's top, when it looks straight down), clockwise from north.
    pub yaw: f64,
    /// Angle of the viewing direction above the horizon: -pi/2 looks straight down.
    pub pitch: f64,
    /// Turn about the viewing direction, clockwise as the camera sees it.
    pub roll: f64,
}

impl Attitude {
    /// Rotation from world axes (east, north, up) to camera axes (right, down, forward).
    ///
    /// With all angles zero the camera looks north along the horizon, upright.
    pub fn cam_from_world(&self) -> UnitQuaternion<f64> {
        #[rustfmt::skip]
        let upright_north = Matrix3::new(
            1.0, 0.0, 0.0,
            0.0, 0.0, -1.0,
            0.0, 1.0, 0.0,
        );
        let level = Rotation3::from_matrix_unchecked(upright_north);
        let heading = Rotation3::from_axis_angle(&nalgebra::Vector3::z_axis(), self.yaw);
        let tilt = Rotation3::from_axis_angle(&nalgebra::Vector3::x_axis(), -self.pitch);
        let turn = Rotation3::from_axis_angle(&nalgebra::Vector3::z_axis(), -self.roll);
        UnitQuaternion::from_rotation_matrix(&(turn * tilt * level * heading))
    }

    /// The angles of a rotation from world to camera axes. Looking straight up or down, roll is set to zero.
    pub fn from_cam_from_world(rotation: &UnitQuaternion<f64>) -> Self {
        let world_from_cam = rotation.inverse().to_rotation_matrix().into_inner();
        let forward = world_from_cam.column(2);
        let pitch = forward.z.clamp(-1.0, 1.0).asin();
        let level = forward.x.hypot(forward.y);
        if level < 1e-3 {
            let top = -world_from_cam.column(1) * (-forward.z).signum();
            return Self { yaw: top.x.atan2(top.y), pitch, roll: 0.0 };
        }
        let right = world_from_cam.column(0);
        let yaw = forward.x.atan2(forward.y);
        let unrolled = Self { yaw, pitch, roll: 0.0 }.cam_from_world() * nalgebra::Vector3::from(right);
        Self { yaw, pitch, roll: unrolled.y.atan2(unrolled.x) }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::Vector3;

    use super::*;

    fn attitude(yaw_deg: f64, pitch_deg: f64, roll_deg: f64) -> Attitude {
        Attitude { yaw: yaw_deg.to_radians(), pitch: pitch_deg.to_radians(), roll: roll_deg.to_radians() }
    }

    #[test]
    fn a_nadir_camera_heading_east_has_east_at_its_top_and_south_at_its_right() {
        let r = attitude(90.0, -90.0, 0.0).cam_from_world();
        assert!((r * Vector3::x() - Vector3::new(0.0, -1.0, 0.0)).norm() < 1e-12);
        assert!((r * -Vector3::y() - Vector3::new(1.0, 0.0, 0.0)).norm() < 1e-12);
        assert!((r * -Vector3::z() - Vector3::new(0.0, 0.0, 1.0)).norm() < 1e-12);
    }

    #[test]
    fn a_level_camera_heading_south_sees_west_at_its_right() {
        let r = attitude(180.0, 0.0, 0.0).cam_from_world();
        assert!((r * -Vector3::x() - Vector3::x()).norm() < 1e-12);
        assert!((r * -Vector3::y() - Vector3::z()).norm() < 1e-12);
    }

    #[test]
    fn angles_survive_the_round_trip() {
        for (yaw, pitch, roll) in
            [(30.0, -60.0, 0.0), (-120.0, -45.0, 4.0), (10.0, -89.0, -2.0), (77.0, -90.0, 0.0)]
        {
            let r = attitude(yaw, pitch, roll).cam_from_world();
            let back = Attitude::from_cam_from_world(&r).cam_from_world();
            assert!(r.angle_to(&back) < 1e-6, "{yaw} {pitch} {roll}");
        }
    }
}
