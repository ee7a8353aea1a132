use plumbline_scene::{Block, FlightPrior, PixelTrack, ThinOptions, ViewPrior, thin_tracks};

use crate::check::check;
use crate::control::{self, Faults};
use crate::ground::ground_report;
use crate::growth::place_more;
use crate::intersection::{Tolerance, intersect};
use crate::network::{Network, State};
use crate::outcome::{Findings, block, outcome};
use crate::plausibility::{contradicted_by_m, is_sound, judge, refused_attitudes};
use crate::refine::{Datum, Effort, Goal, refine};
use crate::relative::{has_place, relative};
use crate::start::{RESECTED_TOLERANCE_REL, start};
use crate::tie;
use crate::uncertainty::Uncertainty;
use crate::upside_down::{upside_down, with_views_turned};
use crate::views::{keep_largest_part, left_out, reject_gnss_blunders, shared_gnss_error, unplace_strays};
use crate::{Calibration, Error, Focal, Options, Reference, Report, Survey};

/// Tracks a photo by which a flight is placed before all are used: several for each that counts as independent.
const SAMPLED: usize = 200;
/// Standard uncertainty of a free focal length, as a fraction of it: nothing known.
const FREE_SIGMA_REL: f64 = 10.0;

/// A flight placed in the world.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// The views that could be placed, in the order of the prior, with their tracks.
    pub block: Block,
    /// How it went.
    pub report: Report,
}

/// Places the photos of a flight.
///
/// Where matches or positions contradict what the gimbal says, it is tried again without the attitudes, and that is taken
/// if it is sound. Without positions and control it is a relative model, see [`Reference::NotGeoreferenced`]. The result is the same for any number of threads.
pub fn adjust(survey: &Survey, options: &Options) -> Result<Adjustment, Error> {
    check(survey, options)?;
    if !has_place(survey) {
        return relative(survey, options);
    }
    let first = adjusted(survey, options);
    let is_final = match &first {
        Ok(adjustment) => is_sound(&adjustment.report),
        Err(error) => matches!(error, Error::Mirrored { .. }),
    };
    if is_final {
        return first;
    }
    if survey.prior.views.iter().all(|view| view.rotation.is_none()) {
        return refuse_contradicted(first?);
    }
    let bare = without_attitudes(survey.prior);
    match adjusted(&Survey { prior: &bare, ..*survey }, options) {
        Ok(mut second) if is_sound(&second.report) => {
            second.report.remarks.push(refused_attitudes());
            Ok(second)
        }
        Err(mirrored @ Error::Mirrored { .. }) => Err(mirrored),
        _ => refuse_contradicted(first?),
    }
}

/// No block where most photos cannot be where their positions say, unless ground control holds it.
fn refuse_contradicted(adjustment: Adjustment) -> Result<Adjustment, Error> {
    let report = &adjustment.report;
    match contradicted_by_m(report) {
        Some(off_m) if report.reference != Reference::GroundControl => {
            Err(Error::ContradictsPositions { photos: report.adjusted, off_m })
        }
        _ => Ok(adjustment),
    }
}

/// The prior without attitudes.
fn without_attitudes(prior: &FlightPrior) -> FlightPrior {
    let mut bare = prior.clone();
    bare.views.iter_mut().for_each(|view| view.rotation = None);
    bare
}

/// Places the photos by all that they say.
pub(crate) fn adjusted(survey: &Survey, options: &Options) -> Result<Adjustment, Error> {
    let Survey { tracks, ground, earlier, .. } = *survey;
    let prior = &with_focal(survey.prior, options.focal);
    let (kept, held_out) = tie::hold_out(tracks, prior.views.len(), options);
    let turned_prior;
    let mut network = Network::new(prior, None, sample(prior, &kept));
    network.ground = ground;
    let mut state = start(&mut network, options)?;
    network.turned = upside_down(&network, &state);
    if !network.turned.is_empty() {
        turned_prior = with_views_turned(prior, &network.turned);
        network.prior = &turned_prior;
        state.cameras = turned_prior.cameras.iter().map(|c| c.camera).collect();
    }
    calibrate(&mut network, &mut state, options)?;
    network.measure(kept, &mut state);
    let tolerance = Tolerance { miss_px: options.outlier_px, min_angle: options.min_angle };
    intersect(&mut network, &mut state, tolerance);
    let faults = held_by_control(&mut network, &mut state, options)?;
    let tied = tie_to(&mut network, &mut state, earlier, options)?;
    let outside = consolidate(&mut network, &mut state, options)?;
    let left_out = left_out(&network, &state, &outside, options);
    let gsd_m = block(&network, &state).gsd_m();
    let tie = match earlier {
        Some(_) if tied => Some(tie::measured(&network, &state, &held_out, gsd_m, options)),
        Some(_) => Some(tie::absent(gsd_m)),
        None => None,
    };
    let last = goal(&network, options.calibration, Effort::LAST);
    let uncertainty = Uncertainty::of(&network, &state, last, options)?;
    let ground = ground_report(&network, &state, &uncertainty, &faults, options);
    let findings = Findings { left_out, ground, tie };
    let mut adjustment = outcome(&network, &state, &uncertainty, findings, options);
    judge(&mut adjustment.report, &network, &state)?;
    Ok(adjustment)
}

/// Enough tracks of the flight's own views to place and calibrate them roughly: long ones, well spread.
pub(crate) fn sample(prior: &FlightPrior, tracks: &[PixelTrack]) -> Vec<PixelTrack> {
    let size = |view: &ViewPrior| {
        let camera = &prior.cameras[view.camera_idx].camera;
        (camera.width, camera.height)
    };
    let sizes: Vec<(u32, u32)> = prior.views.iter().map(size).collect();
    let own = tracks.iter().map(|track| {
        let own = track.observations.iter().filter(|o| o.view_idx < sizes.len());
        PixelTrack { observations: own.copied().collect() }
    });
    let own: Vec<PixelTrack> = own.filter(|track| track.observations.len() >= 2).collect();
    thin_tracks(&own, &sizes, &ThinOptions { tracks_per_photo: SAMPLED, ..ThinOptions::default() })
}

/// The prior with focal lengths as well known as asked for.
fn with_focal(prior: &FlightPrior, focal: Focal) -> FlightPrior {
    let mut prior = prior.clone();
    for camera in &mut prior.cameras {
        camera.focal_sigma_rel = match focal {
            Focal::Free => FREE_SIGMA_REL,
            Focal::Prior => camera.focal_sigma_rel,
            Focal::Fixed => 0.0,
        };
    }
    prior
}

fn goal(network: &Network, calibration: Calibration, effort: Effort) -> Goal {
    let first_tolerance_px = RESECTED_TOLERANCE_REL * network.focal_px();
    Goal { datum: Datum::World, calibration, first_tolerance_px, effort }
}

/// Self-calibration, the parameters that matter most first.
fn calibrate(network: &mut Network, state: &mut State, options: &Options) -> Result<(), Error> {
    if options.calibration == Calibration::Full {
        refine(network, state, goal(network, Calibration::Radial, Effort::ROUGH), options)?;
    }
    refine(network, state, goal(network, options.calibration, Effort::USUAL), options)
}

/// Lets the control points that agree hold the block; what is wrong with the others.
fn held_by_control(network: &mut Network, state: &mut State, options: &Options) -> Result<Faults, Error> {
    let gsd_m = block(network, state).gsd_m();
    let mut faults = control::take(network, state, gsd_m, options)?;
    if network.control.is_empty() {
        return Ok(faults);
    }
    loop {
        refine(network, state, goal(network, options.calibration, Effort::USUAL), options)?;
        if !control::reject_worst(network, state, &mut faults, gsd_m)? {
            return Ok(faults);
        }
    }
}

/// Carries the block onto the earlier epoch and lets that hold it; false when the two share too little.
fn tie_to<'a>(
    network: &mut Network<'a>,
    state: &mut State,
    earlier: Option<&'a Block>,
    options: &Options,
) -> Result<bool, Error> {
    if earlier.is_none() {
        return Ok(false);
    }
    let gsd_m = block(network, state).gsd_m();
    network.earlier = earlier;
    let Some(carried) = tie::carried_onto_earlier(network, state, gsd_m, options) else {
        network.earlier = None;
        return Ok(false);
    };
    *state = carried;
    state.gnss_offset_m = shared_gnss_error(network, state);
    refine(network, state, goal(network, options.calibration, Effort::USUAL), options)?;
    Ok(true)
}

/// Places what can still be placed, drops what contradicts, keeps the largest part, and adjusts for the last time;
/// returns the views outside the largest part.
fn consolidate(network: &mut Network, state: &mut State, options: &Options) -> Result<Vec<usize>, Error> {
    unplace_strays(network, state, options);
    let placed = place_more(network, state, options.seed);
    if placed + reject_gnss_blunders(network, state) > 0 {
        refine(network, state, goal(network, options.calibration, Effort::USUAL), options)?;
        unplace_strays(network, state, options);
    }
    let outside = keep_largest_part(network, state);
    refine(network, state, goal(network, options.calibration, Effort::LAST), options)?;
    Ok(outside)
}
