use geo::{Coord, LineString, MultiPolygon, Polygon};
use plumbline_geodesy::{Crs, Lla, MapPoint};
use plumbline_raster::Grid;
use serde_json::{Value, json};

use crate::Error;

/// Decimals of a degree that are written: about a millimetre.
const DECIMALS: i32 = 8;

/// Where an item lies, in longitude and latitude.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Footprint {
    /// GeoJSON geometry, null where nothing is known.
    pub geometry: Value,
    /// West, south, east, north.
    pub bbox: Option<[f64; 4]>,
}

impl Footprint {
    /// No place.
    pub fn nowhere() -> Self {
        Self { geometry: Value::Null, bbox: None }
    }

    /// A single position.
    pub fn point(position: &Lla) -> Self {
        let [lon, lat] = [rounded(position.longitude_deg), rounded(position.latitude_deg)];
        Self {
            geometry: json!({ "type": "Point", "coordinates": [lon, lat] }),
            bbox: Some([lon, lat, lon, lat]),
        }
    }

    /// The area inside corners given as (longitude, latitude); fewer than three corners are no place.
    pub fn ring(corners: &[(f64, f64)]) -> Self {
        if corners.len() < 3 {
            return Self::nowhere();
        }
        let polygon = Polygon::new(LineString::from(corners.to_vec()), Vec::new());
        Self::area(&MultiPolygon::new(vec![polygon]))
    }

    /// The area that a raster covers.
    pub fn of_grid(grid: &Grid) -> Result<Self, Error> {
        let (west, south, east, north) = grid.bounds();
        let box_ = geo::Rect::new((west, south), (east, north)).to_polygon();
        Self::of_outline(&grid.crs, &MultiPolygon::new(vec![box_]))
    }

    /// An outline on a map.
    pub fn of_outline(crs: &Crs, outline: &MultiPolygon<f64>) -> Result<Self, Error> {
        let ring = |ring: &LineString<f64>| -> Result<LineString<f64>, Error> {
            let on_map: Vec<_> =
                ring.coords().map(|c| MapPoint { east: c.x, north: c.y, height: 0.0 }).collect();
            let positions = crs.to_geographic(&on_map)?;
            Ok(positions.iter().map(|p| Coord { x: p.longitude_deg, y: p.latitude_deg }).collect())
        };
        let mut polygons = Vec::new();
        for polygon in outline {
            let holes = polygon.interiors().iter().map(ring).collect::<Result<_, _>>()?;
            polygons.push(Polygon::new(ring(polygon.exterior())?, holes));
        }
        Ok(Self::area(&MultiPolygon::new(polygons)))
    }

    /// An area in longitude and latitude, its rings turned as RFC 7946 wants them.
    fn area(area: &MultiPolygon<f64>) -> Self {
        use geo::orient::{Direction, Orient};
        let Some(bounds) = geo::BoundingRect::bounding_rect(area) else { return Self::nowhere() };
        let area = area.orient(Direction::Default);
        let bbox = [bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y].map(rounded);
        let mut polygons: Vec<Value> = area.iter().map(rings).collect();
        let geometry = if polygons.len() == 1 {
            json!({ "type": "Polygon", "coordinates": polygons.remove(0) })
        } else {
            json!({ "type": "MultiPolygon", "coordinates": polygons })
        };
        Self { geometry, bbox: Some(bbox) }
    }
}

/// Coordinates of a polygon: the outer ring, then the holes.
fn rings(polygon: &Polygon<f64>) -> Value {
    let all = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let coordinates = |ring: &LineString<f64>| -> Vec<Value> {
        ring.coords().map(|c| json!([rounded(c.x), rounded(c.y)])).collect()
    };
    all.map(coordinates).collect()
}

fn rounded(degrees: f64) -> f64 {
    let scale = 10_f64.powi(DECIMALS);
    (degrees * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raster_lies_where_its_corners_do_and_turns_counter_clockwise() {
        let crs = Crs::new("EPSG:4547").unwrap();
        let grid = Grid::covering(crs, (544_893.0, 4_104_198.0, 544_993.0, 4_104_298.0), 1.0);
        let footprint = Footprint::of_grid(&grid).unwrap();
        let [west, south, east, north] = footprint.bbox.unwrap();
        assert!((west - 114.5048).abs() < 1e-4 && (south - 37.0682).abs() < 1e-4);
        assert!((0.0010..0.0013).contains(&(east - west)) && (0.0008..0.0010).contains(&(north - south)));
        let ring = footprint.geometry["coordinates"][0].as_array().unwrap();
        assert_eq!(ring.len(), 5);
        assert_eq!(ring.first(), ring.last());
        let area: f64 = ring.windows(2).map(|w| cross(&w[0], &w[1])).sum();
        assert!(area > 0.0);
    }

    fn cross(a: &Value, b: &Value) -> f64 {
        let x = |p: &Value, i: usize| p[i].as_f64().unwrap();
        (x(a, 0) - 114.5) * (x(b, 1) - 37.0) - (x(b, 0) - 114.5) * (x(a, 1) - 37.0)
    }

    #[test]
    fn two_corners_are_no_place() {
        assert_eq!(Footprint::ring(&[(114.0, 37.0), (114.1, 37.0)]), Footprint::nowhere());
    }
}
