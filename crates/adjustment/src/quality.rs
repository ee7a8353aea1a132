use plumbline_geodesy::{SurveyClass, SurveyQuality};

use crate::Options;
use crate::gnss::FIXED_SIGMA_M;
use crate::network::Network;
use crate::report::{Tie, TieVerdict};

/// Share of the photos that must be fixed for the flight to count as RTK.
const FIXED_SHARE: f64 = 0.95;

/// The class of a survey from how its positions were measured, widened by what the residuals show.
///
/// Without ground control no flight is better than [`SurveyClass::RtkOnly`]: its residuals to GNSS are no independent check.
pub(crate) fn quality(
    network: &Network,
    gnss_rms_m: [f64; 3],
    tie: Option<&Tie>,
    options: &Options,
) -> SurveyQuality {
    let (rms_xy, rms_z) = (gnss_rms_m[0].hypot(gnss_rms_m[1]) / std::f64::consts::SQRT_2, gnss_rms_m[2]);
    if is_fixed(network) {
        let class = SurveyClass::RtkOnly;
        return SurveyQuality { class, u_xy_m: rms_xy.max(0.08), u_z_m: rms_z.max(0.15), u_height_m: 0.08 };
    }
    let tie = tie.filter(|tie| tie.verdict == TieVerdict::Comparable);
    if let (Some(tie), SurveyClass::RtkGcp | SurveyClass::RtkOnly) = (tie, options.earlier_class) {
        let class = SurveyClass::Coreg;
        return SurveyQuality {
            class,
            u_xy_m: tie.residual_xy_m.max(0.20),
            u_z_m: f64::INFINITY,
            u_height_m: 0.15,
        };
    }
    SurveyQuality {
        class: SurveyClass::GnssOnly,
        u_xy_m: rms_xy.clamp(1.0, f64::INFINITY),
        u_z_m: f64::INFINITY,
        u_height_m: 0.25,
    }
}

fn is_fixed(network: &Network) -> bool {
    let views = &network.prior.views;
    let fixed = views.iter().filter(|v| v.position.is_some() && v.position_sigma_m.max() <= FIXED_SIGMA_M);
    fixed.count() as f64 >= FIXED_SHARE * views.len() as f64
}
