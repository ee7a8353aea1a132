use std::f64::consts::SQRT_2;

use serde::{Deserialize, Serialize};

/// How well a flight's products are tied to the ground, from how it was controlled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SurveyClass {
    /// RTK or PPK fixed positions and ground control, verified on independent check points.
    RtkGcp,
    /// RTK or PPK fixed positions on nearly all photos, no ground control.
    RtkOnly,
    /// Tied to an earlier epoch or to stable points of the plan.
    Coreg,
    /// Single-point GNSS alone.
    GnssOnly,
    /// Products of another program: as sure as they are declared, and how they were controlled is not known.
    Imported,
}

/// Standard uncertainties (1 sigma) that hold for a whole epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SurveyQuality {
    /// Class of the survey.
    pub class: SurveyClass,
    /// Horizontal position on the map, metres.
    pub u_xy_m: f64,
    /// Absolute height, metres; infinite where heights have no datum.
    pub u_z_m: f64,
    /// Height of one thing above another in the same epoch, metres.
    pub u_height_m: f64,
}

/// Horizontal uncertainty of an imported epoch for which nobody states one, metres: that of a single-point GNSS survey.
const UNSTATED_U_XY_M: f64 = 1.0;
/// Uncertainty of heights above one another that a block of unknown control can have by its scale and bending alone, metres.
const UNSTATED_U_HEIGHT_M: f64 = 0.25;

impl SurveyQuality {
    /// Of an epoch that another program made, from what is declared of its position and of a single height. What nobody
    /// declares is taken to be as bad as single-point GNSS leaves it; absolute heights hang on a datum that the file alone
    /// does not prove.
    pub fn of_import(u_xy_m: Option<f64>, u_one_height_m: Option<f64>) -> Self {
        Self {
            class: SurveyClass::Imported,
            u_xy_m: u_xy_m.unwrap_or(UNSTATED_U_XY_M),
            u_z_m: f64::INFINITY,
            u_height_m: u_one_height_m.map_or(UNSTATED_U_HEIGHT_M, |u_m| SQRT_2 * u_m),
        }
    }

    /// Whether positions come from a survey, so that they can confirm something beside what is approved; single-point GNSS
    /// and what was imported without a better statement cannot.
    pub fn is_placed(&self) -> bool {
        match self.class {
            SurveyClass::RtkGcp | SurveyClass::RtkOnly | SurveyClass::Coreg => true,
            SurveyClass::GnssOnly => false,
            SurveyClass::Imported => self.u_xy_m < UNSTATED_U_XY_M,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_as_sure_as_it_is_declared() {
        let unstated = SurveyQuality::of_import(None, None);
        assert!(!unstated.is_placed() && unstated.u_z_m.is_infinite());
        let stated = SurveyQuality::of_import(Some(0.05), Some(0.07));
        assert!(stated.is_placed() && stated.u_height_m < unstated.u_height_m);
        assert!(!SurveyQuality::of_import(Some(1.5), None).is_placed(), "stated, and too bad");
    }
}
