use nalgebra::{Matrix3, SMatrix};
use plumbline_geometry::Rigid3;
use plumbline_optim::{Loss, Normal};
use plumbline_scene::ViewPrior;

use crate::reprojection::POSE;

/// Distance, in standard deviations, at which a rotation begins to lose its pull: compasses fail by far more than
/// their noise.
const LOSS: Loss = Loss::Cauchy { scale: 3.0 };

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
