//! Plans written in each format by GDAL (or by hand) and read back.

use std::path::PathBuf;

use chrono::NaiveDate;
use geo::{Area, BoundingRect};
use plumbline_geodesy::Crs;
use plumbline_plan::{Error, LayerKind, LevelBasis, LocalGrid, Plan, Record, SourceSpec, Survey};
use tempfile::TempDir;

use crate::layers::{Sheet, write};

const BASE: &str =
    "POLYGON ((544900 4104200, 544940 4104200, 544940 4104215, 544900 4104215, 544900 4104200))";
const BUILDING_MAP: &str = r#"
[layers."建筑物基底范围线"]
kind = "building"
fields = { building_no = "楼号", permit_no = "许可证号", storeys_above = "地上层数", height_m = "总高", zero_level_m = "正负零" }
"#;
const TABLES_MAP: &str = r#"
[layers."楼层高度"]
kind = "storeys"
fields = { building_no = "楼号", storey = "层号", name = "层名", approved_height_m = "许可层高" }
[layers."八录"]
kind = "inspections"
fields = { building_no = "楼号", record = "记录", applied_at = "申请", passed_at = "通过" }
"#;

fn read(spec: &SourceSpec) -> Result<Plan, Error> {
    plumbline_plan::read(spec, &Survey::on(&Crs::new("EPSG:4547").unwrap()))
}

fn spec(file: PathBuf, map: &str) -> SourceSpec {
    let layer_map = file.with_extension("toml");
    std::fs::write(&layer_map, map).unwrap();
    SourceSpec { layer_map: Some(layer_map), ..SourceSpec::new(file, "EPSG:4547") }
}

const FIELDS: &[&str] = &["楼号", "许可证号", "地上层数", "总高", "正负零"];
const VALUES: &[&str] = &["3#", "建字第130500202500012号", "6", "18.9", "63.45"];

fn building_sheet<'a>(rows: &'a [(&'a str, &'a [&'a str])]) -> Sheet<'a> {
    Sheet { name: "建筑物基底范围线", epsg: Some(4547), fields: FIELDS, rows }
}

fn assert_building_three(plan: &Plan) {
    let building = plan.building("3#").expect("building 3# was read");
    assert_eq!(building.permit_no.as_deref(), Some("建字第130500202500012号"));
    assert_eq!(building.storeys_above, Some(6));
    assert_eq!((building.height_m, building.zero_level_m), (Some(18.9), Some(63.45)));
    assert!((building.base.unsigned_area() - 600.0).abs() < 0.01);
    let bounds = building.base.bounding_rect().unwrap();
    assert!((bounds.min().x - 544_900.0).abs() < 1e-3 && (bounds.min().y - 4_104_200.0).abs() < 1e-3);
}

#[test]
fn a_geopackage_is_read_with_its_storey_and_record_tables() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("approved.gpkg");
    let storeys: [(&str, &[&str]); 2] =
        [("", &["3#", "1", "首层", "3.9"]), ("", &["3#", "2+6", "标准层", "3.0"])];
    let records: [(&str, &[&str]); 2] =
        [("", &["3#", "录放线", "2025-02-20", "2025-02-24"]), ("", &["3#", "FOUNDATION", "2025/3/10", ""])];
    let sheets = [
        building_sheet(&[(BASE, VALUES)]),
        Sheet {
            name: "楼层高度",
            epsg: Some(4547),
            fields: &["楼号", "层号", "层名", "许可层高"],
            rows: &storeys,
        },
        Sheet {
            name: "八录", epsg: Some(4547), fields: &["楼号", "记录", "申请", "通过"], rows: &records
        },
        Sheet { name: "消防登高面", epsg: Some(4547), fields: &["备注"], rows: &[(BASE, &["x"])] },
    ];
    write("GPKG", &file, &[], &sheets);
    let plan = read(&spec(file, &format!("{BUILDING_MAP}{TABLES_MAP}"))).unwrap();
    assert_building_three(&plan);
    let building = plan.building("3#").unwrap();
    let levels = building.storey_levels().unwrap();
    assert_eq!((levels.basis, levels.count()), (LevelBasis::PerStorey, 6));
    assert!((levels.top_m(6).unwrap() - 18.9).abs() < 1e-9 && (levels.top_m(1).unwrap() - 3.9).abs() < 1e-9);
    let day = |m, d| NaiveDate::from_ymd_opt(2025, m, d).unwrap();
    assert!(
        building.passed(Record::SettingOut, day(2, 24)) && !building.passed(Record::SettingOut, day(2, 23))
    );
    assert_eq!(building.pending_since(Record::Foundation, day(3, 12)), Some(day(3, 10)));
    let understood = &plan.sources[0].understood;
    assert_eq!(understood.unmapped, [("消防登高面".to_owned(), 1)]);
    assert_eq!(
        understood.layers.iter().map(|l| (l.kind, l.elements)).collect::<Vec<_>>(),
        [(LayerKind::Building, 1), (LayerKind::Storeys, 2), (LayerKind::Inspections, 2)]
    );
    assert_eq!(plan.sources[0].sha256.len(), 64);
}

#[test]
fn a_roof_structure_without_number_belongs_to_the_building_under_it() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("roofs.gpkg");
    let roof = "POLYGON ((544910 4104205, 544914 4104205, 544914 4104209, 544910 4104209, 544910 4104205))";
    let roofs =
        Sheet {
            name: "屋面突出物", epsg: Some(4547), fields: &["备注"], rows: &[(roof, &["楼梯间"])]
        };
    write("GPKG", &file, &[], &[building_sheet(&[(BASE, VALUES)]), roofs]);
    let map = format!("{BUILDING_MAP}[layers.\"屋面突出物\"]\nkind = \"roof_structure\"\n");
    let plan = read(&spec(file, &map)).unwrap();
    assert_eq!(plan.buildings[0].roof_structures.len(), 1);
}

#[test]
fn a_shapefile_in_gbk_is_read_with_and_without_its_code_page_file() {
    for with_cpg in [true, false] {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("建筑物基底范围线.shp");
        write("ESRI Shapefile", &file, &["ENCODING=GBK"], &[building_sheet(&[(BASE, VALUES)])]);
        if !with_cpg {
            std::fs::remove_file(file.with_extension("cpg")).unwrap();
            let mut table = std::fs::read(file.with_extension("dbf")).unwrap();
            table[29] = 0;
            std::fs::write(file.with_extension("dbf"), table).unwrap();
        }
        assert_building_three(&read(&spec(file, BUILDING_MAP)).unwrap());
    }
}

#[test]
fn a_plan_with_zone_prefix_lands_on_the_survey() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("prefixed.gpkg");
    let prefixed = BASE.replace("5449", "385449");
    let rows = [(prefixed.as_str(), VALUES)];
    write("GPKG", &file, &[], &[Sheet { epsg: Some(4526), ..building_sheet(&rows) }]);
    let declared = SourceSpec { crs: Some("EPSG:4526".to_owned()), ..spec(file.clone(), BUILDING_MAP) };
    assert_building_three(&read(&declared).unwrap());
    let contradicted = read(&spec(file, BUILDING_MAP));
    assert!(matches!(contradicted, Err(Error::CrsContradicted { .. })), "{contradicted:?}");
}

#[test]
fn a_plan_in_a_local_grid_is_carried_over_by_its_four_parameters() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("local.geojson");
    let grid = LocalGrid { dx: 544_900.0, dy: 4_104_200.0, rotation_deg: 0.0, scale: 1.0 };
    std::fs::write(&file, geojson("[[0,0],[40,0],[40,15],[0,15],[0,0]]", r#","楼号":"3#""#)).unwrap();
    let plan = read(&SourceSpec { transform: Some(grid), ..SourceSpec::new(&file, "EPSG:4547") }).unwrap();
    let bounds = plan.buildings[0].base.bounding_rect().unwrap();
    assert_eq!((bounds.max().x, bounds.max().y), (544_940.0, 4_104_215.0));
    let turned = LocalGrid { rotation_deg: 90.0, scale: 2.0, ..grid };
    let (east, north) = turned.to_map((10.0, 1.0));
    assert!((east - 544_898.0).abs() < 1e-9 && (north - 4_104_220.0).abs() < 1e-9);
}

fn geojson(ring: &str, more: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"kind":"building","building_no":"3#",
        "permit_no":"建字第130500202500012号","storeys_above":6,"height_m":18.9,"zero_level_m":63.45,
        "storey_heights":"1:3.9;2+6:3.0"{more}}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
    )
}

#[test]
fn a_geojson_needs_no_layer_map() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("plan.geojson");
    let ring = "[[544900,4104200],[544940,4104200],[544940,4104215],[544900,4104215],[544900,4104200]]";
    std::fs::write(&file, geojson(ring, "")).unwrap();
    let plan = read(&SourceSpec::new(&file, "EPSG:4547")).unwrap();
    assert_building_three(&plan);
    assert_eq!(plan.buildings[0].storeys.len(), 2);
}

#[test]
fn a_geojson_in_degrees_is_carried_to_the_survey() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("plan.geojson");
    let ring = "[[114.5048,37.0682],[114.5052,37.0682],[114.5052,37.0684],[114.5048,37.0682]]";
    std::fs::write(&file, geojson(ring, "")).unwrap();
    let plan = read(&SourceSpec::new(&file, "EPSG:4326")).unwrap();
    let bounds = plan.buildings[0].base.bounding_rect().unwrap();
    assert!(
        (bounds.min().x - 544_893.0).abs() < 0.3 && (bounds.min().y - 4_104_198.9).abs() < 0.3,
        "{bounds:?}"
    );
    let wrong = read(&SourceSpec::new(&file, "EPSG:4547"));
    assert!(matches!(wrong, Err(Error::Implausible { .. })), "{wrong:?}");
}

#[test]
fn mistakes_in_the_layer_map_name_the_layer_and_what_it_has() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("approved.gpkg");
    write("GPKG", &file, &[], &[building_sheet(&[(BASE, VALUES)])]);
    let message = |map: &str| read(&spec(file.clone(), map)).unwrap_err().to_string();
    let wrong_source = message(&BUILDING_MAP.replace("\"总高\"", "\"檐高\""));
    assert!(wrong_source.contains("檐高") && wrong_source.contains("总高"), "{wrong_source}");
    let wrong_field = message(&BUILDING_MAP.replace("height_m =", "heigth_m ="));
    assert!(wrong_field.contains("heigth_m") && wrong_field.contains("zero_level_m"), "{wrong_field}");
    let wrong_layer = message("[layers.\"宗地\"]\nkind = \"parcel\"\n");
    assert!(wrong_layer.contains("建筑物基底范围线"), "{wrong_layer}");
}
