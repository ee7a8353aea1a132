//! Findings as other tools read them.

use std::collections::BTreeMap;

use crate::town::{Town, polygon, region};
use plumbline_change::ChangeClass;
use plumbline_finding::{Findings, to_geojson, to_table};
use plumbline_geodesy::Crs;
use polars::prelude::*;

fn found() -> (Findings, BTreeMap<String, Vec<String>>) {
    let mut town = Town::on_schedule();
    town.change(region(polygon(240.0, 240.0, 260.0, 252.0), ChangeClass::NewStructure, 0.0, 6.2));
    let found = town.judged();
    let photos = BTreeMap::from([(found.findings[0].id.clone(), vec!["A.JPG".into(), "B.JPG".into()])]);
    (found, photos)
}

#[test]
fn geojson_is_longitude_latitude_with_closed_counterclockwise_rings() {
    let (mut found, photos) = found();
    let shift = |c: geo::Coord<f64>| geo::coord! { x: c.x + 544_893.089, y: c.y + 4_104_198.901 };
    found.findings[0].outline = geo::MapCoords::map_coords(&found.findings[0].outline, shift);
    let json = to_geojson(&found.findings, &Crs::new("EPSG:4547").unwrap(), &photos).unwrap();
    let feature = &json["features"][0];
    let ring = feature["geometry"]["coordinates"][0][0].as_array().unwrap();
    let at = |i: usize| (ring[i][0].as_f64().unwrap(), ring[i][1].as_f64().unwrap());
    assert_eq!(at(0), at(ring.len() - 1));
    assert!((at(0).0 - 114.507).abs() < 0.002 && (at(0).1 - 37.070).abs() < 0.002, "{:?}", at(0));
    let twice_area: f64 = (0..ring.len() - 1).map(|i| at(i).0 * at(i + 1).1 - at(i + 1).0 * at(i).1).sum();
    assert!(twice_area > 0.0, "exterior rings run counterclockwise");
    let properties = &feature["properties"];
    assert_eq!(properties["kind"], "NO_PERMIT");
    assert_eq!(properties["verdict"], "CONFIRMED_EXCEED");
    assert_eq!(properties["photos"][1], "B.JPG");
    assert_eq!(properties["limit"], 10.0);
    assert!(properties["building_no"].is_null() && properties["stage_lo"].is_null());
}

#[test]
fn the_table_keeps_the_columns_and_the_dates() {
    let (found, photos) = found();
    let table = to_table(&found.findings, &photos).unwrap();
    assert_eq!(table.height(), 1);
    assert_eq!(table.column("photos").unwrap().str().unwrap().get(0), Some("A.JPG;B.JPG"));
    assert_eq!(table.column("first_seen_with").unwrap().dtype(), &DataType::Date);
    assert!(table.column("building_no").unwrap().str().unwrap().get(0).is_none());
}

#[test]
fn no_findings_are_an_empty_table_and_an_empty_collection() {
    assert_eq!(to_table(&[], &BTreeMap::new()).unwrap().height(), 0);
    let json = to_geojson(&[], &Crs::new("EPSG:4547").unwrap(), &BTreeMap::new()).unwrap();
    assert_eq!(json["features"].as_array().unwrap().len(), 0);
}
