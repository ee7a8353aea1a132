use plumbline_finding::Bilingual;
use plumbline_geodesy::{Heights, SurveyQuality};
use serde::Serialize;

/// What the report says of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EpochSummary {
    /// Name of the epoch.
    pub id: String,
    /// The page that tells how its photos were placed, relative to the report; none of an epoch that came without photos.
    pub page: Option<String>,
    /// Number of photos used.
    pub photos_used: usize,
    /// The photos left out.
    pub left_out: Vec<LeftOut>,
    /// Root mean square of the reprojection, pixels; not a number without photos.
    pub reprojection_px: f64,
    /// Root mean square of GNSS minus adjusted camera position: east, north, up, metres.
    pub gnss_rms_m: [f64; 3],
    /// Ground sampling distance, metres.
    pub gsd_m: f64,
    /// How well the epoch is tied to the ground.
    pub survey: SurveyQuality,
    /// What heights are counted from.
    pub heights: Heights,
    /// What to know before relying on it.
    pub remarks: Vec<Bilingual>,
}

/// A photo that was not used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Name of the file.
    pub photo: String,
    /// Why, and what helps.
    pub reason: Bilingual,
}
