use crate::growth::{grown, place_more};
use crate::network::{Network, State, median};
use crate::plausibility::looks_up;
use crate::refine::{Datum, Effort, Goal, refine};
use crate::views::unplace_strays;
use crate::{Calibration, Error, Options};

/// Miss that is believed at first when poses come from GNSS and gimbal, as a fraction of the focal length: a few degrees
/// of heading, and metres of position seen from tens of metres.
const PRIOR_TOLERANCE_REL: f64 = 0.15;
/// Miss that is believed at first after views were placed by resection, as a fraction of the focal length.
pub(crate) const RESECTED_TOLERANCE_REL: f64 = 0.01;
/// Share of the photos that a start must place to be accepted.
const ACCEPTED: f64 = 0.8;
/// Fewest photos that are a block.
const LEAST_PLACED: usize = 2;

/// The first block in the world: from GNSS and gimbal where they agree with the matches, else grown from the matches.
pub(crate) fn start(network: &mut Network, options: &Options) -> Result<State, Error> {
    let from_priors = from_priors(network, options)?;
    if is_accepted(network, &from_priors, options) {
        return Ok(from_priors);
    }
    let from_priors_placed = if fits(network, &from_priors, options) { from_priors.placed() } else { 0 };
    let state = match grown(network, options)? {
        Some(grown) if grown.placed() > from_priors_placed && looks_up(&grown) => {
            return Err(Error::Mirrored { photos: grown.placed() });
        }
        Some(mut grown) if grown.placed() > from_priors_placed => {
            let tolerance = PRIOR_TOLERANCE_REL * network.focal_px();
            settle(network, &mut grown, tolerance, options)?;
            grown
        }
        _ => from_priors,
    };
    if state.placed() < LEAST_PLACED || !fits(network, &state, options) {
        return Err(Error::NotPlaced {
            placed: state.placed(),
            photos: network.prior.views.len(),
            focal_px: network.focal_px(),
        });
    }
    Ok(state)
}

fn from_priors(network: &mut Network, options: &Options) -> Result<State, Error> {
    let mut state = State::new(network.prior, network.measured.len());
    for (pose, view) in state.poses.iter_mut().zip(&network.prior.views) {
        *pose = view.cam_from_world();
    }
    if state.placed() >= LEAST_PLACED {
        let tolerance = PRIOR_TOLERANCE_REL * network.focal_px();
        settle(network, &mut state, tolerance, options)?;
    }
    Ok(state)
}

/// Refines, takes away what contradicts, and places by resection what can be, until nothing more is found.
fn settle(
    network: &mut Network,
    state: &mut State,
    first_tolerance_px: f64,
    options: &Options,
) -> Result<(), Error> {
    let (calibration, effort) = (Calibration::Fixed, Effort::USUAL);
    let goal = Goal { datum: Datum::World, calibration, first_tolerance_px, effort };
    refine(network, state, goal, options)?;
    let mut before = 0;
    loop {
        unplace_strays(network, state, options);
        if state.placed() <= before || place_more(network, state, options.seed) == 0 {
            return Ok(());
        }
        before = state.placed();
        let goal = Goal { first_tolerance_px: RESECTED_TOLERANCE_REL * network.focal_px(), ..goal };
        refine(network, state, goal, options)?;
    }
}

fn is_accepted(network: &Network, state: &State, options: &Options) -> bool {
    state.placed() as f64 >= ACCEPTED * network.prior.views.len() as f64 && fits(network, state, options)
}

/// Whether the matches agree with the block to about the accuracy of a pixel.
fn fits(network: &Network, state: &State, options: &Options) -> bool {
    let misses = network.misses_px(state);
    !misses.is_empty() && median(misses) < options.outlier_px
}
