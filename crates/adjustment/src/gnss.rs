use nalgebra::{Matrix2x3, SMatrix, Vector2, Vector3};
use plumbline_camera::PARAMETERS;
use plumbline_geometry::Rigid3;
use plumbline_optim::{Equation, Loss, Normal};
use plumbline_scene::ViewPrior;

use crate::network::{Network, median};
use crate::reprojection::POSE;

/// Distance, in standard deviations, at which a position begins to lose its pull: receivers fail by far more than their
/// noise.
pub(crate) const LOSS: Loss = Loss::Cauchy { scale: 3.0 };
/// Part of a single-point position's error that changes from photo to photo; the rest is common to the flight and moves the
/// block as a whole.
const CHANGING: f64 = 0.3;
/// Largest standard uncertainty of a fixed RTK or PPK position, metres: its errors are no longer common.
pub(crate) const FIXED_SIGMA_M: f64 = 0.1;
/// Standard uncertainty of the common error where something better holds the block, metres: heights of the air pressure err
/// by hundreds.
const UNKNOWN_SIGMA_M: f64 = 1e3;

/// Standard uncertainty of a position relative to the others of its flight, metres.
pub(crate) fn relative_sigma_m(prior: &ViewPrior) -> Vector3<f64> {
    let sigma = prior.position_sigma_m;
    if sigma.max() <= FIXED_SIGMA_M { sigma } else { (CHANGING * sigma).sup(&Vector3::repeat(FIXED_SIGMA_M)) }
}

/// Standard uncertainty of the error that all positions of the flight share, metres; zero where there is none.
pub(crate) fn shared_sigma_m(network: &Network) -> Vector3<f64> {
    if network.earlier.is_some() || !network.control.is_empty() {
        return Vector3::repeat(UNKNOWN_SIGMA_M);
    }
    let views = network.prior.views.iter().filter(|v| v.position.is_some());
    let shared: Vec<Vector3<f64>> = views
        .map(|v| {
            v.position_sigma_m
                .zip_map(&relative_sigma_m(v), |all, own| (all * all - own * own).max(0.0).sqrt())
        })
        .collect();
    Vector3::from_fn(|axis, _| median(shared.iter().map(|s| s[axis]).collect()))
}

/// Position of a pose minus what GNSS says of it less the common error, in standard deviations: across, then in height.
pub(crate) fn residuals(pose: &Rigid3, prior: &ViewPrior, offset_m: &Vector3<f64>) -> Vec<Vector2<f64>> {
    let Some(position) = prior.position else { return Vec::new() };
    let misfit = pose.center() - position - offset_m;
    selections(prior).map(|select| select * misfit).to_vec()
}

/// The same, linearised. The common error takes the first three places of the shared block `offset_idx`; an axis of
/// `shared_sigma_m` zero has none.
pub(crate) fn equations(
    view_idx: usize,
    offset_idx: usize,
    pose: &Rigid3,
    prior: &ViewPrior,
    (offset_m, shared_sigma_m): (&Vector3<f64>, &Vector3<f64>),
) -> Vec<Equation<POSE, PARAMETERS>> {
    let equation = |(residual, select): (Vector2<f64>, Matrix2x3<f64>)| {
        let mut by_frame = SMatrix::<f64, 2, POSE>::zeros();
        by_frame.fixed_columns_mut::<3>(3).copy_from(&select);
        let mut by_shared = SMatrix::<f64, 2, PARAMETERS>::zeros();
        for axis in (0..3).filter(|&axis| shared_sigma_m[axis] > 0.0) {
            by_shared.set_column(axis, &-select.column(axis));
        }
        let (frame, shared, by_point) = (Some(view_idx), Some(offset_idx), Matrix2x3::zeros());
        Equation { frame, shared, residual, by_frame, by_shared, by_point }
    };
    residuals(pose, prior, offset_m).into_iter().zip(selections(prior)).map(equation).collect()
}

/// What is known of the common error beforehand.
pub(crate) fn offset_prior(offset_m: &Vector3<f64>, shared_sigma_m: &Vector3<f64>) -> Normal<PARAMETERS> {
    let mut normal = Normal::<PARAMETERS>::zero();
    normal.hessian.fill_diagonal(1.0);
    for axis in (0..3).filter(|&axis| shared_sigma_m[axis] > 0.0) {
        let weight = shared_sigma_m[axis].powi(-2);
        normal.cost += 0.5 * weight * offset_m[axis].powi(2);
        normal.gradient[axis] = weight * offset_m[axis];
        normal.hessian[(axis, axis)] = weight;
    }
    normal
}

/// Weights of the axes in the two measurements of two rows; the last row is empty.
fn selections(prior: &ViewPrior) -> [Matrix2x3<f64>; 2] {
    let weight = relative_sigma_m(prior).map(|sigma| 1.0 / sigma);
    #[rustfmt::skip]
    let across = Matrix2x3::new(
        weight.x, 0.0, 0.0,
        0.0, weight.y, 0.0,
    );
    #[rustfmt::skip]
    let height = Matrix2x3::new(
        0.0, 0.0, weight.z,
        0.0, 0.0, 0.0,
    );
    [across, height]
}
