use encoding_rs::GBK;
use geo::Area;
use plumbline_plan::{Axes, Register};

use crate::case::{Case, Expect, stands, stands_within};
use crate::dxf::Drawing;
use crate::layers::{VALUES, buildings, write};

pub const CASES: &[&[Case]] = &[TABLES, REGISTERED];

const TABLES: &[Case] = &[
    Case {
        trap: "corner table in GBK, axes by its column names",
        name: "建筑.txt",
        write: |path| {
            let text = "点号,X(北),Y(东)\r\nJ1,4104200.000,544900.000\r\nJ2,4104200.000,544940.000\r\n\
                            J3,4104215.000,544940.000\r\nJ4,4104215.000,544900.000\r\nJ1,4104200.000,544900.000\r\n";
            std::fs::write(path, GBK.encode(text).0).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "`J1, X, Y` and nothing says which is north",
        name: "建筑.txt",
        write: |path| std::fs::write(path, J1).unwrap(),
        declare: |_| {},
        expect: Expect::Refused(&["does not say which coordinate is north", "axes = \"north_east\""]),
    },
    Case {
        trap: "the same, after a person has looked (axes = north_east)",
        name: "建筑.txt",
        write: |path| std::fs::write(path, J1).unwrap(),
        declare: |spec| spec.axes = Some(Axes::NorthEast),
        expect: Expect::Read(stands),
    },
    Case {
        trap: "column names and declaration disagree on the axes",
        name: "建筑.csv",
        write: |path| std::fs::write(path, format!("point,north,east\n{J1}")).unwrap(),
        declare: |spec| spec.axes = Some(Axes::EastNorth),
        expect: Expect::Refused(&["north_east", "east_north", "find out which is right"]),
    },
    Case {
        trap: "two buildings in one table, told apart by a column",
        name: "建筑.csv",
        write: |path| {
            let of = |no: &str, north: f64| {
                let corners = [(0.0, 0.0), (0.0, 40.0), (15.0, 40.0), (15.0, 0.0)];
                let line = |(n, e): (f64, f64)| format!("{no},J,{},{}\n", north + n, 544_900.0 + e);
                corners.into_iter().map(line).collect::<String>()
            };
            let text = format!("楼号,点号,北坐标,东坐标\n{}{}", of("3#", 4_104_200.0), of("4#", 4_104_300.0));
            std::fs::write(path, text).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            assert_eq!(plan.buildings.len(), 2);
            assert!(plan.building("4#").is_some_and(|b| (b.base.unsigned_area() - 600.0).abs() < 1e-6));
        }),
    },
    Case {
        trap: "a coordinate with a letter O for a zero",
        name: "建筑.txt",
        write: |path| std::fs::write(path, J1.replace("544940", "54494O")).unwrap(),
        declare: |spec| spec.axes = Some(Axes::NorthEast),
        expect: Expect::Refused(&["line 2", "54494O", "correct the table"]),
    },
    Case {
        trap: "a table without coordinates",
        name: "建筑.csv",
        write: |path| std::fs::write(path, "楼号,总高\n3#,十八\n").unwrap(),
        declare: |_| {},
        expect: Expect::Refused(&["no two columns", "name them X and Y"]),
    },
    Case {
        trap: "an empty table",
        name: "建筑.csv",
        write: |path| std::fs::write(path, "\n\n").unwrap(),
        declare: |_| {},
        expect: Expect::Refused(&["holds no coordinates", "export it anew"]),
    },
];

const J1: &str = "J1, 4104200.000, 544900.000\nJ2, 4104200.000, 544940.000\nJ3, 4104215.000, 544940.000\nJ4, 4104215.000, 544900.000\n";

/// Local blocks of differing length; the first is building 3# once the origin is carried to 544900, 4104200.
const BLOCKS: [(f64, f64, f64); 6] = [
    (0.0, 0.0, 40.0),
    (60.0, 5.0, 33.0),
    (115.0, 30.0, 26.0),
    (20.0, 70.0, 48.0),
    (150.0, 90.0, 21.0),
    (90.0, 140.0, 36.0),
];

fn corners((x, y, length): (f64, f64, f64)) -> [(f64, f64); 4] {
    [(x, y), (x + length, y), (x + length, y + 15.0), (x, y + 15.0)]
}

fn local_drawing(path: &std::path::Path, layer: &str) {
    let drawing =
        BLOCKS.iter().fold(Drawing::r2000(), |drawing, &block| drawing.polyline(layer, &corners(block)));
    std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
}

fn control(path: &std::path::Path, blunder_m: f64) {
    let text = format!(
        "name,x,y,east,north\nK1,0,0,544900.01,4104200.00\nK2,200,0,545100.00,{}\nK3,200,160,545099.99,4104360.01\n\
         K4,0,160,544900.00,4104359.99\nK5,100,80,545000.00,4104280.00\n",
        4_104_200.0 + blunder_m
    );
    std::fs::write(path.with_file_name("control.csv"), text).unwrap();
}

const REGISTERED: &[Case] = &[
    Case {
        trap: "a local drawing, registered on five control points",
        name: "local.dxf",
        write: |path| {
            local_drawing(path, "建筑");
            control(path, 0.0);
        },
        declare: |spec| spec.register = Some(Register::Control(spec.file.with_file_name("control.csv"))),
        expect: Expect::Read(|plan| {
            assert_eq!(plan.buildings.len(), 6);
            let (source, mut first) = (&plan.sources[0], plan.clone());
            first.buildings.truncate(1);
            stands_within(&first, 0.02);
            assert!((0.02..0.05).contains(&source.u_m), "{}", source.u_m);
            assert_eq!(source.registration.as_ref().unwrap().points.len(), 5);
        }),
    },
    Case {
        trap: "the same with a blunder of 9 m in one point",
        name: "blunder.dxf",
        write: |path| {
            local_drawing(path, "建筑");
            control(path, 9.0);
        },
        declare: |spec| spec.register = Some(Register::Control(spec.file.with_file_name("control.csv"))),
        expect: Expect::Refused(&["\"K2\"", "check it first"]),
    },
    Case {
        trap: "the same drawn in millimetres, unit unset",
        name: "mm.dxf",
        write: |path| {
            let mm = |c: [(f64, f64); 4]| c.map(|(x, y)| (1000.0 * x, 1000.0 * y));
            let drawing =
                BLOCKS.iter().fold(Drawing::r2000(), |d, &block| d.polyline("建筑", &mm(corners(block))));
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
            let text = "K1,0,0,544900,4104200\nK2,200000,0,545100,4104200\nK3,200000,160000,545100,4104360\nK4,0,160000,544900,4104360\n";
            std::fs::write(path.with_file_name("control.csv"), text).unwrap();
        },
        declare: |spec| spec.register = Some(Register::Control(spec.file.with_file_name("control.csv"))),
        expect: Expect::Refused(&["scale of 0.00100", "declare the unit of the drawing"]),
    },
    Case {
        trap: "a local drawing, registered on outlines of the city map",
        name: "outlines.dxf",
        write: |path| {
            local_drawing(path, "建筑");
            let moved: Vec<String> = BLOCKS
                .iter()
                .map(|&block| {
                    let ring: Vec<String> = corners(block)
                        .iter()
                        .chain(&corners(block)[..1])
                        .map(|(x, y)| format!("{} {}", 544_900.0 + x, 4_104_200.0 + y))
                        .collect();
                    format!("POLYGON (({}))", ring.join(", "))
                })
                .collect();
            let rows: Vec<(&str, &[&str])> = moved.iter().map(|wkt| (wkt.as_str(), VALUES)).collect();
            write("GPKG", &path.with_file_name("city.gpkg"), &[], &[buildings(&rows)]);
        },
        declare: |spec| spec.register = Some(Register::Outlines(spec.file.with_file_name("city.gpkg"))),
        expect: Expect::Read(|plan| {
            let mut first = plan.clone();
            first.buildings.truncate(1);
            stands_within(&first, 0.01);
            assert!(plan.sources[0].u_m >= 0.3, "{}", plan.sources[0].u_m);
        }),
    },
];
