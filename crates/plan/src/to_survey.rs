use std::cell::Cell;
use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use geo::{BoundingRect, Coord, CoordsIter, Geometry, MapCoords, Rect};
use plumbline_geodesy::{Crs, Gcj02, Lla, MapPoint, SurveyFrame};

use crate::{Error, LocalGrid, Reading};

/// Largest departure of a map's point scale from 1 where the map is meant to be used: 0.0014 at the edge of a zone of
/// 6 degrees. Degrees taken for metres come out at 0.003, swapped axes and zone prefixes far beyond.
const MAX_SCALE_ERROR: f64 = 0.0025;
/// Within so many metres of a place where the survey CRS is known to be usable, nobody asks again.
const TRUSTED_M: f64 = 50_000.0;
/// Name of the shifted system of Chinese web maps, which PROJ does not know.
pub(crate) const GCJ02: &str = "GCJ-02";

/// The way from a file's coordinates to the survey CRS.
#[derive(Debug)]
pub(crate) struct ToSurvey<'a> {
    path: &'a Path,
    reading: Reading,
    survey_crs: &'a Crs,
    local: Option<LocalGrid>,
    /// `None` when the file is in the survey CRS.
    transform: Option<CoordTransform>,
    is_geographic: bool,
}

impl<'a> ToSurvey<'a> {
    /// The way by a reading; with a local grid, the reading's system is where the grid leads to.
    pub fn new(
        path: &'a Path,
        reading: &Reading,
        local: Option<LocalGrid>,
        survey_crs: &'a Crs,
    ) -> Result<Self, Error> {
        let unknown = |source| Error::Crs { path: path.to_owned(), crs: reading.crs.clone(), source };
        // What GCJ-02 shifts is WGS 84.
        let definition = if reading.crs == GCJ02 { "EPSG:4326" } else { &reading.crs };
        let mut declared = SpatialRef::from_definition(definition).map_err(unknown)?;
        declared.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        let transform = if reading.crs == survey_crs.definition() {
            None
        } else {
            Some(CoordTransform::new(&declared, &survey_crs.spatial_ref()?).map_err(unknown)?)
        };
        let is_geographic = declared.is_geographic();
        Ok(Self { path, reading: reading.clone(), survey_crs, local, transform, is_geographic })
    }

    /// A geometry in the survey CRS, east and north.
    pub fn geometry(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, Error> {
        let coords: Vec<Coord<f64>> = geometry.coords_iter().collect();
        let moved = self.coords(&coords)?;
        let next = Cell::new(0);
        Ok(geometry.map_coords(|_| moved[next.replace(next.get() + 1)]))
    }

    /// Positions in the survey CRS, east and north.
    pub fn coords(&self, coords: &[Coord<f64>]) -> Result<Vec<Coord<f64>>, Error> {
        let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = coords.iter().map(|c| self.declared(*c)).unzip();
        if let Some(transform) = &self.transform {
            transform.transform_coords(&mut xs, &mut ys, &mut []).map_err(|source| Error::Crs {
                path: self.path.to_owned(),
                crs: self.reading.crs.clone(),
                source,
            })?;
        }
        Ok(xs.into_iter().zip(ys).map(|(x, y)| Coord { x, y }).collect())
    }

    /// East and north, or longitude and latitude, in the declared system.
    fn declared(&self, at: Coord<f64>) -> (f64, f64) {
        if let Some(grid) = self.local {
            let local = self.reading.metres(at);
            return grid.to_map((local.x, local.y));
        }
        if !self.is_geographic {
            return self.reading.metres(at).x_y();
        }
        let (longitude_deg, latitude_deg) = self.reading.east_first(at).x_y();
        if self.reading.crs == GCJ02 {
            let plain = Gcj02::inverse(&Lla { latitude_deg, longitude_deg, height_m: 0.0 });
            return (plain.longitude_deg, plain.latitude_deg);
        }
        (longitude_deg, latitude_deg)
    }

    /// The map that it leads to.
    pub fn survey_crs(&self) -> &'a Crs {
        self.survey_crs
    }

    /// Whether the survey CRS is meant to be used at a place of its map.
    pub fn is_plausible(&self, at: Coord<f64>) -> bool {
        let at = [MapPoint { east: at.x, north: at.y, height: 0.0 }];
        let scale = self
            .survey_crs
            .to_geographic(&at)
            .and_then(|lla| SurveyFrame::about(self.survey_crs.clone(), &lla[0]))
            .map(|frame| frame.scale);
        scale.is_ok_and(|scale| (scale - 1.0).abs() < MAX_SCALE_ERROR)
    }

    /// The first corner of a geometry that lies where the survey CRS is not meant to be used; `trusted` grows with what was
    /// found to be right.
    pub fn stray(&self, geometry: &Geometry<f64>, trusted: &mut Option<Rect<f64>>) -> Option<Coord<f64>> {
        let bounds = geometry.bounding_rect()?;
        let stray = [bounds.min(), bounds.max()].into_iter().find(|&corner| {
            let is_known = trusted.is_some_and(|rect| within(&rect, corner));
            if !is_known && self.is_plausible(corner) {
                let reach = Coord { x: TRUSTED_M, y: TRUSTED_M };
                *trusted = trusted.or(Some(Rect::new(corner - reach, corner + reach)));
                return false;
            }
            !is_known
        })?;
        geometry.coords_iter().find(|c| !self.is_plausible(*c)).or(Some(stray))
    }
}

fn within(rect: &Rect<f64>, at: Coord<f64>) -> bool {
    (rect.min().x..=rect.max().x).contains(&at.x) && (rect.min().y..=rect.max().y).contains(&at.y)
}
