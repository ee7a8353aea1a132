use plumbline_geodesy::{SurveyClass, SurveyQuality};
use plumbline_scene::GroundRole;

use crate::gnss::FIXED_SIGMA_M;
use crate::network::Network;
use crate::report::{Tie, TieVerdict};
use crate::{GroundReport, Options};

/// Share of the photos that must be fixed for the flight to count as RTK.
const FIXED_SHARE: f64 = 0.95;
/// Fewest control and fewest check points of the best class.
const LEAST_POINTS: usize = 5;
/// Largest check-point residual per horizontal axis and in height of the best class, metres: twice what it promises.
const BEST_M: (f64, f64) = (0.10, 0.16);
/// The same of a flight that relies on RTK.
const RTK_M: (f64, f64) = (0.16, 0.30);

/// What residuals say of a block: per horizontal axis and in height, metres.
type Residual = (f64, f64);

/// The class of a survey from how its positions were measured and what independent points show.
///
/// What check points measure replaces what a class promises; where it breaks the promise, the class falls. Without check points
/// no flight is better than [`SurveyClass::RtkOnly`]: residuals to its own GNSS or control are no independent check.
pub(crate) fn quality(
    network: &Network,
    gnss_rms_m: [f64; 3],
    ground: &GroundReport,
    tie: Option<&Tie>,
    options: &Options,
) -> SurveyQuality {
    let checked = checked(ground);
    let control = used(ground, GroundRole::Control);
    let gnss = (gnss_rms_m[0].hypot(gnss_rms_m[1]) / std::f64::consts::SQRT_2, gnss_rms_m[2]);
    if is_fixed(network) {
        if control >= LEAST_POINTS
            && let Some((u_xy_m, u_z_m)) = checked.filter(|c| within(c, BEST_M))
        {
            let class = SurveyClass::RtkGcp;
            return SurveyQuality { class, u_xy_m, u_z_m, u_height_m: 0.06 };
        }
        if checked.is_none_or(|c| within(&c, RTK_M)) {
            let (u_xy_m, u_z_m) = checked.unwrap_or((gnss.0.max(0.08), gnss.1.max(0.15)));
            return SurveyQuality { class: SurveyClass::RtkOnly, u_xy_m, u_z_m, u_height_m: 0.08 };
        }
    }
    let tie = tie.filter(|tie| tie.verdict == TieVerdict::Comparable);
    if let (Some(tie), SurveyClass::RtkGcp | SurveyClass::RtkOnly) = (tie, options.earlier_class) {
        let (class, u_xy_m) = (SurveyClass::Coreg, tie.residual_xy_m.max(0.20));
        return SurveyQuality { class, u_xy_m, u_z_m: f64::INFINITY, u_height_m: 0.15 };
    }
    if control > 0 {
        let fitted = ground.control_rmse_m.map_or((0.0, 0.0), |r| (r.x.max(r.y), r.z));
        let (u_xy_m, u_z_m) = checked.unwrap_or((fitted.0.max(0.20), fitted.1.max(0.30)));
        return SurveyQuality { class: SurveyClass::Coreg, u_xy_m, u_z_m, u_height_m: 0.15 };
    }
    let (u_xy_m, u_z_m) = checked.unwrap_or((gnss.0.max(1.0), f64::INFINITY));
    SurveyQuality { class: SurveyClass::GnssOnly, u_xy_m, u_z_m, u_height_m: 0.25 }
}

/// What enough check points measured.
fn checked(ground: &GroundReport) -> Option<Residual> {
    let rmse = ground.check_rmse_m.filter(|_| used(ground, GroundRole::Check) >= LEAST_POINTS)?;
    Some((rmse.x.max(rmse.y), rmse.z))
}

fn within(measured: &Residual, most: Residual) -> bool {
    measured.0 <= most.0 && measured.1 <= most.1
}

fn used(ground: &GroundReport, role: GroundRole) -> usize {
    ground.points.iter().filter(|p| p.used && p.role == role).count()
}

fn is_fixed(network: &Network) -> bool {
    let views = &network.prior.views;
    let fixed = views.iter().filter(|v| v.position.is_some() && v.position_sigma_m.max() <= FIXED_SIGMA_M);
    fixed.count() as f64 >= FIXED_SHARE * views.len() as f64
}
