use std::collections::BTreeMap;

use nalgebra::Vector3;

use crate::network::{Network, State, median};
use crate::report::LeftOutReason;
use crate::{LeftOut, Options};

/// Share of a view's observations that must be believed for its pose to be.
const LEAST_BELIEVED: f64 = 0.15;
/// Common tracks that hold two views together.
const RIGID_LINK: usize = 8;
/// Distance of a GNSS position from the median offset of all, in standard deviations, beyond which it is a blunder.
const BLUNDER: f64 = 6.0;

/// Takes away the poses of views that too few observations support; returns how many.
pub(crate) fn unplace_strays(network: &Network, state: &mut State, options: &Options) -> usize {
    let (believed, measured) = (network.observations_by_view(), network.measured_by_view());
    let mut strays = 0;
    for (i, pose) in state.poses.iter_mut().enumerate().filter(|(_, pose)| pose.is_some()) {
        let share = believed[i] as f64 / measured[i].max(1) as f64;
        if believed[i] < options.min_view_tracks || share < LEAST_BELIEVED {
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
/// Positions of one flight share an offset; each is judged against the median of all.
pub(crate) fn reject_gnss_blunders(network: &mut Network, state: &State) -> usize {
    let offsets = gnss_offsets(network, state);
    let common = median_offset(&offsets);
    let mut blunders = 0;
    for (i, offset) in offsets.iter().enumerate() {
        let sigma = network.prior.views[i].position_sigma_m;
        let far =
            |axis: usize| offset.is_some_and(|o| (o[axis] - common[axis]).abs() > BLUNDER * sigma[axis]);
        if (0..3).any(far) {
            network.gnss_believed[i] = false;
            blunders += 1;
        }
    }
    blunders
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
