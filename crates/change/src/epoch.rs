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
    /// Heights of the surface, metres; NaN is no data, everywhere where the epoch is an orthophoto alone.
    pub dsm: Raster<f32>,
    /// Standard uncertainty of each height within the epoch, metres, on the grid of `dsm`.
    pub sigma: Raster<f32>,
    /// True orthophoto, if any; need not share the grid of `dsm`.
    pub ortho: Option<Raster<Rgba>>,
    /// How well the epoch is tied to the ground.
    pub quality: SurveyQuality,
}

impl EpochSurface {
    /// Whether any cell has a height; an orthophoto alone has none.
    pub fn has_heights(&self) -> bool {
        self.dsm.cells.iter().any(|height| height.is_finite())
    }

    /// Moves the whole epoch across the map.
    pub(crate) fn move_by(&mut self, east_m: f64, north_m: f64) {
        let ortho = self.ortho.as_mut().map(|ortho| &mut ortho.grid);
        for grid in [&mut self.dsm.grid, &mut self.sigma.grid].into_iter().chain(ortho) {
            grid.west += east_m;
            grid.north += north_m;
        }
    }

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
