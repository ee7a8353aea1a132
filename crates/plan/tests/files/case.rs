use std::path::{Path, PathBuf};

use geo::{Area, BoundingRect, MultiPolygon};
use plumbline_geodesy::{Crs, MapPoint};
use plumbline_plan::{Error, Plan, Reading, SourceSpec, Survey, read};
use tempfile::TempDir;

/// One awkward file: how it is written and declared, and what must come of it.
pub struct Case {
    /// The awkwardness, in words.
    pub trap: &'static str,
    /// File name.
    pub name: &'static str,
    pub write: fn(&Path),
    /// What is declared beyond the layer map; `None` declares nothing, not even a coordinate system.
    pub declare: fn(&mut SourceSpec),
    pub expect: Expect,
}

pub enum Expect {
    /// Read, and this holds.
    Read(fn(&Plan)),
    /// Refused with a message that says all of these, the last of them being the remedy.
    Refused(&'static [&'static str]),
}

/// Outlines of the table's drawings lie on the layer 建筑; richer files have them in a layer of the same name.
const MAP: &str = r#"
[layers."建筑"]
kind = "building"
also = ["㐀建筑", "building"]
[layers."建筑".fields]
building_no = ["楼号", "JZWMC", "楼幢号"]
height_m = ["总高", "ZGD", "建筑物总高"]
[layers."红线"]
kind = "parcel"
[layers."楼层高度"]
kind = "storeys"
fields = { building_no = "楼号", storey = "层号", approved_height_m = "层高" }
[layers."八录"]
kind = "inspections"
fields = { building_no = "楼号", record = "记录", applied_at = "申请", passed_at = "通过" }
"#;

/// What became of a case.
pub struct Outcome {
    pub row: String,
    pub fault: Option<String>,
}

impl Case {
    pub fn try_it(&self) -> Outcome {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join(self.name);
        (self.write)(&file);
        let map = dir.path().join("layers.toml");
        std::fs::write(&map, MAP).unwrap();
        let mut spec = SourceSpec { layer_map: Some(map), ..SourceSpec::new(&file, "EPSG:4547") };
        (self.declare)(&mut spec);
        let crs = Crs::new("EPSG:4547").unwrap();
        let place = Some(MapPoint { east: 544_893.0, north: 4_104_199.0, height: 70.0 });
        let read = read(&spec, &Survey { crs: &crs, place });
        let said = match &read {
            Ok(plan) => Self::understood(plan),
            Err(error) => Self::said(error, dir.path()),
        };
        let fault = self.fault(read.as_ref(), &said);
        let outcome = if read.is_ok() { "read" } else { "refused" };
        Outcome {
            row: format!("| {} | {} | {outcome} | {} |", self.trap, self.name, said.replace('|', "\\|")),
            fault,
        }
    }

    fn fault(&self, read: Result<&Plan, &Error>, said: &str) -> Option<String> {
        match (&self.expect, read) {
            (Expect::Read(check), Ok(plan)) => {
                let held = std::panic::catch_unwind(|| check(plan)).is_ok();
                (!held).then(|| format!("{}: read wrongly: {plan:#?}", self.trap))
            }
            (Expect::Refused(words), Err(_)) => {
                let missing = words.iter().find(|word| !said.contains(**word))?;
                Some(format!("{}: {said:?} does not say {missing:?}", self.trap))
            }
            (Expect::Read(_), Err(_)) => Some(format!("{}: refused: {said}", self.trap)),
            (Expect::Refused(_), Ok(_)) => Some(format!("{}: read: {said}", self.trap)),
        }
    }

    fn understood(plan: &Plan) -> String {
        let source = &plan.sources[0];
        let bases = plan.buildings.iter().map(|b| b.base.unsigned_area()).sum::<f64>();
        let u_m = if (source.u_m - 0.02).abs() < 1e-12 {
            String::new()
        } else {
            format!(", u {:.2} m", source.u_m)
        };
        let left: usize = source.understood.layers.iter().map(|layer| layer.left_out).sum();
        let left = if left == 0 { String::new() } else { format!(", {left} mark left out") };
        let reading = source.reading.declaration(&Reading::default()).replace('"', "");
        format!("buildings: {}, {bases:.1} m²; {reading}{u_m}{left}", plan.buildings.len())
    }

    fn said(error: &Error, folder: &Path) -> String {
        let folder: PathBuf = folder.to_owned();
        error.to_string().replace(&format!("{}/", folder.display()), "")
    }
}

/// The one building is 40 m x 15 m with its south-western corner at 544900, 4104200.
pub fn stands(plan: &Plan) {
    stands_within(plan, 0.002);
}

pub fn stands_within(plan: &Plan, tolerance_m: f64) {
    assert_eq!(plan.buildings.len(), 1);
    assert_base(&plan.buildings[0].base, tolerance_m);
}

/// The same with its attributes.
pub fn stands_by_name(plan: &Plan) {
    stands(plan);
    assert_eq!(plan.buildings[0].building_no, "3#");
    assert_eq!(plan.buildings[0].height_m, Some(18.9));
}

fn assert_base(base: &MultiPolygon<f64>, tolerance_m: f64) {
    let bounds = base.bounding_rect().unwrap();
    let corner = (bounds.min().x - 544_900.0).hypot(bounds.min().y - 4_104_200.0);
    let far = (bounds.max().x - 544_940.0).hypot(bounds.max().y - 4_104_215.0);
    assert!(corner < tolerance_m && far < tolerance_m, "{bounds:?}");
    assert!((base.unsigned_area() - 600.0).abs() < 60.0 * tolerance_m, "{}", base.unsigned_area());
}
