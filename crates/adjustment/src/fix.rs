use nalgebra::{Matrix3, Vector3};
use plumbline_camera::PARAMETERS;
use plumbline_geometry::{Ray, triangulate};
use plumbline_optim::Sensitivity;
use plumbline_scene::Observation;

use crate::network::{Network, State};
use crate::reprojection::{POSE, Reprojection};

/// Gauss-Newton steps from where the rays nearly meet; the first already leaves less than a tenth of a pixel.
const STEPS: usize = 4;

/// A ground point intersected from a placed block.
pub(crate) struct Fix {
    pub point: Vector3<f64>,
    /// From the noise of its own pixels, square metres.
    pub covariance: Matrix3<f64>,
    /// How it follows the poses and calibrations.
    pub sensitivity: Sensitivity<POSE, PARAMETERS>,
}

/// The point from which its pixels, each of standard uncertainty `sigma_px`, miss least; `None` where fewer than two placed
/// views see it or their rays do not meet.
pub(crate) fn fix(network: &Network, state: &State, seen: &[Observation], sigma_px: f64) -> Option<Fix> {
    let rays: Vec<Ray> = seen.iter().filter_map(|o| network.ray(state, o)).collect();
    let (mut point, _) = triangulate(&rays)?;
    let mut covariance = Matrix3::zeros();
    for _ in 0..STEPS {
        let (mut hessian, mut gradient) = (Matrix3::zeros(), Vector3::zeros());
        for at in seen.iter().filter_map(|o| network.reprojection(state, o, &point)) {
            hessian += at.by_point.transpose() * at.by_point;
            gradient += at.by_point.transpose() * at.residual_px;
        }
        let inverse = hessian.cholesky()?.inverse();
        point -= inverse * gradient;
        covariance = sigma_px * sigma_px * inverse;
    }
    let sensitivity = sensitivity(network, state, seen, &point, &(covariance / (sigma_px * sigma_px)));
    Some(Fix { point, covariance, sensitivity })
}

/// Implicit differentiation of the point of least misses.
fn sensitivity(
    network: &Network,
    state: &State,
    seen: &[Observation],
    point: &Vector3<f64>,
    inverse: &Matrix3<f64>,
) -> Sensitivity<POSE, PARAMETERS> {
    let mut sensitivity = Sensitivity::default();
    for o in seen.iter().filter(|o| network.is_own(o.view_idx)) {
        let Some(at) = network.reprojection(state, o, point) else { continue };
        let Reprojection { by_pose, by_camera, by_point, .. } = at;
        let to_point = -by_point * inverse;
        sensitivity.by_frame.push((o.view_idx, by_pose.transpose() * to_point));
        let camera_idx = network.prior.views[o.view_idx].camera_idx;
        sensitivity.by_shared.push((camera_idx, by_camera.transpose() * to_point));
    }
    sensitivity
}
