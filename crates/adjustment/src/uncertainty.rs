use nalgebra::Vector3;
use plumbline_camera::PARAMETERS;
use plumbline_optim::{Loss, covariance};

use crate::bundle::Bundle;
use crate::network::{Network, State, median};
use crate::pose_prior::relative_sigma_m;
use crate::refine::Goal;
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
pub(crate) fn uncertainty(
    network: &Network,
    state: &State,
    goal: Goal,
    options: &Options,
) -> Result<Uncertainty, Error> {
    let seen_px = median(network.misses_px(state)) / RAYLEIGH_MEDIAN;
    let pixel_sigma_px = options.pixel_sigma_px.max(seen_px);
    let problem = Bundle::new(network, state, goal, Loss::Square, pixel_sigma_px);
    let found = covariance(&problem, state)?;
    let redundancy = network.redundancy(state);
    let root = |m: &nalgebra::Matrix6<f64>, at: usize| {
        Vector3::from_fn(|i, _| (redundancy * m[(at + i, at + i)]).max(0.0).sqrt())
    };
    let placed = |at: usize| {
        let blocks = found.frames.iter().zip(&state.poses);
        blocks.map(|(m, pose)| if pose.is_some() { root(m, at) } else { Vector3::zeros() }).collect()
    };
    let calibration = (0..found.shared.len())
        .map(|c| {
            let estimated = problem.calibration_sigma(c);
            std::array::from_fn(|i| {
                if estimated[i] > 0.0 { (redundancy * found.shared[c][(i, i)]).max(0.0).sqrt() } else { 0.0 }
            })
        })
        .collect();
    let shared = shared_gnss_error_m(network);
    let position_m: Vec<_> = placed(3);
    let position_m = position_m.iter().map(|s: &Vector3<f64>| s.zip_map(&shared, f64::hypot)).collect();
    Ok(Uncertainty { position_m, rotation: placed(0), calibration })
}

/// Standard uncertainty of the block as a whole, from the error that its GNSS positions share, metres; zero when the block
/// is tied to an earlier epoch, which then carries it.
fn shared_gnss_error_m(network: &Network) -> Vector3<f64> {
    let views = network.prior.views.iter().filter(|v| v.position.is_some());
    let shared: Vec<Vector3<f64>> = views
        .map(|v| {
            v.position_sigma_m
                .zip_map(&relative_sigma_m(v), |all, own| (all * all - own * own).max(0.0).sqrt())
        })
        .collect();
    if network.earlier.is_some() {
        return Vector3::zeros();
    }
    Vector3::from_fn(|axis, _| median(shared.iter().map(|s| s[axis]).collect()))
}
