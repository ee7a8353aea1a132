use nalgebra::Vector3;
use plumbline_scene::{GroundPoint, GroundRole, Observation};

use crate::control::{Faults, sighted};
use crate::network::{Network, State};
use crate::uncertainty::Uncertainty;
use crate::{GroundPointReport, GroundReport, MarkReport, Options};

/// How the surveyed points fit the finished block. Only faults of its marks exclude a check point: that it lies far off is
/// what it is there to tell.
pub(crate) fn ground_report(
    network: &Network,
    state: &State,
    uncertainty: &Uncertainty,
    faults: &Faults,
    options: &Options,
) -> GroundReport {
    let points: Vec<GroundPointReport> = network
        .ground
        .iter()
        .zip(faults)
        .map(|(point, fault)| {
            let seen = sighted(network, state, point, options);
            let held = network.control.iter().any(|p| p.name == point.name);
            let believed = seen.as_ref().map_or(&[][..], |(believed, _)| believed.marks.as_slice());
            GroundPointReport {
                name: point.name.clone(),
                role: point.role,
                used: seen.is_some() && (held || point.role == GroundRole::Check),
                residual_m: seen.as_ref().map(|(_, fix)| fix.point - point.position),
                sigma_m: seen.as_ref().map(|(_, fix)| uncertainty.point_m(fix)),
                marks: marks(network, state, point, believed),
                fault: fault.as_ref().map(|fault| fault.remark(&point.name)),
            }
        })
        .collect();
    let rmse = |role| rmse(points.iter().filter(|p| p.used && p.role == role).filter_map(|p| p.residual_m));
    let (control_rmse_m, check_rmse_m) = (rmse(GroundRole::Control), rmse(GroundRole::Check));
    GroundReport { points, control_rmse_m, check_rmse_m }
}

fn marks(network: &Network, state: &State, point: &GroundPoint, believed: &[Observation]) -> Vec<MarkReport> {
    let mark = |seen: &Observation| MarkReport {
        photo: network.prior.views[seen.view_idx].name.clone(),
        miss_px: network.miss(state, seen, &point.position),
        used: believed.contains(seen),
    };
    point.marks.iter().map(mark).collect()
}

fn rmse(residuals: impl Iterator<Item = Vector3<f64>>) -> Option<Vector3<f64>> {
    let squares: Vec<Vector3<f64>> = residuals.map(|r| r.component_mul(&r)).collect();
    let mean = squares.iter().sum::<Vector3<f64>>() / squares.len() as f64;
    (!squares.is_empty()).then(|| mean.map(f64::sqrt))
}
