use nalgebra::SMatrix;
use plumbline_camera::PARAMETERS;
use plumbline_optim::Sensitivity;
use serde::{Deserialize, Serialize};

use crate::fix::fix;
use crate::network::{Network, State};
use crate::reprojection::POSE;
use crate::uncertainty::Uncertainty;

/// Ground points by which the height of the cameras above ground is told.
const POINTS: usize = 30;

/// How well a flight itself determines a focal length.
///
/// Photos that look straight down from one height over flat ground look the same with a longer focal length from higher up:
/// then the prior decides, and whatever it errs scales all heights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FocalStrength {
    /// Standard uncertainty after the adjustment over that before: near one, the flight adds nothing to the prior.
    pub sigma_ratio: f64,
    /// Correlation with the height of the cameras above ground; near one the two cannot be told apart.
    pub height_correlation: f64,
    /// Part of the standard uncertainty of that height which comes from the focal length, metres.
    pub height_sigma_m: f64,
}

impl FocalStrength {
    /// Of a camera whose focal length was estimated.
    pub(crate) fn of(
        network: &Network,
        state: &State,
        uncertainty: &Uncertainty,
        camera_idx: usize,
    ) -> Option<Self> {
        let prior = &network.prior.cameras[camera_idx];
        let before = prior.focal_sigma_rel * prior.camera.focal_px;
        let sensitivity = focal_and_height(network, state, camera_idx)?;
        let covariance = uncertainty.propagated(&sensitivity);
        let (focal, height) = (covariance[(0, 0)].max(0.0).sqrt(), covariance[(1, 1)].max(0.0).sqrt());
        if before == 0.0 || focal == 0.0 || height == 0.0 {
            return None;
        }
        let height_correlation = (covariance[(0, 1)] / (focal * height)).clamp(-1.0, 1.0);
        let height_sigma_m = height_correlation.abs() * height;
        Some(Self { sigma_ratio: focal / before, height_correlation, height_sigma_m })
    }
}

/// Derivative of the focal length and of the cameras' mean height above some of the ground points they see.
fn focal_and_height(
    network: &Network,
    state: &State,
    camera_idx: usize,
) -> Option<Sensitivity<POSE, PARAMETERS>> {
    let own = |view_idx: usize| network.prior.views.get(view_idx).is_some_and(|v| v.camera_idx == camera_idx);
    let tracks: Vec<_> = network
        .believed
        .iter()
        .filter(|seen| seen.len() >= 3 && seen.iter().all(|o| own(o.view_idx)))
        .collect();
    let every = tracks.len().div_ceil(POINTS).max(1);
    let chosen: Vec<_> = tracks.into_iter().step_by(every).collect();
    let share = 1.0 / chosen.len() as f64;
    let mut sum = Sensitivity::default();
    for seen in &chosen {
        let point = fix(network, state, seen, 1.0)?;
        let to_height = |column: f64| share * column;
        for (view_idx, by_frame) in point.sensitivity.by_frame {
            let mut block = SMatrix::<f64, POSE, 3>::zeros();
            block.set_column(1, &-by_frame.column(2).map(to_height));
            block[(5, 1)] += share / seen.len() as f64;
            sum.by_frame.push((view_idx, block));
        }
        for (idx, by_shared) in point.sensitivity.by_shared {
            let mut block = SMatrix::<f64, PARAMETERS, 3>::zeros();
            block.set_column(1, &-by_shared.column(2).map(to_height));
            sum.by_shared.push((idx, block));
        }
    }
    let mut focal = SMatrix::zeros();
    focal[(0, 0)] = 1.0;
    sum.by_shared.push((camera_idx, focal));
    (!chosen.is_empty()).then_some(sum)
}
