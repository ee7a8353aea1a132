use nalgebra::SMatrix;
use plumbline_camera::{Camera, PARAMETERS};
use plumbline_optim::{Loss, Normal};
use plumbline_scene::CameraPrior;

use crate::Calibration;

/// How far a principal point lies from where it is said to be, as a fraction of the photo's width.
const PRINCIPAL_POINT_SIGMA_REL: f64 = 0.005;
/// Spread of k1, k2, k3, p1, p2 among drone cameras.
const DISTORTION_SIGMA: [f64; 5] = [0.05, 0.05, 0.03, 0.001, 0.001];

/// Weight of a parameter that is held: it is known to a hundred-millionth of its unit.
const HELD: f64 = 1e16;

/// Standard uncertainties of the calibration parameters before the adjustment; zero where they are held fixed.
pub(crate) fn prior_sigma(prior: &CameraPrior, calibration: Calibration) -> [f64; PARAMETERS] {
    let focal = prior.focal_sigma_rel * prior.camera.focal_px;
    let center = PRINCIPAL_POINT_SIGMA_REL * f64::from(prior.camera.width);
    let [k1, k2, k3, p1, p2] = DISTORTION_SIGMA;
    match calibration {
        Calibration::Fixed => [0.0; PARAMETERS],
        Calibration::Radial => [focal, center, center, k1, k2, 0.0, 0.0, 0.0, 0.0],
        Calibration::Full => [focal, center, center, k1, k2, k3, p1, p2, prior.readout_sigma_s],
    }
}

/// What is known of a calibration beforehand. Fixed parameters are known exactly: [`HELD`] stands for that, so that the
/// equations stay solvable and what depends on these parameters is no less certain for it.
pub(crate) fn calibration(
    camera: &Camera,
    prior: &CameraPrior,
    sigma: &[f64; PARAMETERS],
) -> Normal<PARAMETERS> {
    let mut normal = Normal::zero();
    let (now, before) = (camera.parameters(), prior.camera.parameters());
    for i in 0..PARAMETERS {
        if sigma[i] > 0.0 {
            let mut jacobian = SMatrix::<f64, 1, PARAMETERS>::zeros();
            jacobian[i] = 1.0 / sigma[i];
            let residual = SMatrix::<f64, 1, 1>::new((now[i] - before[i]) / sigma[i]);
            normal.add(&residual, &jacobian, Loss::Square);
        } else {
            normal.hessian[(i, i)] = HELD;
        }
    }
    normal
}
