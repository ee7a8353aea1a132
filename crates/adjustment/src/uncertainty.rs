use nalgebra::Vector3;
use plumbline_camera::PARAMETERS;
use plumbline_optim::{Loss, covariance};

use crate::bundle::{Bundle, Datum};
use crate::network::{Network, State, median};
use crate::{Error, Options};

/// Median of the length of a two-dimensional normal vector of unit standard deviation per axis.
const RAYLEIGH_MEDIAN: f64 = 1.177_41;

/// Standard uncertainties at the end of an adjustment.
pub(crate) struct Uncertainty {
    /// Position of every view east, north, up, metres; zero where not placed.
    pub position_m: Vec<Vector3<f64>>,
    /// Rotation of every view about its camera's axes, radians.
    pub rotation: Vec<Vector3<f64>>,
    /// Calibration of every camera; zero where not estimated.
    pub calibration: Vec<[f64; PARAMETERS]>,
}

/// From the inverse normal equations, with the pixel noise that the residuals show.
pub(crate) fn uncertainty(network: &Network, state: &State, options: &Options) -> Result<Uncertainty, Error> {
    let seen_px = median(network.misses_px(state)) / RAYLEIGH_MEDIAN;
    let pixel_sigma_px = options.pixel_sigma_px.max(seen_px);
    let problem = Bundle::new(network, Datum::World, Loss::Square, pixel_sigma_px, options.calibration);
    let found = covariance(&problem, state)?;
    let root =
        |m: &nalgebra::Matrix6<f64>, at: usize| Vector3::from_fn(|i, _| m[(at + i, at + i)].max(0.0).sqrt());
    let placed = |at: usize| {
        let blocks = found.frames.iter().zip(&state.poses);
        blocks.map(|(m, pose)| if pose.is_some() { root(m, at) } else { Vector3::zeros() }).collect()
    };
    let calibration = (0..found.shared.len())
        .map(|c| {
            let estimated = problem.calibration_sigma(c);
            std::array::from_fn(|i| {
                if estimated[i] > 0.0 { found.shared[c][(i, i)].max(0.0).sqrt() } else { 0.0 }
            })
        })
        .collect();
    Ok(Uncertainty { position_m: placed(3), rotation: placed(0), calibration })
}
