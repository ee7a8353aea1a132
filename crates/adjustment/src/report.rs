use nalgebra::Vector3;
use plumbline_camera::{Camera, PARAMETERS};
use plumbline_geodesy::SurveyQuality;
use serde::{Deserialize, Serialize};

use crate::{FocalStrength, GroundReport};

/// What an adjustment did and how well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Photos given.
    pub photos: usize,
    /// Photos placed.
    pub adjusted: usize,
    /// Photos that were not placed, each with its reason.
    pub left_out: Vec<LeftOut>,
    /// Ground points.
    pub tracks: usize,
    /// Pixels measured on them.
    pub observations: usize,
    /// Mean distance between measured and projected pixel.
    pub reprojection_px: f64,
    /// Root mean square difference of adjusted and GNSS positions east, north and up, metres, over the photos whose
    /// position was believed; NaN in an axis nobody measured.
    pub gnss_rms_m: [f64; 3],
    /// Median size of a pixel on the ground, metres.
    pub gsd_m: f64,
    /// Calibrations before and after.
    pub cameras: Vec<CameraReport>,
    /// Photos placed, in the order of the block's views.
    pub views: Vec<ViewReport>,
    /// What places the block in the world.
    pub reference: Reference,
    /// How the surveyed points of the ground fit.
    pub ground: GroundReport,
    /// How well the whole epoch lies on the map.
    pub quality: SurveyQuality,
    /// How well it lies on the earlier epoch, where one was given.
    pub tie: Option<Tie>,
    /// What an inspector should know before relying on the block.
    pub remarks: Vec<Remark>,
}

impl Report {
    /// Photos that hang on far fewer pixels than the others, fewest first.
    pub fn loosely_tied(&self) -> impl Iterator<Item = &ViewReport> {
        /// Share of the median number of observations below which a photo is loosely tied.
        const FAR_FEWER: f64 = 0.2;
        let mut by_ties: Vec<&ViewReport> = self.views.iter().collect();
        by_ties.sort_by_key(|view| view.observations);
        let usual = by_ties.get(by_ties.len() / 2).map_or(0.0, |view| view.observations as f64);
        by_ties.into_iter().take_while(move |view| (view.observations as f64) < FAR_FEWER * usual)
    }
}

/// What places a block in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reference {
    /// Ground control; GNSS counts only relatively.
    GroundControl,
    /// The photos' GNSS positions.
    Gnss,
    /// Nothing: a relative model of arbitrary place, heading and scale.
    NotGeoreferenced,
}

/// A photo that could not be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// File name.
    pub name: String,
    /// Why.
    pub reason: LeftOutReason,
    /// The reason and the remedy in Chinese.
    pub text_zh: String,
    /// The reason and the remedy in English.
    pub text_en: String,
}

impl LeftOut {
    /// A photo that was not placed, given how many of its pixels were matched.
    pub(crate) fn new(name: String, reason: LeftOutReason, matches: usize) -> Self {
        let (text_zh, text_en) = match reason {
            LeftOutReason::NoMatches => (
                "与其他照片没有公共点；请确认是否为同一测区".to_owned(),
                "no point in common with any other photo; is it of this place?".to_owned(),
            ),
            LeftOutReason::TooFewMatches => (
                format!("公共点太少（{matches} 个）；请提高重叠度"),
                format!("only {matches} points in common with other photos; fly with more overlap"),
            ),
            LeftOutReason::Disconnected => (
                "与主测区之间没有足够的重叠；请补飞衔接航带".to_owned(),
                "not enough overlap with the main part of the flight; fly a connecting strip".to_owned(),
            ),
            LeftOutReason::Inconsistent => (
                format!("其 {matches} 个公共点与其他照片矛盾；请检查是否模糊、运动或误入"),
                format!(
                    "its {matches} common points contradict the other photos; is it blurred, or of moving things?"
                ),
            ),
        };
        Self { name, reason, text_zh, text_en }
    }
}

/// Why a photo was not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeftOutReason {
    /// No other photo shows the same ground.
    NoMatches,
    /// Too few common points.
    TooFewMatches,
    /// It overlaps some photos, but none that could be placed.
    Disconnected,
    /// Its matches contradict the other photos.
    Inconsistent,
}

/// A calibration before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CameraReport {
    /// As given.
    pub before: Camera,
    /// As adjusted.
    pub after: Camera,
    /// Standard uncertainties of focal, cx, cy, k1, k2, k3, p1, p2, readout; zero where not estimated.
    pub sigma: [f64; PARAMETERS],
    /// How well the flight determined the focal length; `None` where it was not estimated.
    pub focal: Option<FocalStrength>,
}

/// A placed photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewReport {
    /// File name.
    pub name: String,
    /// Pixels measured in it.
    pub observations: usize,
    /// Mean distance between measured and projected pixel.
    pub reprojection_px: f64,
    /// Adjusted minus GNSS position east, north, up, metres.
    pub gnss_offset_m: Option<Vector3<f64>>,
    /// Whether the GNSS position took part; false for a blunder.
    pub gnss_believed: bool,
    /// Standard uncertainty of the position east, north, up, metres.
    pub position_sigma_m: Vector3<f64>,
    /// Standard uncertainty of the rotation about the camera's axes, radians.
    pub rotation_sigma: Vector3<f64>,
}

/// How two epochs lie on each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// Whether the epochs can be compared.
    pub verdict: TieVerdict,
    /// Tracks common to both epochs that held the new one in place.
    pub tracks: usize,
    /// Tracks common to both epochs that were kept out and measured afterwards.
    pub held_out: usize,
    /// Root mean square horizontal distance of the held-out points between the epochs, metres per axis; NaN without any.
    pub residual_xy_m: f64,
    /// Root mean square vertical distance of the held-out points between the epochs, metres; NaN without any.
    pub residual_z_m: f64,
    /// Why not comparable, in Chinese; empty otherwise.
    pub text_zh: String,
    /// Why not comparable, in English; empty otherwise.
    pub text_en: String,
}

/// Whether two epochs can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TieVerdict {
    /// They share one frame; the residual says how well.
    Comparable,
    /// Too little evidence, or too large a residual.
    NotComparable,
}

/// Something an inspector should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}
