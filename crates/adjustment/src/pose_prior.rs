use nalgebra::{Matrix3, SMatrix, Vector3};
use plumbline_geometry::Rigid3;
use plumbline_optim::{Loss, Normal};
use plumbline_scene::ViewPrior;

use crate::reprojection::POSE;

/// Distance, in standard deviations, at which a position or rotation begins to lose its pull: receivers and compasses
/// fail by far more than their noise.
const LOSS: Loss = Loss::Cauchy { scale: 3.0 };

/// Part of a single-point position's error that changes from photo to photo; the rest is common to the flight and moves the
/// block as a whole.
const CHANGING: f64 = 0.3;
/// Largest standard uncertainty of a fixed RTK or PPK position, metres: its errors are no longer common.
pub(crate) const FIXED_SIGMA_M: f64 = 0.1;

/// Standard uncertainty of a position relative to the others of its flight, metres.
pub(crate) fn relative_sigma_m(prior: &ViewPrior) -> Vector3<f64> {
    let sigma = prior.position_sigma_m;
    if sigma.max() <= FIXED_SIGMA_M { sigma } else { (CHANGING * sigma).sup(&Vector3::repeat(FIXED_SIGMA_M)) }
}

/// What GNSS says of a pose, given the error that all positions of the flight share.
pub(crate) fn gnss(pose: &Rigid3, prior: &ViewPrior, shared_error_m: &Vector3<f64>) -> Normal<POSE> {
    let mut normal = Normal::zero();
    if let Some(position) = prior.position {
        let weight = relative_sigma_m(prior).map(|s| 1.0 / s);
        let mut jacobian = SMatrix::<f64, 3, POSE>::zeros();
        jacobian.fixed_columns_mut::<3>(3).copy_from(&Matrix3::from_diagonal(&weight));
        normal.add(&(pose.center() - position - shared_error_m).component_mul(&weight), &jacobian, LOSS);
    }
    normal
}

/// What the gimbal says of a pose, `share` of it: the compass errs for a whole flight, so that all its photos together say no
/// more than one. The derivative is that of a small difference; the loss takes care of large ones.
pub(crate) fn gimbal(pose: &Rigid3, prior: &ViewPrior, share: f64) -> Normal<POSE> {
    let mut normal = Normal::zero();
    if let Some(rotation) = prior.rotation {
        let difference = (pose.rotation * rotation.inverse()).scaled_axis();
        let mut jacobian = SMatrix::<f64, 3, POSE>::zeros();
        jacobian.fixed_columns_mut::<3>(0).copy_from(&(Matrix3::identity() / prior.rotation_sigma));
        normal.add(&(difference / prior.rotation_sigma), &jacobian, LOSS);
    }
    normal * share
}
