use chrono::NaiveDate;
use plumbline_geodesy::SurveyQuality;
use plumbline_raster::{Raster, Rgba};

use crate::Error;

/// The products of one flight, from whatever software: a surface with its uncertainty, and perhaps a true orthophoto.
#[derive(Debug, Clone)]
pub struct EpochSurface {
    /// Epoch id (期次).
    pub id: String,
    /// Day of the flight.
    pub captured_on: NaiveDate,
    /// Heights of the surface, metres; NaN is no data.
    pub dsm: Raster<f32>,
    /// Standard uncertainty of each height within the epoch, metres, on the grid of `dsm`.
    pub sigma: Raster<f32>,
    /// True orthophoto, if any; need not share the grid of `dsm`.
    pub ortho: Option<Raster<Rgba>>,
    /// How well the epoch is tied to the ground.
    pub quality: SurveyQuality,
}

impl EpochSurface {
    /// Fails unless the rasters belong together.
    pub fn require_sound(&self) -> Result<(), Error> {
        let refuse = |what: &str| Err(Error::Grids { epoch: self.id.clone(), what: what.to_owned() });
        if self.sigma.grid != self.dsm.grid {
            return refuse("the sigmas are not on the grid of the heights");
        }
        match &self.ortho {
            Some(ortho) if ortho.grid.crs != self.dsm.grid.crs => refuse("the orthophoto is on another map"),
            _ => Ok(()),
        }
    }
}
