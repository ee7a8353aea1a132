use geo::Area;
use plumbline_geodesy::{Crs, Gcj02, MapPoint};
use plumbline_plan::Axes;

use crate::case::{Case, Expect, stands, stands_by_name, stands_within};
use crate::layers::{Sheet, VALUES, buildings, write};

const BASE: &str =
    "POLYGON ((544900 4104200, 544940 4104200, 544940 4104215, 544900 4104215, 544900 4104200))";
const SWAPPED: &str =
    "POLYGON ((4104200 544900, 4104200 544940, 4104215 544940, 4104215 544900, 4104200 544900))";
const PREFIXED: &str =
    "POLYGON ((38544900 4104200, 38544940 4104200, 38544940 4104215, 38544900 4104215, 38544900 4104200))";

pub const CASES: &[&[Case]] = &[SYSTEMS, SHAPES, ATTRIBUTES, FORMATS];

/// The corners of the base in another system, such as longitude and latitude.
fn corners(convert: impl Fn(MapPoint) -> (f64, f64)) -> Vec<(f64, f64)> {
    let place = |(east, north): (f64, f64)| convert(MapPoint { east, north, height: 0.0 });
    [(544_900.0, 4_104_200.0), (544_940.0, 4_104_200.0), (544_940.0, 4_104_215.0), (544_900.0, 4_104_215.0)]
        .map(place)
        .to_vec()
}

fn geojson(corners: &[(f64, f64)]) -> String {
    let ring: Vec<String> =
        corners.iter().chain(&corners[..1]).map(|(x, y)| format!("[{x:.9},{y:.9}]")).collect();
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"kind":"building","building_no":"3#","height_m":18.9}},
        "geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}]}}"#,
        ring.join(",")
    )
}

fn wkt(corners: &[(f64, f64)]) -> String {
    let ring: Vec<String> =
        corners.iter().chain(&corners[..1]).map(|(x, y)| format!("{x:.4} {y:.4}")).collect();
    format!("POLYGON (({}))", ring.join(", "))
}

fn geographic(p: MapPoint) -> plumbline_geodesy::Lla {
    Crs::new("EPSG:4547").unwrap().to_geographic(&[p]).unwrap()[0]
}

const SYSTEMS: &[Case] = &[
    Case {
        trap: "zone prefix 38, declared (EPSG:4526)",
        name: "prefixed.gpkg",
        write: |path| {
            write("GPKG", path, &[], &[Sheet { epsg: Some(4526), ..buildings(&[(PREFIXED, VALUES)]) }]);
        },
        declare: |spec| spec.crs = Some("EPSG:4526".to_owned()),
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "zone prefix 38 under EPSG:4547",
        name: "prefix_undeclared.gpkg",
        write: |path| write("GPKG", path, &[], &[buildings(&[(PREFIXED, VALUES)])]),
        declare: |_| {},
        expect: Expect::Refused(&["feature 1", "where that system is not used", "crs = \"EPSG:4526\""]),
    },
    Case {
        trap: "file states EPSG:4526, EPSG:4547 is declared",
        name: "contradicted.gpkg",
        write: |path| {
            write("GPKG", path, &[], &[Sheet { epsg: Some(4526), ..buildings(&[(PREFIXED, VALUES)]) }]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["EPSG:4526", "EPSG:4547", "find out which is right"]),
    },
    Case {
        trap: "north first",
        name: "swapped.gpkg",
        write: |path| write("GPKG", path, &[], &[buildings(&[(SWAPPED, VALUES)])]),
        declare: |_| {},
        expect: Expect::Refused(&["where that system is not used", "axes = \"north_east\""]),
    },
    Case {
        trap: "the same, after a person has looked (axes = north_east)",
        name: "swapped_declared.gpkg",
        write: |path| write("GPKG", path, &[], &[buildings(&[(SWAPPED, VALUES)])]),
        declare: |spec| spec.axes = Some(Axes::NorthEast),
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "the neighbouring zone (117 E) under EPSG:4547",
        name: "zone.gpkg",
        write: |path| {
            let zone = Crs::new("EPSG:4548").unwrap();
            let moved = corners(|p| {
                let p = zone.from_geographic(&[geographic(p)]).unwrap()[0];
                (p.east, p.north)
            });
            write("GPKG", path, &[], &[buildings(&[(&wkt(&moved), VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["km from the survey", "crs = \"EPSG:4548\""]),
    },
    Case {
        trap: "two layers in two systems, nothing declared",
        name: "mixed.gpkg",
        write: |path| {
            let parcel =
                Sheet { name: "红线", epsg: Some(4526), fields: &["备注"], rows: &[(PREFIXED, &["x"])] };
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES)]), parcel]);
        },
        declare: |spec| spec.crs = None,
        expect: Expect::Refused(&["EPSG:4547", "EPSG:4526", "export it in one"]),
    },
    Case {
        trap: "a local grid, undeclared",
        name: "local.gpkg",
        write: |path| {
            let local = "POLYGON ((100 200, 140 200, 140 215, 100 215, 100 200))";
            write("GPKG", path, &[], &[Sheet { epsg: None, ..buildings(&[(local, VALUES)]) }]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["no national system explains", "register it on"]),
    },
    Case {
        trap: "degrees, nothing declared (RFC 7946)",
        name: "degrees.geojson",
        write: |path| {
            let degrees = corners(|p| {
                let lla = geographic(p);
                (lla.longitude_deg, lla.latitude_deg)
            });
            std::fs::write(path, geojson(&degrees)).unwrap();
        },
        declare: |spec| spec.crs = None,
        expect: Expect::Read(stands),
    },
    Case {
        trap: "GCJ-02, declared as exact",
        name: "gcj_exact.geojson",
        write: |path| std::fs::write(path, geojson(&shifted())).unwrap(),
        declare: |spec| spec.crs = Some("GCJ-02".to_owned()),
        expect: Expect::Refused(&["GCJ-02", "proves nothing", "declare u_m = 2 or more"]),
    },
    Case {
        trap: "GCJ-02, declared with its uncertainty",
        name: "gcj.geojson",
        write: |path| std::fs::write(path, geojson(&shifted())).unwrap(),
        declare: |spec| {
            spec.crs = Some("GCJ-02".to_owned());
            spec.u_m = 3.0;
        },
        expect: Expect::Read(|plan| {
            stands_within(plan, 0.01);
            assert!((plan.sources[0].u_m - 3.0).abs() < 1e-12);
        }),
    },
];

fn shifted() -> Vec<(f64, f64)> {
    corners(|p| {
        let shown = Gcj02::forward(&geographic(p));
        (shown.longitude_deg, shown.latitude_deg)
    })
}

const SHAPES: &[Case] = &[
    Case {
        trap: "a polygon of curves",
        name: "curve.gpkg",
        write: |path| {
            let curve = "CURVEPOLYGON (COMPOUNDCURVE ((544900 4104200, 544940 4104200), \
                             CIRCULARSTRING (544940 4104200, 544947.5 4104207.5, 544940 4104215), \
                             (544940 4104215, 544900 4104215, 544900 4104200)))";
            write("GPKG", path, &[], &[buildings(&[(curve, VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            let half_disc = std::f64::consts::PI * 7.5 * 7.5 / 2.0;
            assert!((plan.buildings[0].base.unsigned_area() - 600.0 - half_disc).abs() < 0.02);
        }),
    },
    Case {
        trap: "corners with heights and measures",
        name: "zm.gpkg",
        write: |path| {
            let zm = "POLYGON ZM ((544900 4104200 60 1, 544940 4104200 61 2, 544940 4104215 62 3, 544900 4104215 63 4, \
                          544900 4104200 60 1))";
            write("GPKG", path, &[], &[buildings(&[(zm, VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "a collection of an area and its label point",
        name: "collection.gpkg",
        write: |path| {
            let both = format!("GEOMETRYCOLLECTION ({BASE}, POINT (544920 4104207))");
            write("GPKG", path, &[], &[buildings(&[(&both, VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "a polyhedral surface",
        name: "surface.gpkg",
        write: |path| {
            let surface = "POLYHEDRALSURFACE Z (((544900 4104200 0, 544940 4104200 0, 544940 4104215 0, 544900 4104200 0)))";
            write("GPKG", path, &[], &[buildings(&[(surface, VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["POLYHEDRALSURFACE", "turn it into a polygon"]),
    },
    Case {
        trap: "an empty polygon",
        name: "empty_polygon.gpkg",
        write: |path| {
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES), ("POLYGON EMPTY", &["4#", ""])])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["feature 2", "draw its outline, or delete it"]),
    },
    Case {
        trap: "an outline that crosses itself",
        name: "bow.gpkg",
        write: |path| {
            let bow =
                "POLYGON ((544900 4104200, 544940 4104215, 544940 4104200, 544900 4104215, 544900 4104200))";
            write("GPKG", path, &[], &[buildings(&[(bow, VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["feature 1", "no valid area", "repair the drawing"]),
    },
    Case {
        trap: "one building a million kilometres away",
        name: "huge.gpkg",
        write: |path| {
            let far = "POLYGON ((544900 4104200, 1e12 4104200, 1e12 4104215, 544900 4104200))";
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES), (far, &["4#", ""])])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["feature 2", "1000000000000.0", "move it, or delete it"]),
    },
    Case {
        trap: "one building at the origin, left from a template",
        name: "origin.gpkg",
        write: |path| {
            let stray = "POLYGON ((0 0, 40 0, 40 15, 0 15, 0 0))";
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES), (stray, &["4#", ""])])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["feature 2", "move it, or delete it"]),
    },
];

const ATTRIBUTES: &[Case] = &[
    Case {
        trap: "two buildings of one number",
        name: "twins.gpkg",
        write: |path| {
            let other = BASE.replace("4104200", "4104300").replace("4104215", "4104315");
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES), (&other, VALUES)])]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["3#", "features 1 and 2", "its own number"]),
    },
    Case {
        trap: "a height in words",
        name: "words.gpkg",
        write: |path| write("GPKG", path, &[], &[buildings(&[(BASE, &["3#", "十八米九"])])]),
        declare: |_| {},
        expect: Expect::Refused(&["总高", "十八米九", "not a number above zero: correct it"]),
    },
    Case {
        trap: "30 February",
        name: "february.gpkg",
        write: |path| records(path, &["3#", "放线", "2025-02-30", ""]),
        declare: |_| {},
        expect: Expect::Refused(&["申请", "2025-02-30", "not a date such as 2025-03-10: correct it"]),
    },
    Case {
        trap: "a record that passed before it was applied for",
        name: "order.gpkg",
        write: |path| records(path, &["3#", "放线", "2025-03-10", "2025-03-01"]),
        declare: |_| {},
        expect: Expect::Refused(&["八录", "passed before", "correct the dates"]),
    },
    Case {
        trap: "a record of a building that is not drawn",
        name: "stranger.gpkg",
        write: |path| records(path, &["9#", "放线", "2025-03-10", ""]),
        declare: |_| {},
        expect: Expect::Refused(&["八录", "9#", "draw it, or correct"]),
    },
    Case {
        trap: "storeys 1 and 3+6: the second is missing",
        name: "gap.gpkg",
        write: |path| {
            let rows: &[(&str, &[&str])] = &[("", &["3#", "1", "3.9"]), ("", &["3#", "3+6", "3.0"])];
            let storeys =
                Sheet { name: "楼层高度", epsg: None, fields: &["楼号", "层号", "层高"], rows };
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES)]), storeys]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["from 1 to 3", "list every storey once"]),
    },
    Case {
        trap: "two fields that the map takes for the building number",
        name: "synonyms.gpkg",
        write: |path| {
            let sheet = Sheet {
                fields: &["楼号", "JZWMC", "总高"],
                ..buildings(&[(BASE, &["3#", "甲", "18.9"])])
            };
            write("GPKG", path, &[], &[sheet]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["2 of the fields", "JZWMC", "correct the layer map"]),
    },
];

fn records(path: &std::path::Path, values: &[&str]) {
    let records =
        Sheet {
            name: "八录", epsg: None, fields: &["楼号", "记录", "申请", "通过"], rows: &[("", values)]
        };
    write("GPKG", path, &[], &[buildings(&[(BASE, VALUES)]), records]);
}

const FORMATS: &[Case] = &[
    Case {
        trap: "a file geodatabase",
        name: "plan.gdb",
        write: |path| write("OpenFileGDB", path, &[], &[buildings(&[(BASE, VALUES)])]),
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "a GeoPackage without features",
        name: "empty.gpkg",
        write: |path| write("GPKG", path, &[], &[buildings(&[])]),
        declare: |_| {},
        expect: Expect::Refused(&["holds nothing", "export it anew"]),
    },
    Case {
        trap: "a GeoPackage cut in half",
        name: "cut.gpkg",
        write: |path| {
            write("GPKG", path, &[], &[buildings(&[(BASE, VALUES)])]);
            let bytes = std::fs::read(path).unwrap();
            std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["cut.gpkg", "export it anew"]),
    },
    Case {
        trap: "a GeoJSON cut off",
        name: "cut.geojson",
        write: |path| {
            let text =
                geojson(&[(544_900.0, 4_104_200.0), (544_940.0, 4_104_200.0), (544_940.0, 4_104_215.0)]);
            std::fs::write(path, &text[..text.len() - 30]).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["damaged or of another format", "export it anew"]),
    },
    Case {
        trap: "a picture called .gpkg",
        name: "picture.gpkg",
        write: |path| std::fs::write(path, b"\x89PNG\r\n\x1a\n0000").unwrap(),
        declare: |_| {},
        expect: Expect::Refused(&["damaged or of another format", "export it anew"]),
    },
];
