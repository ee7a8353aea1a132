//! Everything that a plan says of a project, read into its type; and readings of coordinates that a person has to confirm.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use geo::{Area, Coord};
use plumbline_geodesy::{Crs, Gcj02, MapPoint};
use plumbline_plan::{
    Authority, DistanceKind, LevelKind, MeasuredTo, Plan, SourceSpec, Survey, propose, read,
};
use tempfile::TempDir;

fn square(east: f64, north: f64, side: f64) -> String {
    let corners = [
        (east, north),
        (east + side, north),
        (east + side, north + side),
        (east, north + side),
        (east, north),
    ];
    let corners: Vec<String> = corners.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
    format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, corners.join(","))
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

fn write(path: &Path, features: &[String]) -> PathBuf {
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    std::fs::write(path, text).unwrap();
    path.to_owned()
}

const EAST: f64 = 544_900.0;
const NORTH: f64 = 4_104_200.0;

fn project() -> Vec<String> {
    let building = r#""kind":"building","building_no":"3#","permit_no":"建字第1号","structure":"框架","purpose":"住宅","phase":"一期",
        "storeys_above":17,"storeys_below":1,"height_m":51.9,"height_rule":"室外地坪至女儿墙顶","zero_level_m":63.45,
        "indoor_level_m":63.45,"outdoor_level_m":63.0,"top_level_m":116.2,"storey_heights":"1:3.9;2+17:3.0""#;
    vec![
        feature(
            r#""kind":"parcel","project_no":"XM-7","name":"示范小区","land_permit_no":"地字第1号","site":"东街","developer":"甲公司","site_area_m2":40000"#,
            &square(EAST - 50.0, NORTH - 50.0, 200.0),
        ),
        feature(
            r#""kind":"permits","permit_no":"建字第1号","designer":"乙院","approver":"资规局","approved_at":"2025年2月10日",
            "gfa_total_m2":12345.6,"far":2.5,"green_ratio":35,"parking_below":120,"units":136,"expires_at":"2026-02-10""#,
            "null",
        ),
        feature(building, &square(EAST, NORTH, 30.0)),
        feature(
            r#""kind":"level_outline","building_no":"3#","level":"变化层","storey":"2+17""#,
            &square(EAST + 2.0, NORTH + 2.0, 26.0),
        ),
        feature(r#""kind":"level_outline","level":"basement""#, &square(EAST - 3.0, NORTH - 3.0, 36.0)),
        feature(
            r#""kind":"required_distances","building_no":"3#","from":"退线","to":"东街道路红线","least_m":10"#,
            "null",
        ),
        feature(
            r#""kind":"condition_points","point":"J1","building_no":"3#""#,
            &format!(r#"{{"type":"Point","coordinates":[{EAST},{NORTH}]}}"#),
        ),
        feature(
            r#""kind":"temporary","permit_no":"临字第1号","expires_at":"2026/12/31","height_m":6"#,
            &square(EAST + 60.0, NORTH, 10.0),
        ),
        feature(
            r#""kind":"to_demolish","building_no":"旧1","deadline":"20260601""#,
            &square(EAST + 60.0, NORTH + 40.0, 10.0),
        ),
        feature(
            r#""kind":"inspections","building_no":"3#","record":"录变化层","storey":4,"applied_at":"2025-09-01","passed_at":"2025-09-04""#,
            "null",
        ),
    ]
}

fn read_project(file: PathBuf) -> Plan {
    let crs = Crs::new("EPSG:4547").unwrap();
    let spec = SourceSpec {
        version: "2025-02".to_owned(),
        valid_from: NaiveDate::from_ymd_opt(2025, 2, 10),
        superseded_by: Some("2025-09".to_owned()),
        classification: Some("内部".to_owned()),
        ..SourceSpec::new(file, "EPSG:4547")
    };
    read(&spec, &Survey::on(&crs)).unwrap()
}

#[test]
fn a_project_is_read_with_its_permit_levels_distances_points_and_dates() {
    let dir = TempDir::new().unwrap();
    let plan = read_project(write(&dir.path().join("project.geojson"), &project()));
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    let source = &plan.sources[0];
    assert_eq!((source.version.as_str(), source.superseded_by.as_deref()), ("2025-02", Some("2025-09")));
    assert_eq!((source.valid_from, source.classification.as_deref()), (day(2025, 2, 10), Some("内部")));
    assert_eq!((source.sha256.len(), source.understood.said_by.crs), (64, Authority::Declared));

    let parcel = &plan.parcels[0];
    assert_eq!((parcel.land_permit_no.as_deref(), parcel.site_area_m2), (Some("地字第1号"), Some(40_000.0)));
    let building = plan.building("3#").unwrap();
    let permit = plan.permit(building.permit_no.as_deref().unwrap()).unwrap();
    assert_eq!((permit.approved_at, permit.expires_at), (day(2025, 2, 10), day(2026, 2, 10)));
    assert_eq!(
        (permit.gfa_total_m2, permit.parking_below, permit.units),
        (Some(12_345.6), Some(120), Some(136))
    );
    assert_eq!((building.storeys_below, building.outdoor_level_m), (Some(1), Some(63.0)));
    assert_eq!(building.height_rule.as_deref(), Some("室外地坪至女儿墙顶"));
    let levels = building.storey_levels().unwrap();
    assert!(levels.count() == 17 && (levels.top_m(17).unwrap() - 51.9).abs() < 1e-9);

    let distance = &building.required_distances[0];
    assert_eq!((distance.from, distance.least_m), (DistanceKind::Setback, 10.0));
    assert_eq!((plan.condition_points[0].name.as_str(), plan.condition_points[0].at.x()), ("J1", EAST));
    assert_eq!(
        (plan.temporaries[0].expires_at, plan.to_demolish[0].deadline),
        (day(2026, 12, 31), day(2026, 6, 1))
    );
    assert_eq!(
        (building.inspections[0].storey, building.inspections[0].passed_at),
        (Some(4), day(2025, 9, 4))
    );
}

#[test]
fn a_changed_storey_has_its_own_outline_and_a_basement_without_number_lies_under_its_building() {
    let dir = TempDir::new().unwrap();
    let plan = read_project(write(&dir.path().join("project.geojson"), &project()));
    let building = plan.building("3#").unwrap();
    let area = |storey| building.outline_of(storey).unsigned_area();
    assert!(
        (area(1) - 900.0).abs() < 1e-6 && (area(2) - 676.0).abs() < 1e-6 && (area(17) - 676.0).abs() < 1e-6
    );
    let basement = building.level_outlines.iter().find(|level| level.level == LevelKind::Basement).unwrap();
    assert!((basement.outline.unsigned_area() - 1296.0).abs() < 1e-6);
}

#[test]
fn what_holds_for_a_whole_layer_stands_in_the_layer_map() {
    let dir = TempDir::new().unwrap();
    let map = dir.path().join("layers.toml");
    std::fs::write(
        &map,
        "[layers.\"points\"]\nkind = \"level_outline\"\nvalues = { level = \"basement\", building_no = \"3#\" }\n",
    )
    .unwrap();
    let message = read(
        &SourceSpec {
            layer_map: Some(map),
            ..SourceSpec::new(
                write(&dir.path().join("points.geojson"), &[feature("", &square(EAST, NORTH, 9.0))]),
                "EPSG:4547",
            )
        },
        &Survey::on(&Crs::new("EPSG:4547").unwrap()),
    )
    .unwrap_err()
    .to_string();
    // The level was understood; only the building is not drawn in this file.
    assert!(message.contains("3#") && message.contains("draw it"), "{message}");
}

/// A street of houses on the survey's map, and the same in GCJ-02 degrees.
fn street() -> (Vec<String>, Vec<String>) {
    let crs = Crs::new("EPSG:4547").unwrap();
    let on_web_map = |east: f64, north: f64| {
        let lla = crs.to_geographic(&[MapPoint { east, north, height: 0.0 }]).unwrap()[0];
        let shown = Gcj02::forward(&lla);
        Coord { x: shown.longitude_deg, y: shown.latitude_deg }
    };
    let (mut plain, mut shifted) = (Vec::new(), Vec::new());
    for i in 0..6 {
        let (east, north, side) =
            (EAST + 45.0 * f64::from(i), NORTH + 9.0 * f64::from(i), 20.0 + f64::from(i));
        plain.push(feature(r#""kind":"existing""#, &square(east, north, side)));
        let corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)]
            .map(|(x, y)| on_web_map(east + x, north + y));
        let ring: Vec<String> = corners.iter().map(|c| format!("[{:.9},{:.9}]", c.x, c.y)).collect();
        shifted.push(feature(
            r#""kind":"existing""#,
            &format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, ring.join(",")),
        ));
    }
    (plain, shifted)
}

#[test]
fn a_web_maps_shift_is_proposed_with_its_residual_and_applied_only_when_declared() {
    let dir = TempDir::new().unwrap();
    let (_, shifted) = street();
    let web = write(&dir.path().join("web.geojson"), &shifted);
    let crs = Crs::new("EPSG:4547").unwrap();
    let survey = Survey { crs: &crs, place: Some(MapPoint { east: EAST, north: NORTH, height: 0.0 }) };

    // Nothing is applied: as it stands, the street lies where the web map shows it.
    let plan = read(&SourceSpec::of(&web), &survey).unwrap();
    let off = plan.sources[0].understood.extent.unwrap().min() - Coord { x: EAST, y: NORTH };
    assert!((300.0..700.0).contains(&off.x.hypot(off.y)), "{off:?}");

    // Known outlines tell the readings apart.
    let known = known_outlines(&dir);
    let proposals = propose(&SourceSpec::of(&web), &survey, Some(&known)).unwrap();
    let (best, second) = (&proposals[0], &proposals[1]);
    assert_eq!((best.reading.crs.as_str(), best.measured_to), ("GCJ-02", MeasuredTo::Corners));
    assert!(best.residual_m.unwrap() < 0.01, "{best:?}");
    assert!(second.residual_m.unwrap() > 100.0, "{second:?}");

    // And then a person may declare it, with the uncertainty that it has.
    let declared = SourceSpec { u_m: 3.0, ..SourceSpec::new(&web, "GCJ-02") };
    let extent = read(&declared, &survey).unwrap().sources[0].understood.extent.unwrap();
    assert!((extent.min().x - EAST).abs() < 0.01 && (extent.min().y - NORTH).abs() < 0.01, "{extent:?}");
}

/// The street as the city's map has it, in longitude and latitude.
fn known_outlines(dir: &TempDir) -> PathBuf {
    let (plain, _) = street();
    let crs = Crs::new("EPSG:4547").unwrap();
    let survey = Survey::on(&crs);
    let on_map = write(&dir.path().join("map.geojson"), &plain);
    let plan = read(&SourceSpec::new(on_map, "EPSG:4547"), &survey).unwrap();
    let degrees = |c: &Coord<f64>| {
        let lla = crs.to_geographic(&[MapPoint { east: c.x, north: c.y, height: 0.0 }]).unwrap()[0];
        format!("[{:.9},{:.9}]", lla.longitude_deg, lla.latitude_deg)
    };
    let features = plan.existing.iter().map(|existing| {
        let ring: Vec<String> = existing.outline.0[0].exterior().coords().map(degrees).collect();
        feature("", &format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, ring.join(",")))
    });
    write(&dir.path().join("known.geojson"), &features.collect::<Vec<_>>())
}
