use nalgebra::{Matrix3, Rotation3, UnitQuaternion, Vector3};
use serde::{Deserialize, Serialize};

use crate::Rigid3;
use crate::convergence::{EPSILON, MAX_ITERATIONS};

/// A scaled rotation followed by a translation: `x_in_b = scale * rotation * x_in_a + translation`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Similarity3 {
    /// Length in `b` of a unit of `a`.
    pub scale: f64,
    /// Rotation part of `b_from_a`.
    pub rotation: UnitQuaternion<f64>,
    /// Origin of `a` seen in `b`.
    pub translation: Vector3<f64>,
}

impl Similarity3 {
    /// Least-squares fit of `b_from_a` to pairs of points; `None` with fewer than three or with points on a line.
    ///
    /// Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991.
    pub fn fit(points_in_a: &[Vector3<f64>], points_in_b: &[Vector3<f64>]) -> Option<Self> {
        let n = points_in_a.len();
        if n < 3 || n != points_in_b.len() {
            return None;
        }
        let mean = |points: &[Vector3<f64>]| points.iter().sum::<Vector3<f64>>() / n as f64;
        let (mean_a, mean_b) = (mean(points_in_a), mean(points_in_b));
        let mut covariance = Matrix3::zeros();
        let mut variance_a = 0.0;
        for (a, b) in points_in_a.iter().zip(points_in_b) {
            covariance += (b - mean_b) * (a - mean_a).transpose() / n as f64;
            variance_a += (a - mean_a).norm_squared() / n as f64;
        }
        let svd = covariance.try_svd(true, true, EPSILON, MAX_ITERATIONS)?;
        let (u, v_t) = (svd.u?, svd.v_t?);
        if svd.singular_values[1] <= 1e-12 * svd.singular_values[0] {
            return None;
        }
        let sign = Vector3::new(1.0, 1.0, (u.determinant() * v_t.determinant()).signum());
        let rotation = u * Matrix3::from_diagonal(&sign) * v_t;
        let scale = svd.singular_values.component_mul(&sign).sum() / variance_a;
        let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(rotation));
        Some(Self { scale, rotation, translation: mean_b - scale * (rotation * mean_a) })
    }

    /// Moves a point from `a` to `b`.
    pub fn transform(&self, x_in_a: &Vector3<f64>) -> Vector3<f64> {
        self.scale * (self.rotation * x_in_a) + self.translation
    }

    /// `cam_from_b` (with the scale of `b`) of a `cam_from_a`, for `self` named `b_from_a`.
    pub fn moved(&self, cam_from_a: &Rigid3) -> Rigid3 {
        let rotation = cam_from_a.rotation * self.rotation.inverse();
        Rigid3::looking_from(self.transform(&cam_from_a.center()), rotation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_recovers_the_transform_that_made_the_points() {
        let truth = Similarity3 {
            scale: 2.5,
            rotation: UnitQuaternion::from_scaled_axis(Vector3::new(0.2, 0.7, -0.4)),
            translation: Vector3::new(10.0, -4.0, 3.0),
        };
        let a: Vec<_> = (0..7)
            .map(f64::from)
            .map(|i| Vector3::new(i.sin() * 5.0, (2.0 * i).cos() * 3.0, i - 2.0))
            .collect();
        let b: Vec<_> = a.iter().map(|p| truth.transform(p)).collect();
        let fit = Similarity3::fit(&a, &b).unwrap();
        assert!((fit.scale - truth.scale).abs() < 1e-12);
        assert!(a.iter().zip(&b).all(|(p, q)| (fit.transform(p) - q).norm() < 1e-10));
    }

    #[test]
    fn points_on_a_line_are_refused() {
        let line: Vec<_> = (0..5).map(|i| Vector3::new(f64::from(i), 0.0, 0.0)).collect();
        assert!(Similarity3::fit(&line, &line).is_none());
    }
}
