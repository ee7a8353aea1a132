use nalgebra::Vector3;
use plumbline_geometry::Rigid3;
use plumbline_scene::GroundRole;
use rayon::prelude::*;

use crate::alignment::{Pair, aligned};
use crate::fix::fix;
use crate::network::{Network, State, median};
use crate::refine::{Datum, Effort, Goal, refine};
use crate::resection::{resected, sightings_by_view};
use crate::seed::{Seed, seeds};
use crate::{Calibration, Error, Options};

/// Seeds tried until a block grows over most photos.
const SEEDS_TRIED: usize = 4;
/// Share of the photos at which a block counts as grown.
const GROWN: f64 = 0.9;
/// Known points that a view must see before it is placed.
const SIGHTINGS: usize = 20;
/// Miss that is believed while a block grows, as a fraction of the focal length.
const TOLERANCE_REL: f64 = 0.008;
/// Distance, in standard deviations, at which a GNSS position still supports the placing of a grown block.
const GNSS_THRESHOLD: f64 = 4.0;

/// Distance at which a control point still supports the placing of a grown block, as a fraction of the median distance of
/// all from their middle: a block that nothing has held yet is bent.
const BENT_REL: f64 = 0.05;

/// Builds the block from its matches alone - relative pose of a seed pair, then view by view by resection - and fits it to
/// the GNSS positions or, without these, to ground control. Needs no attitudes.
pub(crate) fn grown(network: &mut Network, options: &Options) -> Result<Option<State>, Error> {
    Ok(grown_alone(network, options)?.and_then(|state| georeferenced(network, &state, options)))
}

/// The block as its matches alone make it, without a place in the world; `None` where no pair of photos is a seed.
pub(crate) fn grown_alone(network: &mut Network, options: &Options) -> Result<Option<State>, Error> {
    let enough = GROWN * network.prior.views.len() as f64;
    let mut best: Option<State> = None;
    for seed in seeds(network, options.seed).into_iter().take(SEEDS_TRIED) {
        let state = grown_from(network, seed, options)?;
        if best.as_ref().is_none_or(|best| state.placed() > best.placed()) {
            best = Some(state);
        }
        if best.as_ref().is_some_and(|best| best.placed() as f64 >= enough) {
            break;
        }
    }
    Ok(best)
}

fn grown_from(network: &mut Network, seed: Seed, options: &Options) -> Result<State, Error> {
    let mut state = State::new(network.prior, network.measured.len());
    state.poses[seed.first] = Some(Rigid3::identity());
    state.poses[seed.second] = Some(seed.second_from_first);
    let goal = Goal {
        datum: Datum::Free,
        calibration: Calibration::Fixed,
        first_tolerance_px: TOLERANCE_REL * network.focal_px(),
        effort: Effort::ROUGH,
    };
    loop {
        refine(network, &mut state, goal, options)?;
        if place_more(network, &mut state, options.seed) == 0 {
            return Ok(state);
        }
    }
}

/// Places every view that sees enough known points; returns how many.
pub(crate) fn place_more(network: &Network, state: &mut State, seed: u64) -> usize {
    let sightings = sightings_by_view(network, state);
    let most = sightings.iter().zip(&state.poses).filter(|(_, p)| p.is_none()).map(|(s, _)| s.len()).max();
    // Views with far fewer points than the best wait for a later round, when they see more.
    let needed = SIGHTINGS.max(most.unwrap_or(0) / 3);
    let found: Vec<Option<Rigid3>> = sightings
        .par_iter()
        .enumerate()
        .map(|(view_idx, sightings)| {
            if state.poses[view_idx].is_some() || sightings.len() < needed {
                return None;
            }
            let camera = &state.cameras[network.prior.views[view_idx].camera_idx];
            resected(camera, sightings, SIGHTINGS / 2, seed.wrapping_add(view_idx as u64))
        })
        .collect();
    let mut placed = 0;
    for (pose, found) in state.poses.iter_mut().zip(found) {
        if found.is_some() {
            *pose = found;
            placed += 1;
        }
    }
    placed
}

/// The block in the world, by GNSS or else by ground control; `None` when neither says where that is.
fn georeferenced(network: &Network, state: &State, options: &Options) -> Option<State> {
    let fixes: Vec<Pair> = network
        .prior
        .views
        .iter()
        .zip(&state.poses)
        .filter_map(|(view, pose)| {
            let (in_a, in_b) = (pose.as_ref()?.center(), view.position?);
            Some(Pair { in_a, in_b, sigma: view.position_sigma_m })
        })
        .collect();
    let by_gnss = aligned(&fixes, GNSS_THRESHOLD, options.seed);
    let b_from_a = by_gnss.or_else(|| aligned(&control(network, state), 1.0, options.seed))?.model;
    Some(state.moved(&b_from_a))
}

/// Control points in a block without a place, and where they were surveyed.
fn control(network: &Network, state: &State) -> Vec<Pair> {
    let points = network.ground.iter().filter(|p| p.role == GroundRole::Control);
    let seen: Vec<Pair> = points
        .filter_map(|point| {
            let in_a = fix(network, state, &point.marks, point.mark_sigma_px)?.point;
            Some(Pair { in_a, in_b: point.position, sigma: point.sigma_m })
        })
        .collect();
    let middle = seen.iter().map(|p| p.in_b).sum::<Vector3<f64>>() / seen.len() as f64;
    let extent_m = median(seen.iter().map(|p| (p.in_b - middle).norm()).collect());
    let sigma = Vector3::repeat(BENT_REL * extent_m);
    seen.into_iter().map(|pair| Pair { sigma: pair.sigma + sigma, ..pair }).collect()
}
