use nalgebra::{Matrix2x3, SMatrix, UnitQuaternion, Vector2, Vector3};
use plumbline_camera::{Camera, PARAMETERS};
use plumbline_geometry::Rigid3;

/// Parameters of a pose: a turn about the camera's axes (axis-angle, radians), then a shift of the projection centre
/// in the world, metres.
pub(crate) const POSE: usize = 6;

/// Projected minus measured pixel, with its derivatives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reprojection {
    pub residual_px: Vector2<f64>,
    pub by_pose: SMatrix<f64, 2, POSE>,
    pub by_camera: SMatrix<f64, 2, PARAMETERS>,
    pub by_point: Matrix2x3<f64>,
}

impl Reprojection {
    /// Of a camera in a pose with a velocity in the world; `None` where the view does not look at the point.
    ///
    /// What the flight covers during the readout is a thousandth of the distance: the pose turns the point, not that.
    pub fn new(
        camera: &Camera,
        (pose, velocity): (&Rigid3, &Vector3<f64>),
        point: &Vector3<f64>,
        pixel: &Vector2<f64>,
    ) -> Option<Self> {
        let p_in_cam = pose.transform(point);
        let at = camera.project_moving_with_derivatives(&p_in_cam, &(pose.rotation * velocity))?;
        let by_point = at.by_point * pose.rotation_matrix();
        let mut by_pose = SMatrix::<f64, 2, POSE>::zeros();
        by_pose.fixed_columns_mut::<3>(0).copy_from(&(-at.by_point * p_in_cam.cross_matrix()));
        by_pose.fixed_columns_mut::<3>(3).copy_from(&-by_point);
        Some(Self { residual_px: at.pixel - pixel, by_pose, by_camera: at.by_parameters, by_point })
    }
}

/// A pose after a step of its [`POSE`] parameters.
pub(crate) fn moved_pose(pose: &Rigid3, step: &SMatrix<f64, POSE, 1>) -> Rigid3 {
    let turn = UnitQuaternion::from_scaled_axis(step.fixed_rows::<3>(0).into_owned());
    Rigid3::looking_from(pose.center() + step.fixed_rows::<3>(3), turn * pose.rotation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_differences() {
        let camera = Camera { k1: -0.03, k2: 0.01, p1: 2e-4, ..Camera::pinhole(4000, 3000, 2300.0) };
        let turn = UnitQuaternion::from_scaled_axis(Vector3::new(3.0, 0.2, -0.1));
        let pose = Rigid3::looking_from(Vector3::new(4.0, -7.0, 80.0), turn);
        let (point, pixel) = (Vector3::new(12.0, 9.0, 3.0), Vector2::new(100.0, 200.0));
        let still = Vector3::zeros();
        let at = Reprojection::new(&camera, (&pose, &still), &point, &pixel).unwrap();
        let h = 1e-6;
        for i in 0..POSE {
            let mut step = SMatrix::zeros();
            step[i] = h;
            let moved =
                Reprojection::new(&camera, (&moved_pose(&pose, &step), &still), &point, &pixel).unwrap();
            let slope = (moved.residual_px - at.residual_px) / h;
            assert!((slope - at.by_pose.column(i)).norm() < 1e-2, "pose {i}");
        }
        for i in 0..3 {
            let mut q = point;
            q[i] += h;
            let moved = Reprojection::new(&camera, (&pose, &still), &q, &pixel).unwrap();
            let slope = (moved.residual_px - at.residual_px) / h;
            assert!((slope - at.by_point.column(i)).norm() < 1e-2, "point {i}");
        }
    }
}
