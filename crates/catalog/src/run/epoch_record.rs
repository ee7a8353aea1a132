use std::path::PathBuf;

use chrono::{DateTime, Utc};
use plumbline_geodesy::{Heights, SurveyQuality};

/// The products of one flight, as the catalog describes them.
#[derive(Debug, Clone, PartialEq)]
pub struct EpochRecord {
    /// Name of the epoch, unique in the project.
    pub id: String,
    /// The flight it was made from.
    pub flight_id: String,
    /// First and last moment of capture.
    pub captured: (DateTime<Utc>, DateTime<Utc>),
    /// Ground sampling distance of the photos, or side of the cells where there are no photos, metres.
    pub gsd_m: f64,
    /// How well the products are tied to the ground.
    pub survey: SurveyQuality,
    /// What heights are counted from.
    pub heights: Heights,
    /// Root mean square of the reprojection, pixels; not a number without photos.
    pub reprojection_px: f64,
    /// Number of photos used.
    pub photos_adjusted: usize,
    /// Number of photos left out.
    pub photos_left_out: usize,
    /// The files, each with what it is.
    pub products: Vec<Product>,
}

/// A file of an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// What it is.
    pub kind: ProductKind,
    /// Path inside the run's folder, such as `epochs/2025-06-12/dsm.tif`.
    pub path: PathBuf,
}

/// What a file of an epoch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProductKind {
    /// Heights of the surface.
    Dsm,
    /// Standard uncertainty of those heights.
    DsmSigma,
    /// True orthophoto.
    Ortho,
    /// By how much the surface is higher than that of the epoch it was compared with.
    Rise,
    /// The adjusted block: photos used and left out, residuals.
    Block,
    /// Outlines of the approved plan that the epoch was held against, as GeoJSON.
    Plan,
}

impl ProductKind {
    /// Key of the asset in the STAC item.
    pub fn key(self) -> &'static str {
        match self {
            Self::Dsm => "dsm",
            Self::DsmSigma => "dsm_sigma",
            Self::Ortho => "ortho",
            Self::Rise => "rise",
            Self::Block => "block",
            Self::Plan => "plan",
        }
    }

    /// Chinese and English title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Dsm => "数字表面模型 / digital surface model",
            Self::DsmSigma => "高程标准不确定度 / standard uncertainty of the heights",
            Self::Ortho => "真正射影像 / true orthophoto",
            Self::Rise => "高程变化 / change of height",
            Self::Plan => "批准图册轮廓 / outlines of the approved plan",
            Self::Block => "空三报告 / report of the block adjustment",
        }
    }
}
