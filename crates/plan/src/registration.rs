use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use geo::{Coord, CoordsIter, Geometry, MapCoords};
use plumbline_geodesy::{Crs, MapPoint, SurveyFrame};

use crate::vector::has_extension;
use crate::{Error, LocalGrid, SourceSpec};

/// Largest departure of a map's point scale from 1 where the map is meant to be used: 0.0014 at the edge of a zone of
/// 6 degrees. Degrees taken for metres come out at 0.003, swapped axes and zone prefixes far beyond.
const MAX_SCALE_ERROR: f64 = 0.0025;

/// The way from a file's coordinates to the survey CRS.
#[derive(Debug)]
pub(crate) struct ToSurvey<'a> {
    spec: &'a SourceSpec,
    survey_crs: &'a Crs,
    local: Option<LocalGrid>,
    /// `None` when the file is in the survey CRS.
    transform: Option<CoordTransform>,
}

impl<'a> ToSurvey<'a> {
    pub fn new(spec: &'a SourceSpec, survey_crs: &'a Crs) -> Result<Self, Error> {
        let transform = if spec.crs == survey_crs.definition() {
            None
        } else {
            let unknown = |source| Error::Crs { path: spec.file.clone(), crs: spec.crs.clone(), source };
            let mut declared = SpatialRef::from_definition(&spec.crs).map_err(unknown)?;
            declared.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
            let survey = survey_crs.spatial_ref()?;
            Some(CoordTransform::new(&declared, &survey).map_err(unknown)?)
        };
        Ok(Self { spec, survey_crs, local: spec.transform, transform })
    }

    /// Refuses a file that states another system than the one declared for it.
    pub fn agree(&self, layer: &str, stated: Option<&str>) -> Result<(), Error> {
        let in_doubt = self.local.is_none() && !self.is_geojson();
        match stated.filter(|&stated| in_doubt && !stated.eq_ignore_ascii_case(&self.spec.crs)) {
            Some(stated) if self.spec.crs.starts_with("EPSG:") => Err(Error::CrsContradicted {
                path: self.spec.file.clone(),
                layer: layer.to_owned(),
                stated: stated.to_owned(),
                declared: self.spec.crs.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// GDAL says WGS 84 for every GeoJSON that is silent, so what it says counts for nothing.
    fn is_geojson(&self) -> bool {
        has_extension(&self.spec.file, &["geojson", "json"])
    }

    /// A geometry in the survey CRS, east and north.
    pub fn geometry(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, Error> {
        geometry.try_map_coords(|c| self.coord(c))
    }

    fn coord(&self, c: Coord<f64>) -> Result<Coord<f64>, Error> {
        let (x, y) = self.local.map_or((c.x, c.y), |grid| grid.to_map((c.x, c.y)));
        let Some(transform) = &self.transform else { return Ok(Coord { x, y }) };
        let (mut xs, mut ys) = ([x], [y]);
        transform.transform_coords(&mut xs, &mut ys, &mut []).map_err(|source| Error::Crs {
            path: self.spec.file.clone(),
            crs: self.spec.crs.clone(),
            source,
        })?;
        Ok(Coord { x: xs[0], y: ys[0] })
    }

    /// Refuses a layer whose first point lies where the survey CRS is not meant to be used.
    pub fn plausible(&self, layer: &str, geometry: &Geometry<f64>) -> Result<(), Error> {
        let Some(Coord { x: east, y: north }) = geometry.coords_iter().next() else { return Ok(()) };
        let at = [MapPoint { east, north, height: 0.0 }];
        let scale = self
            .survey_crs
            .to_geographic(&at)
            .and_then(|lla| SurveyFrame::about(self.survey_crs.clone(), &lla[0]))
            .map(|frame| frame.scale);
        if scale.is_ok_and(|scale| (scale - 1.0).abs() < MAX_SCALE_ERROR) {
            return Ok(());
        }
        Err(Error::Implausible {
            path: self.spec.file.clone(),
            layer: layer.to_owned(),
            east,
            north,
            crs: self.survey_crs.definition().to_owned(),
        })
    }
}
