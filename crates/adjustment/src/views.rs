use std::collections::BTreeMap;

use nalgebra::Vector3;

use crate::network::{Network, State, median};
use crate::plausibility::{looks_up, view_looks_up};
use crate::report::LeftOutReason;
use crate::{LeftOut, Options};

/// Share of a view's observations that must be believed for its pose to be.
const LEAST_BELIEVED: f64 = 0.15;
/// Common tracks that hold two views together.
const RIGID_LINK: usize = 8;
/// Distance of a GNSS position from the median offset of all, in standard deviations, beyond which it is a blunder.
const BLUNDER: f64 = 6.0;
/// Share of the positions that can be blunders.
const MOST_BLUNDERS: f64 = 0.34;

/// Takes away the poses of views that too few observations support, and of single ones that look above the horizon where the
/// flight looks down, as a mirrored photo does; returns how many.
pub(crate) fn unplace_strays(network: &Network, state: &mut State, options: &Options) -> usize {
    let (believed, measured) = (network.observations_by_view(), network.measured_by_view());
    let flight_looks_up = looks_up(state);
    let mut strays = 0;
    for (i, pose) in state.poses.iter_mut().enumerate().filter(|(_, pose)| pose.is_some()) {
        let share = believed[i] as f64 / measured[i].max(1) as f64;
        let is_mirrored = !flight_looks_up && pose.as_ref().is_some_and(view_looks_up);
        if believed[i] < options.min_view_tracks || share < LEAST_BELIEVED || is_mirrored {
            *pose = None;
            strays += 1;
        }
    }
    strays
}

/// Takes away the poses of all views outside the largest part that believed tracks hold together; returns which.
pub(crate) fn keep_largest_part(network: &Network, state: &mut State) -> Vec<usize> {
    let part = parts(network);
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for (&part, _) in part.iter().zip(&state.poses).filter(|(_, pose)| pose.is_some()) {
        *sizes.entry(part).or_default() += 1;
    }
    let Some((&largest, _)) = sizes.iter().max_by_key(|&(&part, &size)| (size, std::cmp::Reverse(part)))
    else {
        return Vec::new();
    };
    let outside: Vec<usize> =
        (0..part.len()).filter(|&v| part[v] != largest && state.poses[v].is_some()).collect();
    for &v in &outside {
        state.poses[v] = None;
    }
    outside
}

/// For every view of the flight, the smallest view of its part.
fn parts(network: &Network) -> Vec<usize> {
    let mut links: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for seen in &network.believed {
        let own: Vec<usize> = seen.iter().map(|o| o.view_idx).filter(|&v| network.is_own(v)).collect();
        for pair in own.windows(2) {
            *links.entry((pair[0], pair[1])).or_default() += 1;
        }
    }
    let mut part: Vec<usize> = (0..network.prior.views.len()).collect();
    for ((a, b), _) in links.into_iter().filter(|(_, n)| *n >= RIGID_LINK) {
        let (from, to) = (part[a].max(part[b]), part[a].min(part[b]));
        part.iter_mut().filter(|p| **p == from).for_each(|p| *p = to);
    }
    part
}

/// Adjusted minus GNSS position of every view whose GNSS position is believed.
fn gnss_offsets(network: &Network, state: &State) -> Vec<Option<Vector3<f64>>> {
    let offset = |i: usize| {
        let position = network.prior.views[i].position.filter(|_| network.gnss_believed[i])?;
        Some(state.poses[i].as_ref()?.center() - position)
    };
    (0..network.prior.views.len()).map(offset).collect()
}

fn median_offset(offsets: &[Option<Vector3<f64>>]) -> Vector3<f64> {
    Vector3::from_fn(|axis, _| median(offsets.iter().flatten().map(|o| o[axis]).collect()))
}

/// The error that the GNSS positions of the flight share, from a block that something better holds in place.
pub(crate) fn shared_gnss_error(network: &Network, state: &State) -> Vector3<f64> {
    median_offset(&gnss_offsets(network, state))
}

/// Stops believing GNSS positions far from where the others say they should be; returns how many.
///
/// Where more than [`MOST_BLUNDERS`] would be, there are no blunders: the receiver knew less than it said, and each
/// position is as good as the other.
pub(crate) fn reject_gnss_blunders(network: &mut Network, state: &State) -> usize {
    let blunders = gnss_blunders(network, state);
    let positioned = gnss_offsets(network, state).iter().flatten().count();
    if blunders.len() as f64 > MOST_BLUNDERS * positioned as f64 {
        return 0;
    }
    for &view_idx in &blunders {
        network.gnss_believed[view_idx] = false;
    }
    blunders.len()
}

/// Views whose GNSS position is far from where the others say it should be.
///
/// Positions of one flight share an offset; each is judged against the median of all.
fn gnss_blunders(network: &Network, state: &State) -> Vec<usize> {
    let offsets = gnss_offsets(network, state);
    let common = median_offset(&offsets);
    let is_far = |i: usize, offset: &Vector3<f64>| {
        let sigma = network.prior.views[i].position_sigma_m;
        (0..3).any(|axis| (offset[axis] - common[axis]).abs() > BLUNDER * sigma[axis])
    };
    let judged = offsets.iter().enumerate().filter_map(|(i, offset)| Some((i, offset.as_ref()?)));
    judged.filter(|(i, offset)| is_far(*i, offset)).map(|(i, _)| i).collect()
}

/// Why each view without a pose has none.
pub(crate) fn left_out(
    network: &Network,
    state: &State,
    outside: &[usize],
    options: &Options,
) -> Vec<LeftOut> {
    let measured = network.measured_by_view();
    let unplaced = (0..state.poses.len()).filter(|&v| state.poses[v].is_none());
    unplaced
        .map(|v| {
            let reason = match measured[v] {
                0 => LeftOutReason::NoMatches,
                n if n < options.min_view_tracks => LeftOutReason::TooFewMatches,
                _ if outside.contains(&v) => LeftOutReason::Disconnected,
                _ => LeftOutReason::Inconsistent,
            };
            LeftOut::new(network.prior.views[v].name.clone(), reason, measured[v])
        })
        .collect()
}
