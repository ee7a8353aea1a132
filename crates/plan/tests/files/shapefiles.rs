use geo::Area;

use crate::case::{Case, Expect, stands_by_name};
use crate::layers::{FIELDS, Sheet, VALUES, buildings, shapefile, write};

const BASE: &str =
    "POLYGON ((544900 4104200, 544940 4104200, 544940 4104215, 544900 4104215, 544900 4104200))";

pub const CASES: &[&[Case]] = &[ENCODINGS, PARTS];

/// The attributes of building 3# whatever stands beside the .shp.
const ENCODINGS: &[Case] = &[
    Case {
        trap: "GBK by its .cpg",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", Some("GBK"), 0, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "GBK by a .cpg that says 936",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", Some("936\r\n"), 0, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "GBK by the language driver id 0x4D, no .cpg",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", None, 0x4d, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "GBK, and nothing says so (LDID 0x57, no .cpg)",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", None, 0x57, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "characters of four bytes (GB 18030), no .cpg",
        name: "建筑.shp",
        write: |path| {
            shapefile(path, "GB18030", None, 0, buildings(&[(BASE, &["㐀3#", "18.9"])]));
        },
        declare: |_| {},
        expect: Expect::Read(|plan| assert_eq!(plan.buildings[0].building_no, "㐀3#")),
    },
    Case {
        trap: "UTF-8 without .cpg: reads as GBK too",
        name: "建筑.shp",
        write: |path| shapefile(path, "UTF-8", None, 0, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Refused(&["楼号", "said by nobody", ".cpg"]),
    },
    Case {
        trap: "GBK under a .cpg that says UTF-8",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", Some("UTF-8"), 0, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Refused(&["not UTF-8", "the .cpg file", "correct that"]),
    },
    Case {
        trap: "GBK under a language driver id of Western Europe",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", None, 0x03, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Refused(&["楼号", "windows-1252", "look which is right"]),
    },
    Case {
        trap: "a .cpg that names no encoding",
        name: "建筑.shp",
        write: |path| shapefile(path, "GBK", Some("中文"), 0, buildings(&[(BASE, VALUES)])),
        declare: |_| {},
        expect: Expect::Refused(&["no encoding", "say \"GBK\""]),
    },
    Case {
        trap: "a value that the field's width cuts within a character",
        name: "建筑.shp",
        write: |path| {
            shapefile(path, "GBK", None, 0x4d, buildings(&[(BASE, &["3#建", "18.9"])]));
            let table = path.with_extension("dbf");
            let mut bytes = std::fs::read(&table).unwrap();
            // The value is "3#" and two bytes of 建; the width of 80 becomes such that only the first remains.
            let head = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
            let at = bytes[head..].windows(2).position(|pair| pair == [0xbd, 0xa8]).unwrap() + head;
            bytes[32 + 16] = (at - head) as u8;
            bytes[64 + 16] += 80 - (at - head) as u8;
            let width = at - head;
            bytes[head + 1 + width..head + 1 + 80].fill(b' ');
            std::fs::write(&table, bytes).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| assert!(plan.buildings[0].building_no.starts_with("3#"))),
    },
];

const PARTS: &[Case] = &[
    Case {
        trap: "field names in pinyin initials",
        name: "building.shp",
        write: |path| {
            let sheet = Sheet { fields: &["JZWMC", "ZGD"], ..buildings(&[(BASE, VALUES)]) };
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[sheet]);
        },
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "Chinese field names of three characters, and of six cut at ten bytes",
        name: "建筑.shp",
        write: |path| {
            let sheet =
                Sheet { fields: &["楼幢号", "建筑物总高度"], ..buildings(&[(BASE, VALUES)]) };
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[sheet]);
        },
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "no .prj, crs declared",
        name: "建筑.shp",
        write: |path| {
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[buildings(&[(BASE, VALUES)])]);
            std::fs::remove_file(path.with_extension("prj")).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "no .prj, nothing declared",
        name: "建筑.shp",
        write: |path| {
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[buildings(&[(BASE, VALUES)])]);
            std::fs::remove_file(path.with_extension("prj")).unwrap();
        },
        declare: |spec| spec.crs = None,
        expect: Expect::Refused(&["no coordinate system", ".prj", "crs = \"EPSG:4547\""]),
    },
    Case {
        trap: "a .prj, nothing declared: what the file states counts",
        name: "建筑.shp",
        write: |path| {
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[buildings(&[(BASE, VALUES)])]);
        },
        declare: |spec| spec.crs = None,
        expect: Expect::Read(stands_by_name),
    },
    Case {
        trap: "no .shx",
        name: "建筑.shp",
        write: |path| {
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[buildings(&[(BASE, VALUES)])]);
            std::fs::remove_file(path.with_extension("shx")).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&[".shx", "copy all files"]),
    },
    Case {
        trap: "a .shp cut off",
        name: "建筑.shp",
        write: |path| {
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[buildings(&[(BASE, VALUES)])]);
            let bytes = std::fs::read(path).unwrap();
            std::fs::write(path, &bytes[..bytes.len() - 30]).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["cut off", "bytes", "export it anew"]),
    },
    Case {
        trap: "a .dbf cut off",
        name: "建筑.shp",
        write: |path| {
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[buildings(&[(BASE, VALUES)])]);
            let table = path.with_extension("dbf");
            let bytes = std::fs::read(&table).unwrap();
            std::fs::write(&table, &bytes[..bytes.len() - 100]).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&[".dbf", "cut off", "export it anew"]),
    },
    Case {
        trap: "a row without a shape",
        name: "建筑.shp",
        write: |path| {
            let sheet = buildings(&[(BASE, VALUES), ("-", &["4#", "12"])]);
            write("ESRI Shapefile", path, &["ENCODING=GBK"], &[sheet]);
        },
        declare: |_| {},
        expect: Expect::Refused(&["feature 1", "draws nothing", "draw its outline, or delete it"]),
    },
    Case {
        trap: "one building of two parts, one with a courtyard",
        name: "建筑.shp",
        write: |path| {
            let parts = "MULTIPOLYGON (((544900 4104200, 544940 4104200, 544940 4104215, 544900 4104215, 544900 4104200), \
                             (544910 4104205, 544910 4104210, 544920 4104210, 544920 4104205, 544910 4104205)), \
                             ((544950 4104200, 544960 4104200, 544960 4104210, 544950 4104210, 544950 4104200)))";
            write(
                "ESRI Shapefile",
                path,
                &["ENCODING=GBK"],
                &[Sheet { fields: FIELDS, ..buildings(&[(parts, VALUES)]) }],
            );
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            let base = &plan.buildings[0].base;
            assert_eq!(
                (base.0.len(), base.0.iter().map(|part| part.interiors().len()).sum::<usize>()),
                (2, 1)
            );
            assert!((base.unsigned_area() - 650.0).abs() < 1e-6);
        }),
    },
];
