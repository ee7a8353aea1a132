use nalgebra::Vector3;
use serde::{Deserialize, Serialize};

use crate::{Crs, Error, Lla, MapPoint};

/// The world of the photo crates: x east, y north, z up in true metres from `origin` on the map.
///
/// `x = (east - origin.east) / scale`, `y = (north - origin.north) / scale`, `z = height - origin.height`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SurveyFrame {
    /// The map.
    pub crs: Crs,
    /// World origin on the map.
    pub origin: MapPoint,
    /// Point scale of the map at the origin: map metres per true metre.
    pub scale: f64,
    /// Meridian convergence at the origin: grid north is this much east of true north, radians.
    pub convergence: f64,
}

/// Step on the ellipsoid over which scale and convergence are measured, degrees of latitude (about 111 m).
const STEP_DEG: f64 = 1e-3;

impl SurveyFrame {
    /// A frame about a geographic position. The origin is rounded to whole metres.
    pub fn about(crs: Crs, center: &Lla) -> Result<Self, Error> {
        let north_of = |d: f64| Lla { latitude_deg: center.latitude_deg + d, ..*center };
        let ends = crs.from_geographic(&[north_of(-STEP_DEG), *center, north_of(STEP_DEG)])?;
        let (d_east, d_north) = (ends[2].east - ends[0].east, ends[2].north - ends[0].north);
        let scale =
            d_east.hypot(d_north) / (2.0 * STEP_DEG.to_radians() * meridian_radius(center.latitude_deg));
        let origin = MapPoint {
            east: ends[1].east.round(),
            north: ends[1].north.round(),
            height: center.height_m.round(),
        };
        Ok(Self { crs, origin, scale, convergence: -d_east.atan2(d_north) })
    }

    /// The frame of a model that is not georeferenced.
    pub fn nowhere() -> Self {
        let origin = MapPoint { east: 0.0, north: 0.0, height: 0.0 };
        Self { crs: Crs::nowhere(), origin, scale: 1.0, convergence: 0.0 }
    }

    /// World position of a map point.
    pub fn world_from_map(&self, p: &MapPoint) -> Vector3<f64> {
        Vector3::new(
            (p.east - self.origin.east) / self.scale,
            (p.north - self.origin.north) / self.scale,
            p.height - self.origin.height,
        )
    }

    /// Map point of a world position.
    pub fn map_from_world(&self, p: &Vector3<f64>) -> MapPoint {
        MapPoint {
            east: p.x * self.scale + self.origin.east,
            north: p.y * self.scale + self.origin.north,
            height: p.z + self.origin.height,
        }
    }

    /// World positions of geographic ones.
    pub fn world_from_geographic(&self, positions: &[Lla]) -> Result<Vec<Vector3<f64>>, Error> {
        Ok(self.crs.from_geographic(positions)?.iter().map(|p| self.world_from_map(p)).collect())
    }
}

/// Radius of curvature of the WGS 84 meridian, metres.
fn meridian_radius(latitude_deg: f64) -> f64 {
    const A: f64 = 6_378_137.0;
    const E2: f64 = 0.006_694_379_990_14;
    let s = latitude_deg.to_radians().sin();
    A * (1.0 - E2) / (1.0 - E2 * s * s).powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    const XINGTAI: Lla = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };

    #[test]
    fn scale_and_convergence_agree_with_the_transverse_mercator_series() {
        // k = 1 + y^2 / (2 M N) at y = 44 893 m; convergence = difference of longitude x sin(latitude).
        let frame = SurveyFrame::about(Crs::new("EPSG:4547").unwrap(), &XINGTAI).unwrap();
        assert!((frame.scale - 1.000_024_8).abs() < 1e-7);
        assert!((frame.convergence.to_degrees() - 0.304).abs() < 5e-3);
    }

    #[test]
    fn world_and_map_are_each_others_inverse() {
        let frame = SurveyFrame::about(Crs::new("EPSG:4547").unwrap(), &XINGTAI).unwrap();
        let p = Vector3::new(120.5, -33.25, 7.0);
        assert!((frame.world_from_map(&frame.map_from_world(&p)) - p).norm() < 1e-8);
    }
}
