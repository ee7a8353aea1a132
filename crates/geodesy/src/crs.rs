use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use serde::{Deserialize, Serialize};

use crate::{Error, Lla, MapPoint};

/// Well-known text of the map of what has no place.
const NOWHERE: &str = r#"LOCAL_CS["not georeferenced",UNIT["hundredth of the flying height",1],AXIS["x",EAST],AXIS["y",NORTH]]"#;

/// A projected coordinate reference system, kept by its definition ("EPSG:4547" or WKT).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Crs {
    definition: String,
}

impl Crs {
    /// A projected system by EPSG code or any text that PROJ reads.
    pub fn new(definition: &str) -> Result<Self, Error> {
        let crs = Self { definition: definition.to_owned() };
        if crs.spatial_ref()?.is_projected() {
            Ok(crs)
        } else {
            Err(Error::NotProjected { crs: crs.definition })
        }
    }

    /// The UTM zone of a position on WGS 84: EPSG:326zz north of the equator, EPSG:327zz south of it.
    pub fn utm(position: &Lla) -> Self {
        let zone = ((position.longitude_deg + 180.0) / 6.0).floor().rem_euclid(60.0) as u32 + 1;
        let base = if position.latitude_deg < 0.0 { 32700 } else { 32600 };
        Self { definition: format!("EPSG:{}", base + zone) }
    }

    /// A plane without a place on the earth, in units of no known length: the map of a model that is not georeferenced.
    pub fn nowhere() -> Self {
        Self { definition: NOWHERE.to_owned() }
    }

    /// The definition that made this system.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Well-known text, as written into GeoTIFFs.
    pub fn wkt(&self) -> Result<String, Error> {
        self.spatial_ref()?.to_wkt().map_err(|source| self.unknown(source))
    }

    /// GDAL's handle, with axes in the order east, north.
    pub fn spatial_ref(&self) -> Result<SpatialRef, Error> {
        let mut srs = SpatialRef::from_definition(&self.definition).map_err(|source| self.unknown(source))?;
        srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        Ok(srs)
    }

    /// Converts geographic positions to this map; heights pass through.
    pub fn from_geographic(&self, positions: &[Lla]) -> Result<Vec<MapPoint>, Error> {
        let to_map = self.transform(&geographic()?, &self.spatial_ref()?)?;
        let points = positions.iter().map(|p| (p.longitude_deg, p.latitude_deg)).collect();
        let converted = self.convert(&to_map, points)?;
        Ok(converted
            .into_iter()
            .zip(positions)
            .map(|((east, north), p)| MapPoint { east, north, height: p.height_m })
            .collect())
    }

    /// Converts positions on this map to geographic ones; heights pass through.
    pub fn to_geographic(&self, points: &[MapPoint]) -> Result<Vec<Lla>, Error> {
        let from_map = self.transform(&self.spatial_ref()?, &geographic()?)?;
        let pairs = points.iter().map(|p| (p.east, p.north)).collect();
        let converted = self.convert(&from_map, pairs)?;
        Ok(converted
            .into_iter()
            .zip(points)
            .map(|((longitude_deg, latitude_deg), p)| Lla { latitude_deg, longitude_deg, height_m: p.height })
            .collect())
    }

    fn transform(&self, from: &SpatialRef, to: &SpatialRef) -> Result<CoordTransform, Error> {
        if self.definition == NOWHERE {
            return Err(Error::NoPlace);
        }
        CoordTransform::new(from, to).map_err(|source| self.unknown(source))
    }

    fn convert(&self, transform: &CoordTransform, points: Vec<(f64, f64)>) -> Result<Vec<(f64, f64)>, Error> {
        let first = points.first().copied().unwrap_or_default();
        let (mut xs, mut ys): (Vec<_>, Vec<_>) = points.into_iter().unzip();
        transform.transform_coords(&mut xs, &mut ys, &mut []).map_err(|source| Error::Conversion {
            x: first.0,
            y: first.1,
            crs: self.definition.clone(),
            source,
        })?;
        Ok(xs.into_iter().zip(ys).collect())
    }

    fn unknown(&self, source: gdal::errors::GdalError) -> Error {
        Error::UnknownCrs { definition: self.definition.clone(), source }
    }
}

/// WGS 84 in the order longitude, latitude.
fn geographic() -> Result<SpatialRef, Error> {
    let mut srs = SpatialRef::from_epsg(4326)
        .map_err(|source| Error::UnknownCrs { definition: "EPSG:4326".to_owned(), source })?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(srs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const XINGTAI: Lla = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };

    #[test]
    fn gauss_kruger_zone_of_xingtai_comes_out_east_north() {
        let p = Crs::new("EPSG:4547").unwrap().from_geographic(&[XINGTAI]).unwrap()[0];
        assert!((p.east - 544_893.089).abs() < 1e-3);
        assert!((p.north - 4_104_198.901).abs() < 1e-3);
        let prefixed = Crs::new("EPSG:4526").unwrap().from_geographic(&[XINGTAI]).unwrap()[0];
        assert!((prefixed.east - 38_544_893.089).abs() < 1e-3);
    }

    #[test]
    fn geographic_positions_survive_the_round_trip() {
        let crs = Crs::utm(&XINGTAI);
        assert_eq!(crs.definition(), "EPSG:32650");
        let back = crs.to_geographic(&crs.from_geographic(&[XINGTAI]).unwrap()).unwrap()[0];
        assert!((back.latitude_deg - XINGTAI.latitude_deg).abs() < 1e-10);
        assert!((back.longitude_deg - XINGTAI.longitude_deg).abs() < 1e-10);
    }

    #[test]
    fn systems_that_are_not_projected_are_refused() {
        assert!(matches!(Crs::new("EPSG:4490"), Err(Error::NotProjected { .. })));
        assert!(matches!(Crs::new("EPSG:999999"), Err(Error::UnknownCrs { .. })));
    }
}
