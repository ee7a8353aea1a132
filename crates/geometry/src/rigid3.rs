use std::ops::Mul;

use nalgebra::{Matrix3, UnitQuaternion, Vector3};
use serde::{Deserialize, Serialize};

/// A rotation followed by a translation: `x_in_b = rotation * x_in_a + translation` for a value named `b_from_a`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rigid3 {
    /// Rotation part of `b_from_a`.
    pub rotation: UnitQuaternion<f64>,
    /// Origin of `a` seen in `b`, metres.
    pub translation: Vector3<f64>,
}

impl Rigid3 {
    /// The transform that changes nothing.
    pub fn identity() -> Self {
        Self { rotation: UnitQuaternion::identity(), translation: Vector3::zeros() }
    }

    /// `cam_from_world` of a camera that stands at `center` (in world) and turns world axes by `rotation`.
    pub fn looking_from(center: Vector3<f64>, rotation: UnitQuaternion<f64>) -> Self {
        Self { rotation, translation: -(rotation * center) }
    }

    /// `a_from_b` of a `b_from_a`.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let rotation = self.rotation.inverse();
        Self { rotation, translation: -(rotation * self.translation) }
    }

    /// Moves a point from `a` to `b`.
    pub fn transform(&self, x_in_a: &Vector3<f64>) -> Vector3<f64> {
        self.rotation * x_in_a + self.translation
    }

    /// Where the origin of `b` lies in `a`: the projection centre, for a `cam_from_world`.
    pub fn center(&self) -> Vector3<f64> {
        -(self.rotation.inverse() * self.translation)
    }

    /// The rotation as a matrix.
    pub fn rotation_matrix(&self) -> Matrix3<f64> {
        self.rotation.to_rotation_matrix().into_inner()
    }

    /// The transform after a small turn (`rotation_rad`, axis-angle in frame `b`) and shift (`translation`, frame `b`).
    #[must_use]
    pub fn perturbed(&self, rotation_rad: &Vector3<f64>, translation: &Vector3<f64>) -> Self {
        Self {
            rotation: UnitQuaternion::from_scaled_axis(*rotation_rad) * self.rotation,
            translation: self.translation + translation,
        }
    }
}

impl Mul for Rigid3 {
    type Output = Self;

    /// `c_from_b * b_from_a = c_from_a`.
    fn mul(self, b_from_a: Self) -> Self {
        Self {
            rotation: self.rotation * b_from_a.rotation,
            translation: self.rotation * b_from_a.translation + self.translation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Rigid3 {
        Rigid3::looking_from(
            Vector3::new(3.0, -2.0, 50.0),
            UnitQuaternion::from_scaled_axis(Vector3::new(0.3, -0.1, 1.2)),
        )
    }

    #[test]
    fn the_inverse_undoes_the_transform() {
        let x = Vector3::new(1.0, 2.0, 3.0);
        assert!((sample().inverse().transform(&sample().transform(&x)) - x).norm() < 1e-12);
        assert!(((sample() * sample().inverse()).translation).norm() < 1e-12);
    }

    #[test]
    fn the_center_maps_to_the_origin() {
        assert!((sample().center() - Vector3::new(3.0, -2.0, 50.0)).norm() < 1e-12);
        assert!(sample().transform(&sample().center()).norm() < 1e-12);
    }
}
