use geo::orient::Direction;
use geo::{Coord, LineString, MultiLineString, MultiPolygon, Orient};
use plumbline_geodesy::{Crs, MapPoint};
use serde_json::{Value, json};

use crate::{Error, Plan};

/// Parts of a degree that are kept: 1e-7 are 1 cm.
const PARTS: f64 = 1e7;

/// The outlines of a plan as a GeoJSON collection (RFC 7946: WGS 84, longitude before latitude), each with its `kind` and number; `crs` is the
/// map of the survey.
pub fn to_geojson(plan: &Plan, crs: &Crs) -> Result<Value, Error> {
    let mut features = Vec::new();
    let mut add = |kind: &str, no: Option<&str>, geometry: Value| {
        let properties = json!({ "kind": kind, "building_no": no });
        features.push(json!({ "type": "Feature", "properties": properties, "geometry": geometry }));
    };
    for parcel in &plan.parcels {
        add("parcel", None, outline_geometry(&parcel.outline, crs)?);
    }
    for control in &plan.control_lines {
        add("control_line", None, line_geometry(&control.line, crs)?);
    }
    for building in &plan.buildings {
        let no = Some(building.building_no.as_str());
        add("building", no, outline_geometry(&building.base, crs)?);
        for structure in &building.roof_structures {
            add("roof_structure", no, outline_geometry(&structure.outline, crs)?);
        }
    }
    for existing in &plan.existing {
        add("existing", existing.building_no.as_deref(), outline_geometry(&existing.outline, crs)?);
    }
    for temporary in &plan.temporaries {
        add("temporary", None, outline_geometry(&temporary.outline, crs)?);
    }
    Ok(json!({ "type": "FeatureCollection", "features": features }))
}

/// An outline on the map as a GeoJSON geometry, its outer rings counter-clockwise.
pub fn outline_geometry(outline: &MultiPolygon<f64>, crs: &Crs) -> Result<Value, Error> {
    let polygons = outline.iter().map(|polygon| {
        let oriented = polygon.orient(Direction::Default);
        let rings = std::iter::once(oriented.exterior()).chain(oriented.interiors());
        rings.map(|ring| coordinates(ring, crs)).collect::<Result<Vec<_>, Error>>()
    });
    Ok(json!({ "type": "MultiPolygon", "coordinates": polygons.collect::<Result<Vec<_>, Error>>()? }))
}

fn line_geometry(line: &MultiLineString<f64>, crs: &Crs) -> Result<Value, Error> {
    let parts = line.iter().map(|part| coordinates(part, crs)).collect::<Result<Vec<_>, Error>>()?;
    Ok(json!({ "type": "MultiLineString", "coordinates": parts }))
}

fn coordinates(line: &LineString<f64>, crs: &Crs) -> Result<Vec<[f64; 2]>, Error> {
    let points = line.coords().map(|&Coord { x, y }| MapPoint { east: x, north: y, height: 0.0 });
    let places = crs.to_geographic(&points.collect::<Vec<_>>())?;
    let degrees = |value: f64| (value * PARTS).round() / PARTS;
    Ok(places.iter().map(|place| [degrees(place.longitude_deg), degrees(place.latitude_deg)]).collect())
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn an_outline_of_the_map_lies_where_it_is_and_turns_as_geojson_wants_it() {
        // Xingtai's old town on CGCS2000 3-degree CM 114E; a clockwise square of 10 m.
        let (x, y) = (544_893.089, 4_104_198.901);
        let square =
            polygon![(x: x, y: y), (x: x, y: y + 10.0), (x: x + 10.0, y: y + 10.0), (x: x + 10.0, y: y)];
        let geometry = outline_geometry(&square.into(), &Crs::new("EPSG:4547").unwrap()).unwrap();
        let ring: Vec<[f64; 2]> = serde_json::from_value(geometry["coordinates"][0][0].clone()).unwrap();
        let near = |[lon, lat]: [f64; 2]| (lon - 114.5048).abs() < 2e-4 && (lat - 37.0682).abs() < 2e-4;
        assert!(ring.len() == 5 && ring.iter().all(|&place| near(place)), "{ring:?}");
        let turn: f64 = ring.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum();
        assert!(turn > 0.0, "counter-clockwise");
    }
}
