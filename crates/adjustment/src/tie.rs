use nalgebra::Vector3;
use plumbline_scene::{Observation, PixelTrack};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::Options;
use crate::alignment::{Pair, aligned};
use crate::intersection::{Tolerance, intersected};
use crate::network::{Network, State, median};
use crate::report::{Tie, TieVerdict};

/// Fewest tracks common to both epochs that hold them together.
const LEAST_TIES: usize = 20;
/// Fewest held-out tracks from which a residual can be told.
const LEAST_HELD_OUT: usize = 8;
/// Share of the common tracks that must agree on one shift: more can have changed, but then chance agrees as well.
const LEAST_AGREEING: f64 = 0.1;
/// Distance, in ground pixels, within which common points agree on a shift before the adjustment.
const ALIGNED_WITHIN_GSD: f64 = 15.0;
/// Largest horizontal and vertical residual of comparable epochs, in ground pixels.
const COMPARABLE_GSD: (f64, f64) = (3.0, 6.0);
/// Horizontal and vertical distance between the epochs, in ground pixels, beyond which a held-out point tells of change, not
/// of the tie: well above the largest residual of comparable epochs, so that a bad tie cannot hide behind it.
const UNCHANGED_GSD: (f64, f64) = (8.0, 16.0);
/// A held-out point farther apart than this many robust standard deviations lies on changed ground or is mismatched.
const CHANGED: f64 = 3.0;
/// Standard deviation of a normal distribution in median absolute deviations.
const SIGMA_IN_MAD: f64 = 1.4826;

/// Tracks for the adjustment, and those common to both epochs that are kept out of it.
pub(crate) fn hold_out(
    tracks: &[PixelTrack],
    own_views: usize,
    options: &Options,
) -> (Vec<PixelTrack>, Vec<PixelTrack>) {
    let mut rng = Pcg64Mcg::seed_from_u64(options.seed);
    tracks.iter().cloned().partition(|track| {
        let (own, earlier) = split(&track.observations, own_views);
        let measurable = own.len() >= 2 && earlier.len() >= 2;
        !measurable || rng.random::<f64>() >= options.held_out_share
    })
}

fn split(seen: &[Observation], own_views: usize) -> (Vec<Observation>, Vec<Observation>) {
    seen.iter().partition(|o| o.view_idx < own_views)
}

/// A common track intersected from either epoch alone.
struct Common {
    now: Vector3<f64>,
    earlier: Vector3<f64>,
}

fn common(network: &Network, state: &State, tracks: &[PixelTrack], options: &Options) -> Vec<Common> {
    let tolerance = Tolerance { miss_px: options.outlier_px, min_angle: 2.0 * options.min_angle };
    tracks
        .iter()
        .filter_map(|track| {
            let (own, earlier) = split(&track.observations, network.prior.views.len());
            let (now, _) = intersected(network, state, &own, tolerance)?;
            let (earlier, _) = intersected(network, state, &earlier, tolerance)?;
            Some(Common { now, earlier })
        })
        .collect()
}

/// Carries the block onto the earlier epoch as a whole; `None`, and nothing moved, when the common points do not agree on
/// how.
pub(crate) fn carried_onto_earlier(
    network: &Network,
    state: &State,
    gsd_m: f64,
    options: &Options,
) -> Option<State> {
    let sigma = Vector3::repeat(ALIGNED_WITHIN_GSD * gsd_m);
    let pairs: Vec<Pair> = common(network, state, &network.measured, options)
        .into_iter()
        .map(|c| Pair { in_a: c.now, in_b: c.earlier, sigma })
        .collect();
    let fit = aligned(&pairs, 1.0, options.seed)?;
    let enough =
        fit.inliers.len() >= LEAST_TIES && fit.inliers.len() as f64 >= LEAST_AGREEING * pairs.len() as f64;
    enough.then(|| state.moved(&fit.model))
}

/// How well the block lies on the earlier epoch, from common tracks that did not take part.
pub(crate) fn measured(
    network: &Network,
    state: &State,
    held_out: &[PixelTrack],
    gsd_m: f64,
    options: &Options,
) -> Tie {
    let own = network.prior.views.len();
    let holds = |seen: &&Vec<Observation>| {
        let (now, earlier) = split(seen, own);
        !now.is_empty() && !earlier.is_empty()
    };
    let ties = network.believed.iter().filter(holds).count();
    let offsets = near(common(network, state, held_out, options).iter().map(|c| c.now - c.earlier), gsd_m);
    let (unchanged_xy, unchanged_z) = (unchanged(&offsets, &[0, 1]), unchanged(&offsets, &[2]));
    let (residual_xy_m, residual_z_m) = (rms(&unchanged_xy), rms(&unchanged_z));
    let largest = (COMPARABLE_GSD.0 * gsd_m, COMPARABLE_GSD.1 * gsd_m);
    let (text_zh, text_en) = objection(ties, offsets.len(), (residual_xy_m, residual_z_m), largest);
    let verdict = if text_en.is_empty() { TieVerdict::Comparable } else { TieVerdict::NotComparable };
    Tie { verdict, tracks: ties, held_out: offsets.len(), residual_xy_m, residual_z_m, text_zh, text_en }
}

/// The tie of a block that could not be carried onto the earlier epoch.
pub(crate) fn absent(gsd_m: f64) -> Tie {
    let (text_zh, text_en) = objection(0, 0, (f64::NAN, f64::NAN), (gsd_m, gsd_m));
    let verdict = TieVerdict::NotComparable;
    Tie { verdict, tracks: 0, held_out: 0, residual_xy_m: f64::NAN, residual_z_m: f64::NAN, text_zh, text_en }
}

/// Offsets small enough to be of unchanged ground: most of the scene may have changed, and then even the median has.
fn near(offsets: impl Iterator<Item = Vector3<f64>>, gsd_m: f64) -> Vec<Vector3<f64>> {
    let is_near =
        |o: &Vector3<f64>| o.xy().norm() <= UNCHANGED_GSD.0 * gsd_m && o.z.abs() <= UNCHANGED_GSD.1 * gsd_m;
    offsets.filter(is_near).collect()
}

/// Components of the offsets that lie on unchanged ground.
fn unchanged(offsets: &[Vector3<f64>], axes: &[usize]) -> Vec<f64> {
    let values: Vec<f64> = axes.iter().flat_map(|&axis| offsets.iter().map(move |o| o[axis])).collect();
    let sigma = SIGMA_IN_MAD * median(values.iter().map(|v| v.abs()).collect());
    values.into_iter().filter(|v| v.abs() <= CHANGED * sigma).collect()
}

fn rms(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt()
}

/// Why the epochs cannot be compared, in Chinese and English; empty when they can.
fn objection(ties: usize, held_out: usize, residual: (f64, f64), largest: (f64, f64)) -> (String, String) {
    if ties < LEAST_TIES || held_out < LEAST_HELD_OUT {
        return (
            format!("与前期影像的公共点不足（{ties} 个参与平差、{held_out} 个检查点），两期不可比"),
            format!(
                "too few points common with the earlier epoch ({ties} adjusted, {held_out} held out) to compare the two"
            ),
        );
    }
    if residual.0 <= largest.0 && residual.1 <= largest.1 {
        return (String::new(), String::new());
    }
    (
        format!(
            "两期公共点残差平面 {:.3} m、高程 {:.3} m，超过 {:.3} m 与 {:.3} m，两期不可比",
            residual.0, residual.1, largest.0, largest.1
        ),
        format!(
            "held-out common points differ by {:.3} m across and {:.3} m in height, more than {:.3} m and {:.3} m: not comparable",
            residual.0, residual.1, largest.0, largest.1
        ),
    )
}
