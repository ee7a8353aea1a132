use encoding_rs::{GB18030, GBK, UTF_8};
use geo::Area;
use plumbline_plan::Unit;

use crate::case::{Case, Expect, stands, stands_within};
use crate::dxf::Drawing;

const BASE: [(f64, f64); 4] =
    [(544_900.0, 4_104_200.0), (544_940.0, 4_104_200.0), (544_940.0, 4_104_215.0), (544_900.0, 4_104_215.0)];

fn in_millimetres() -> Vec<(f64, f64)> {
    BASE.iter().map(|(x, y)| (1000.0 * x, 1000.0 * y)).collect()
}

pub const CASES: &[&[Case]] = &[ENCODINGS, UNITS, OUTLINES, CONTENTS, DAMAGED];

const ENCODINGS: &[Case] = &[
    Case {
        trap: "layer names in GBK (R2000, ANSI_936)",
        name: "gbk.dxf",
        write: |path| {
            std::fs::write(path, Drawing::r2000().polyline("建筑", &BASE).in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "UTF-8 under a header that says ANSI_936 (R2007)",
        name: "r2007.dxf",
        write: |path| {
            let drawing = Drawing::new("AC1021").code_page("ANSI_936").polyline("建筑", &BASE);
            std::fs::write(path, drawing.in_encoding(UTF_8)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "characters of four bytes (GB 18030) under ANSI_936",
        name: "four.dxf",
        write: |path| {
            std::fs::write(path, Drawing::r2000().polyline("㐀建筑", &BASE).in_encoding(GB18030)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: r"escapes `\M+5…` and `\U+…` in layer names",
        name: "escapes.dxf",
        write: |path| {
            let drawing = Drawing::r2000().polyline(r"\M+5BDA8\M+5D6FE", &BASE).polyline(
                r"\U+7EA2\U+7EBF",
                &[(544_880.0, 4_104_180.0), (544_960.0, 4_104_180.0), (544_960.0, 4_104_240.0)],
            );
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            stands(plan);
            assert_eq!(plan.parcels.len(), 1);
        }),
    },
    Case {
        trap: "GBK under a header that says ANSI_1252",
        name: "ansi1252.dxf",
        write: |path| {
            let drawing = Drawing::new("AC1015").code_page("ANSI_1252").polyline("建筑", &BASE);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["½¨Öþ", "建筑", "$DWGCODEPAGE", "encoding = \"gb18030\""]),
    },
    Case {
        trap: "the same, after a person has looked (encoding = GBK)",
        name: "declared.dxf",
        write: |path| {
            let drawing = Drawing::new("AC1015").code_page("ANSI_1252").polyline("建筑", &BASE);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |spec| spec.encoding = Some("GBK".to_owned()),
        expect: Expect::Read(stands),
    },
    Case {
        trap: "no code page at all",
        name: "silent.dxf",
        write: |path| {
            std::fs::write(path, Drawing::new("AC1015").polyline("建筑", &BASE).in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
];

const UNITS: &[Case] = &[
    Case {
        trap: "millimetres, stated ($INSUNITS 4)",
        name: "mm.dxf",
        write: |path| {
            let drawing = Drawing::r2000().units(4).polyline("建筑", &in_millimetres());
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            stands(plan);
            assert_eq!(plan.sources[0].reading.unit, Unit::Millimetre);
        }),
    },
    Case {
        trap: "millimetres, unit unset",
        name: "mm_unset.dxf",
        write: |path| {
            std::fs::write(path, Drawing::r2000().polyline("建筑", &in_millimetres()).in_encoding(GBK))
                .unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["feature 0", "EPSG:4547", "unit = \"mm\""]),
    },
    Case {
        trap: "metres under a header that says millimetres",
        name: "m_as_mm.dxf",
        write: |path| {
            let drawing = Drawing::r2000().units(4).polyline("建筑", &BASE);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["where that system is not used", "unit = \"m\" would put it"]),
    },
    Case {
        trap: "the same, after a person has looked (unit = m)",
        name: "m_declared.dxf",
        write: |path| {
            let drawing = Drawing::r2000().units(4).polyline("建筑", &BASE);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |spec| spec.unit = Some(Unit::Metre),
        expect: Expect::Read(stands),
    },
    Case {
        trap: "inches ($INSUNITS 1)",
        name: "inches.dxf",
        write: |path| {
            let drawing = Drawing::r2000().units(1).polyline("建筑", &BASE);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["$INSUNITS", "set the unit of the drawing"]),
    },
];

const OUTLINES: &[Case] = &[
    Case {
        trap: "unclosed polyline that misses its start by 1 cm",
        name: "slip.dxf",
        write: |path| {
            let corners = [BASE[0], BASE[1], BASE[2], BASE[3], (544_900.0, 4_104_200.01)];
            std::fs::write(path, Drawing::r2000().open_polyline("建筑", &corners).in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| stands_within(plan, 0.02)),
    },
    Case {
        trap: "unclosed polyline that misses its start by 0.8 m",
        name: "open.dxf",
        write: |path| {
            let corners = [BASE[0], BASE[1], BASE[2], BASE[3], (544_900.0, 4_104_200.8)];
            std::fs::write(path, Drawing::r2000().open_polyline("建筑", &corners).in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["0.800 m", "4104200.800", "close it in the drawing"]),
    },
    Case {
        trap: "four loose lines, in no order",
        name: "lines.dxf",
        write: |path| {
            let drawing = Drawing::r2000()
                .line("建筑", BASE[0], BASE[1])
                .line("建筑", BASE[3], BASE[2])
                .line("建筑", BASE[3], BASE[0])
                .line("建筑", BASE[2], BASE[1]);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "loose lines, two of which go on from one corner",
        name: "fork.dxf",
        write: |path| {
            let drawing = Drawing::r2000()
                .line("建筑", BASE[0], BASE[1])
                .line("建筑", BASE[1], BASE[2])
                .line("建筑", BASE[1], (544_960.0, 4_104_200.0))
                .line("建筑", BASE[2], BASE[3])
                .line("建筑", BASE[3], BASE[0]);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["several lines", "544940.000", "join each outline into a closed polyline"]),
    },
    Case {
        trap: "a wall that is an arc (bulge)",
        name: "bulge.dxf",
        write: |path| {
            let drawing = Drawing::r2000().bulged("建筑", &BASE, &[0.0, 1.0, 0.0, 0.0]);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            let half_disc = std::f64::consts::PI * 7.5 * 7.5 / 2.0;
            assert!((plan.buildings[0].base.unsigned_area() - 600.0 - half_disc).abs() < 0.02);
        }),
    },
    Case {
        trap: "a round building (circle)",
        name: "circle.dxf",
        write: |path| {
            let drawing = Drawing::r2000().circle("建筑", (544_920.0, 4_104_210.0), 10.0);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            let disc = std::f64::consts::PI * 100.0;
            assert!((plan.buildings[0].base.unsigned_area() - disc).abs() < 0.05);
        }),
    },
    Case {
        trap: "a bow-tie: an outline that crosses itself",
        name: "bow.dxf",
        write: |path| {
            let bow = [BASE[0], BASE[2], BASE[1], BASE[3]];
            std::fs::write(path, Drawing::r2000().polyline("建筑", &bow).in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["no valid area", "repair the drawing"]),
    },
];

const CONTENTS: &[Case] = &[
    Case {
        trap: "a block, inserted at twice its width",
        name: "block.dxf",
        write: |path| {
            let unit: [(f64, f64); 4] = [(0.0, 0.0), (20.0, 0.0), (20.0, 15.0), (0.0, 15.0)];
            let drawing =
                Drawing::r2000().block("B", 0, &[("0", &unit)]).insert("建筑", "B", BASE[0], (2.0, 1.0));
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "a block whose parts lie on layers of their own",
        name: "parts.dxf",
        write: |path| {
            let outline: [(f64, f64); 4] = [(0.0, 0.0), (40.0, 0.0), (40.0, 15.0), (0.0, 15.0)];
            let stair: [(f64, f64); 4] = [(1.0, 1.0), (4.0, 1.0), (4.0, 4.0), (1.0, 4.0)];
            let drawing = Drawing::r2000().block("B", 0, &[("0", &outline), ("楼梯", &stair)]).insert(
                "建筑",
                "B",
                BASE[0],
                (1.0, 1.0),
            );
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            stands(plan);
            assert_eq!(plan.sources[0].understood.unmapped, [("楼梯".to_owned(), 1)]);
        }),
    },
    Case {
        trap: "a reference to another drawing (xref)",
        name: "xref.dxf",
        write: |path| {
            let drawing = Drawing::r2000().block("总图", 4, &[]).polyline("建筑", &BASE).insert(
                "0",
                "总图",
                (0.0, 0.0),
                (1.0, 1.0),
            );
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["总图", "bind or detach"]),
    },
    Case {
        trap: "a hatch for an outline",
        name: "hatch.dxf",
        write: |path| std::fs::write(path, Drawing::r2000().hatch("建筑", &BASE).in_encoding(GBK)).unwrap(),
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "corners with heights (3D polyline)",
        name: "z.dxf",
        write: |path| {
            std::fs::write(path, Drawing::r2000().polyline_3d("建筑", &BASE, 63.45).in_encoding(GBK))
                .unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(stands),
    },
    Case {
        trap: "texts among the outlines, and a layer nobody maps",
        name: "texts.dxf",
        write: |path| {
            let drawing = Drawing::r2000()
                .polyline("建筑", &BASE)
                .text("建筑", BASE[0], "3#楼")
                .polyline("绿地", &BASE);
            std::fs::write(path, drawing.in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Read(|plan| {
            stands(plan);
            let understood = &plan.sources[0].understood;
            assert_eq!((understood.layers[0].left_out, understood.unmapped.len()), (1, 1));
        }),
    },
    Case {
        trap: "no layer that the map knows",
        name: "unmapped.dxf",
        write: |path| {
            std::fs::write(path, Drawing::r2000().polyline("图层1", &BASE).in_encoding(GBK)).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["图层1", "write a layer map"]),
    },
];

const DAMAGED: &[Case] = &[
    Case {
        trap: "a coordinate that is no number",
        name: "infinite.dxf",
        write: |path| {
            let drawing = Drawing::r2000().polyline("建筑", &BASE);
            let text = String::from_utf8_lossy(&drawing.in_encoding(UTF_8)).replace("4104215\n", "1e999\n");
            std::fs::write(path, GBK.encode(&text).0).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["no number", "correct it in the drawing"]),
    },
    Case {
        trap: "cut off in the middle of an outline",
        name: "cut.dxf",
        write: |path| {
            let bytes = Drawing::r2000().polyline("建筑", &BASE).in_encoding(GBK);
            std::fs::write(path, &bytes[..bytes.len() - 60]).unwrap();
        },
        declare: |_| {},
        expect: Expect::Refused(&["cut off", "EOF", "copy or export it anew"]),
    },
    Case {
        trap: "an empty file",
        name: "empty.dxf",
        write: |path| std::fs::write(path, "").unwrap(),
        declare: |_| {},
        expect: Expect::Refused(&["cut off", "export it anew"]),
    },
    Case {
        trap: "a DWG called .dxf",
        name: "dwg.dxf",
        write: |path| std::fs::write(path, b"AC1032\0\0\0\0\0\0").unwrap(),
        declare: |_| {},
        expect: Expect::Refused(&["DWG", "save it as an ASCII DXF"]),
    },
];
