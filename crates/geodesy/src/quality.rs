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
