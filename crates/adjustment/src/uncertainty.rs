use nalgebra::{Matrix3, Vector3};
use plumbline_camera::PARAMETERS;
use plumbline_optim::{Covariance, Sensitivity};
use rayon::prelude::*;

use crate::bundle::{Bundle, TieWeight};
use crate::correlation::TieErrors;
use crate::fix::Fix;
use crate::network::{Network, State};
use crate::refine::Goal;
use crate::reprojection::POSE;
use crate::{Error, Options};

/// Views whose uncertainty is solved for; of more, every so-manieth is, and the others take the nearest one's.
const MOST_SOLVED: usize = 256;

/// Standard uncertainties at the end of an adjustment.
pub(crate) struct Uncertainty {
    /// Position of every view east, north, up, metres; zero where not placed.
    pub position_m: Vec<Vector3<f64>>,
    /// Rotation of every view about its camera's axes, radians.
    pub rotation: Vec<Vector3<f64>>,
    /// Calibration of every camera; zero where not estimated.
    pub calibration: Vec<[f64; PARAMETERS]>,
    covariance: Covariance<POSE, PARAMETERS>,
}

impl Uncertainty {
    /// From the normal equations, with the pixel noise that the residuals show.
    pub fn of(network: &Network, state: &State, goal: Goal, options: &Options) -> Result<Self, Error> {
        let weight = TieWeight { sigma_px: options.pixel_sigma_px, loss_scale: f64::INFINITY };
        let problem = Bundle::new(network, state, goal, weight);
        let errors = TieErrors::of(network, state);
        let variance = errors.effective_variance_px() / (weight.sigma_px.powi(2) * network.redundancy(state));
        let covariance = Covariance::at(&problem, state, variance)?;
        let (rotation, position_m) = poses(state, &covariance);
        let calibration = (0..state.cameras.len())
            .map(|c| {
                let (estimated, block) = (problem.calibration_sigma(c), covariance.shared(c));
                std::array::from_fn(|i| if estimated[i] > 0.0 { block[(i, i)].max(0.0).sqrt() } else { 0.0 })
            })
            .collect();
        Ok(Self { position_m, rotation, calibration, covariance })
    }

    /// Covariance of three numbers that depend on poses and calibrations.
    pub fn propagated(&self, sensitivity: &Sensitivity<POSE, PARAMETERS>) -> Matrix3<f64> {
        self.covariance.propagated(sensitivity)
    }

    /// Of a ground point east, north, up, metres.
    pub fn point_m(&self, fix: &Fix) -> Vector3<f64> {
        let whole = self.covariance.propagated(&fix.sensitivity) + fix.covariance;
        whole.diagonal().map(|v| v.max(0.0).sqrt())
    }
}

/// Rotation (radians) and position (metres) of all views; zero where not placed.
fn poses(state: &State, covariance: &Covariance<POSE, PARAMETERS>) -> (Vec<Vector3<f64>>, Vec<Vector3<f64>>) {
    let placed: Vec<usize> = (0..state.poses.len()).filter(|&i| state.poses[i].is_some()).collect();
    let every = placed.len().div_ceil(MOST_SOLVED).max(1);
    let solved: Vec<(usize, Vector3<f64>, Vector3<f64>)> = placed
        .par_iter()
        .step_by(every)
        .map(|&i| {
            let sigma = covariance.frame(i).diagonal().map(|v| v.max(0.0).sqrt());
            (i, sigma.fixed_rows::<3>(0).into_owned(), sigma.fixed_rows::<3>(3).into_owned())
        })
        .collect();
    let nearest = |pose: &plumbline_geometry::Rigid3| {
        let far = |i: usize| {
            state.poses[i].as_ref().map_or(f64::INFINITY, |p| (p.center() - pose.center()).norm_squared())
        };
        let found = solved.iter().min_by(|a, b| far(a.0).total_cmp(&far(b.0)));
        found.map_or((Vector3::zeros(), Vector3::zeros()), |(_, rotation, position)| (*rotation, *position))
    };
    let zero = (Vector3::zeros(), Vector3::zeros());
    state.poses.iter().map(|pose| pose.as_ref().map_or(zero, nearest)).unzip()
}
