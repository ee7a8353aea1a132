//! A flight that became an epoch, one way or the other, as the steps that judge see it.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use plumbline_catalog::ProductKind;
use plumbline_geodesy::{Crs, Heights, MapPoint, SurveyQuality};
use plumbline_photo::check::Text;
use plumbline_raster::cog::read_grid;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;

/// An epoch; its products lie in the workspace.
#[derive(Debug)]
pub enum Flown {
    /// Made here from photos.
    Photographed(Box<Epoch>),
    /// Brought along from another program.
    Imported(Box<Imported>),
}

/// What is known of an epoch that another program made.
#[derive(Debug)]
pub struct Imported {
    /// Name of the flight and the epoch.
    pub id: String,
    /// Day of the flight, as declared.
    pub day: NaiveDate,
    /// The map of its products.
    pub crs: Crs,
    /// Side of their cells, metres.
    pub cell_m: f64,
    /// What is there of heights, their sigma and colours.
    pub products: Vec<ProductKind>,
    /// What heights are counted from.
    pub heights: Heights,
    /// How well it is tied to the ground.
    pub quality: SurveyQuality,
    /// What to know before relying on it.
    pub remarks: Vec<Text>,
}

impl Flown {
    /// Name of the epoch.
    pub fn id(&self) -> &str {
        match self {
            Self::Photographed(epoch) => &epoch.id,
            Self::Imported(epoch) => &epoch.id,
        }
    }

    /// The epoch with its photos, where they are here.
    pub fn photographed(&self) -> Option<&Epoch> {
        match self {
            Self::Photographed(epoch) => Some(epoch),
            Self::Imported(_) => None,
        }
    }

    /// Day of the flight.
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Photographed(epoch) => epoch.day(),
            Self::Imported(epoch) => epoch.day,
        }
    }

    /// First and last moment of capture; noon of the day where only that is known.
    pub fn captured(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        match self {
            Self::Photographed(epoch) => epoch.captured(),
            Self::Imported(epoch) => {
                let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
                let noon = epoch.day.and_time(noon).and_utc();
                (noon, noon)
            }
        }
    }

    /// The map of its products.
    pub fn crs(&self) -> &Crs {
        match self {
            Self::Photographed(epoch) => &epoch.block.frame.crs,
            Self::Imported(epoch) => &epoch.crs,
        }
    }

    /// A place in the middle of what was flown.
    pub fn place(&self, context: &Context) -> Result<MapPoint, Error> {
        let files = context.workspace.epoch(self.id());
        match self {
            Self::Photographed(epoch) => Ok(epoch.block.frame.origin),
            Self::Imported(_) => {
                let product = if self.has(ProductKind::Dsm) { files.dsm() } else { files.ortho() };
                let grid = read_grid(&product)?;
                let (east, north) = grid.center(grid.rows / 2, grid.cols / 2);
                Ok(MapPoint { east, north, height: 0.0 })
            }
        }
    }

    /// How well it is tied to the ground.
    pub fn quality(&self) -> SurveyQuality {
        match self {
            Self::Photographed(epoch) => epoch.report.quality,
            Self::Imported(epoch) => epoch.quality,
        }
    }

    /// What its heights are counted from.
    pub fn heights(&self) -> &Heights {
        match self {
            Self::Photographed(epoch) => &epoch.heights,
            Self::Imported(epoch) => &epoch.heights,
        }
    }

    /// Ground sampling distance of its photos, or the side of its cells, metres.
    pub fn gsd_m(&self) -> f64 {
        match self {
            Self::Photographed(epoch) => epoch.report.gsd_m,
            Self::Imported(epoch) => epoch.cell_m,
        }
    }

    /// Whether it has a product of a kind.
    pub fn has(&self, kind: ProductKind) -> bool {
        match self {
            Self::Photographed(_) => true,
            Self::Imported(epoch) => epoch.products.contains(&kind),
        }
    }

    /// Side of the cells of its products, metres.
    pub fn cell_m(&self, context: &Context) -> Result<f64, Error> {
        match self {
            Self::Photographed(epoch) => Ok(read_grid(&context.workspace.epoch(&epoch.id).dsm())?.cell_m),
            Self::Imported(epoch) => Ok(epoch.cell_m),
        }
    }
}
