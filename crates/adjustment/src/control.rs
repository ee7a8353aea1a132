use nalgebra::{UnitQuaternion, Vector3};
use plumbline_geometry::Similarity3;
use plumbline_scene::{GroundPoint, GroundRole};

use crate::control_fault::{Fault, Suspect};
use crate::fix::{Fix, fix};
use crate::gnss::relative_sigma_m;
use crate::intersection::{Tolerance, intersected};
use crate::network::{Network, State, median};
use crate::{Error, Options};

/// Control points that can check one another.
pub(crate) const LEAST_CONTROL: usize = 3;
/// Miss of a mark that is believed, in its standard uncertainties, beside what the tie points allow.
const MARK_MISS: f64 = 6.0;
/// Difference between what two control points say of the block's place, in standard deviations, that is believed.
const AGREEING: f64 = 4.0;
/// Residual of a control point after the adjustment, in standard deviations, that is believed.
const BELIEVED: f64 = 4.0;
/// How far a block without control may be bent at a ground point, in ground pixels.
const BENT_GSD: f64 = 3.0;

/// What became of the surveyed points: for each, what is wrong with it, if anything.
pub(crate) type Faults = Vec<Option<Fault>>;

/// A control point as the photos see it.
struct Seen<'s> {
    idx: usize,
    surveyed: &'s GroundPoint,
    believed: GroundPoint,
    fix: Fix,
}

impl Seen<'_> {
    /// How the block must move for this point to lie where it was surveyed.
    fn shift(&self) -> Vector3<f64> {
        self.surveyed.position - self.fix.point
    }
}

/// Carries the block onto the control points that agree with one another and lets these hold it; the others are named.
///
/// The shift is all that is taken from them at once: heading, tilt and scale come from GNSS until the adjustment weighs them.
pub(crate) fn take(
    network: &mut Network,
    state: &mut State,
    gsd_m: f64,
    options: &Options,
) -> Result<Faults, Error> {
    let ground = network.ground;
    let mut faults: Faults = vec![None; ground.len()];
    let control = || ground.iter().enumerate().filter(|(_, p)| p.role == GroundRole::Control);
    if control().count() < LEAST_CONTROL {
        control().for_each(|(i, _)| faults[i] = Some(Fault::TooFew));
        return Ok(faults);
    }
    let mut seen = Vec::new();
    for (idx, surveyed) in control() {
        match sighted(network, state, surveyed, options) {
            Some((believed, fix)) => seen.push(Seen { idx, surveyed, believed, fix }),
            None => faults[idx] = Some(Fault::NotSeen),
        }
    }
    let tolerance = tolerance_m(network, gsd_m);
    let (agreeing, shift) = consensus(&seen, &tolerance);
    for (_, s) in seen.iter().enumerate().filter(|(i, _)| !agreeing.contains(i)) {
        let tolerance_m = pair_tolerance(s, s, &tolerance);
        let suspect = Suspect { point: s.surveyed, seen_at: s.fix.point + shift, tolerance_m };
        faults[s.idx] = Some(Fault::of(&suspect, ground, &network.prior.frame));
    }
    if agreeing.len() < LEAST_CONTROL {
        return Err(contradicting(ground, &faults, agreeing.len()));
    }
    network.control = agreeing.iter().map(|&i| seen[i].believed.clone()).collect();
    *state =
        state.moved(&Similarity3 { scale: 1.0, rotation: UnitQuaternion::identity(), translation: shift });
    state.control = network.control.iter().map(|p| p.position).collect();
    state.gnss_offset_m += shift;
    Ok(faults)
}

/// A surveyed point with those of its marks that meet, and where.
pub(crate) fn sighted(
    network: &Network,
    state: &State,
    point: &GroundPoint,
    options: &Options,
) -> Option<(GroundPoint, Fix)> {
    let miss_px = options.outlier_px + MARK_MISS * point.mark_sigma_px;
    let tolerance = Tolerance { miss_px, min_angle: options.min_angle };
    let (_, marks) = intersected(network, state, &point.marks, tolerance)?;
    let fix = fix(network, state, &marks, point.mark_sigma_px)?;
    Some((GroundPoint { marks, ..point.clone() }, fix))
}

/// The largest set of points that agree on a shift with one of them, and its median shift.
fn consensus(seen: &[Seen], tolerance: &Vector3<f64>) -> (Vec<usize>, Vector3<f64>) {
    let agreeing_with = |i: usize| -> Vec<usize> {
        let near = |j: usize| {
            let limit = pair_tolerance(&seen[i], &seen[j], tolerance);
            let apart = seen[i].shift() - seen[j].shift();
            (0..3).all(|axis| apart[axis].abs() <= limit[axis])
        };
        (0..seen.len()).filter(|&j| near(j)).collect()
    };
    let sets = (0..seen.len()).map(agreeing_with);
    let best = sets.rev().max_by_key(Vec::len).unwrap_or_default();
    let shift = Vector3::from_fn(|axis, _| median(best.iter().map(|&i| seen[i].shift()[axis]).collect()));
    (best, shift)
}

/// How far apart two points' shifts may lie, metres.
fn pair_tolerance(a: &Seen, b: &Seen, block: &Vector3<f64>) -> Vector3<f64> {
    Vector3::from_fn(|axis, _| {
        let own = |s: &Seen| s.surveyed.sigma_m[axis].powi(2) + s.fix.covariance[(axis, axis)];
        AGREEING * (own(a) + own(b) + block[axis].powi(2)).sqrt()
    })
}

/// How far a block that only GNSS holds may be turned or bent at a point, metres.
fn tolerance_m(network: &Network, gsd_m: f64) -> Vector3<f64> {
    let relative: Vec<_> =
        network.prior.views.iter().filter(|v| v.position.is_some()).map(relative_sigma_m).collect();
    Vector3::from_fn(|axis, _| median(relative.iter().map(|s| s[axis]).collect()).hypot(BENT_GSD * gsd_m))
}

fn contradicting(ground: &[GroundPoint], faults: &Faults, agreeing: usize) -> Error {
    let named = ground.iter().zip(faults).filter_map(|(point, fault)| {
        Some(format!("{}: {}", point.name, fault.as_ref()?.remark(&point.name).en))
    });
    let given = ground.iter().filter(|p| p.role == GroundRole::Control).count();
    let detail = named.collect::<Vec<_>>().join("; ");
    Error::ControlContradicts { agreeing, given, needed: LEAST_CONTROL, detail }
}

/// Where the photos see each control point minus where it was surveyed.
fn residuals<'n>(
    network: &'n Network,
    state: &'n State,
) -> impl Iterator<Item = (&'n GroundPoint, Vector3<f64>)> {
    network.control.iter().filter_map(|point| {
        let fix = fix(network, state, &point.marks, point.mark_sigma_px)?;
        Some((point, fix.point - point.position))
    })
}

/// Stops believing the control point that fits worst, if it fits badly; whether there was one.
///
/// One at a time: a point far off draws its neighbours with it.
pub(crate) fn reject_worst(
    network: &mut Network,
    state: &mut State,
    faults: &mut Faults,
    gsd_m: f64,
) -> Result<bool, Error> {
    let ground = network.ground;
    let misfit = |(point, residual): (&GroundPoint, Vector3<f64>)| {
        residual.zip_map(&point.sigma_m, |r, sigma| r.abs() / sigma.hypot(gsd_m)).max()
    };
    let misfits: Vec<f64> = residuals(network, state).map(misfit).collect();
    let worst = (0..misfits.len()).max_by(|&a, &b| misfits[a].total_cmp(&misfits[b]));
    let Some(worst) = worst.filter(|&i| misfits[i] > BELIEVED) else { return Ok(false) };
    let point = network.control.remove(worst);
    state.control.remove(worst);
    let seen_at = fix(network, state, &point.marks, point.mark_sigma_px).map_or(point.position, |f| f.point);
    let tolerance_m = point.sigma_m.map(|sigma| BELIEVED * sigma.hypot(gsd_m));
    let suspect = Suspect { point: &point, seen_at, tolerance_m };
    if let Some(idx) = ground.iter().position(|p| p.name == point.name) {
        faults[idx] = Some(Fault::of(&suspect, ground, &network.prior.frame));
    }
    if network.control.len() < LEAST_CONTROL {
        return Err(contradicting(ground, faults, network.control.len()));
    }
    Ok(true)
}
