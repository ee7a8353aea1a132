use plumbline_optim::{LevenbergOptions, minimize};

use crate::bundle::{Bundle, TieWeight};
use crate::intersection::{Tolerance, intersect};
use crate::network::{Network, State, median};
use crate::{Calibration, Error, Options};

/// Most steps of one bundle adjustment; the next round continues where it stopped.
const STEPS: usize = 8;
/// An observation is believed up to this many medians of the misses: nearly five standard deviations.
const TOLERANCE_IN_MEDIANS: f64 = 4.0;
/// Miss that is always believed, pixels: however well the others fit, a keypoint is no better.
const LEAST_TOLERANCE_PX: f64 = 1.0;
/// Scale of the loss, in medians of the misses: most observations keep their full weight.
const LOSS_IN_MEDIANS: f64 = 2.0;
/// Smallest scale of the loss, in standard deviations.
const LEAST_LOSS: f64 = 2.0;
/// Points without which a block does not hold together.
const LEAST_POINTS: usize = 20;
/// The block is settled when a round lowers the median miss by less than this fraction.
const SETTLED: f64 = 0.02;

/// What holds the block in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Datum {
    /// Nothing: position, orientation and scale are arbitrary and the earlier epoch does not take part.
    Free,
    /// GNSS and gimbal of the photos, and the earlier epoch.
    World,
}

/// What is adjusted, and from how far off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal {
    pub datum: Datum,
    pub calibration: Calibration,
    /// Distance between projected and measured pixel that is believed in the first round.
    pub first_tolerance_px: f64,
    pub effort: Effort,
}

/// How long a block is worked on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Most rounds of intersection and bundle adjustment.
    pub rounds: usize,
    /// Fraction of the cost; a bundle adjustment stops when a step gains less.
    pub least_gain: f64,
}

impl Effort {
    /// While more views are to come.
    pub const ROUGH: Self = Self { rounds: 1, least_gain: 3e-2 };
    /// Good enough to judge views and observations by.
    pub const USUAL: Self = Self { rounds: 8, least_gain: 3e-3 };
    /// For the result.
    pub const LAST: Self = Self { rounds: 8, least_gain: 2e-4 };
}

/// Alternates intersection and bundle adjustment, believing less and less, until the block is settled.
pub(crate) fn refine(
    network: &mut Network,
    state: &mut State,
    goal: Goal,
    options: &Options,
) -> Result<(), Error> {
    let mut tolerance = goal.first_tolerance_px.max(options.outlier_px);
    let mut before = f64::INFINITY;
    for _ in 0..goal.effort.rounds {
        intersect(network, state, Tolerance { miss_px: tolerance, min_angle: options.min_angle });
        bundle(network, state, goal, options)?;
        let now = median(network.misses_px(state));
        let settled = now > (1.0 - SETTLED) * before;
        if settled && tolerance <= options.outlier_px {
            break;
        }
        tolerance = (TOLERANCE_IN_MEDIANS * now).max(LEAST_TOLERANCE_PX).min(tolerance);
        before = now;
    }
    intersect(network, state, Tolerance { miss_px: tolerance, min_angle: options.min_angle });
    Ok(())
}

/// One bundle adjustment of what is believed at the moment.
fn bundle(network: &Network, state: &mut State, goal: Goal, options: &Options) -> Result<(), Error> {
    let miss = median(network.misses_px(state)) / options.pixel_sigma_px;
    let loss_scale = (LOSS_IN_MEDIANS * miss).max(LEAST_LOSS);
    let weight = TieWeight { sigma_px: options.pixel_sigma_px, loss_scale };
    let problem = Bundle::new(network, state, goal, weight);
    let cost_tolerance = goal.effort.least_gain;
    let levenberg = LevenbergOptions { max_steps: STEPS, cost_tolerance, ..LevenbergOptions::default() };
    let minimum =
        minimize(&problem, state.clone(), &levenberg).map_err(|error| undetermined(network, error))?;
    *state = minimum.state;
    Ok(())
}

/// Why the equations have no solution, from what is believed at the moment.
fn undetermined(network: &Network, error: plumbline_optim::Error) -> Error {
    let points = network.believed.iter().filter(|seen| !seen.is_empty()).count();
    if points < LEAST_POINTS { Error::NoBaseline { points } } else { Error::Undetermined(error) }
}
