//! What the program made of a flight, held against the truth.

use std::collections::BTreeMap;
use std::path::Path;

use plumbline_camera::Camera;
use plumbline_fixtures::PhotoFile;
use plumbline_geodesy::{MapPoint, SurveyFrame};
use plumbline_scene::View;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Flight;
use crate::site::{json, plumbline};

/// Height of the flights above the ground, metres; what stands there brings the median of the points a little nearer.
const HEIGHT_M: (f64, f64) = (75.0, 87.0);
/// Error of an attitude that still counts as right, radians: a degree and a half.
const ROTATION: f64 = 0.026;

/// Errors may be so many times the claimed standard uncertainty.
const CLAIMED: f64 = 3.0;
/// Height of a tower by which an error of scale is judged, metres.
const TOWER_M: f64 = 30.0;

/// How a command ended.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there are a handful of them")]
pub enum Outcome {
    /// Nothing was placed; with the reason.
    Refused(String),
    /// Photos were placed.
    Placed(Placed),
}

/// A placed flight beside its truth.
#[derive(Debug)]
pub struct Placed {
    /// The placed photos: how far from the truth, metres and radians.
    pub errors: BTreeMap<String, (f64, f64)>,
    /// Photos that were left out, with the reason.
    pub left_out: BTreeMap<String, String>,
    /// Where the cameras are on the map.
    pub cameras: BTreeMap<String, MapPoint>,
    /// What heights are said to be counted from.
    pub heights: Value,
    /// The page that tells how the photos were placed.
    pub page: String,
    /// Everything that is said to people.
    pub remarks: String,
    /// Median distance of the points from the cameras, metres.
    pub height_m: f64,
    /// Standard uncertainty of horizontal positions that the program claims, metres; infinite where it claims nothing.
    pub claimed_m: f64,
    /// Standard uncertainty of absolute heights that the program claims, metres; none where it claims nothing.
    pub claimed_z_m: Option<f64>,
    /// Standard uncertainty of heights above one another that the program claims, metres.
    pub claimed_height_m: f64,
}

impl Outcome {
    /// Runs a command of the program on a flight that has been written.
    pub fn of(command: &str, flight: &Flight, out: &Path) -> Self {
        let mut program = plumbline();
        program.arg(command).arg(flight.folder()).arg("--out").arg(out);
        let output = program.arg("--crs").arg(flight.crs).args(&flight.arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        if output.status.success() {
            Self::Placed(Placed::read(flight, out))
        } else {
            assert!(said.contains("error 错误"), "refused without a word: {said}");
            Self::Refused(said)
        }
    }

    /// Asserts that the flight was refused with these words.
    pub fn refused(&self, words: &str) {
        match self {
            Self::Refused(said) => assert!(said.contains(words), "{said}"),
            Self::Placed(placed) => panic!("not refused: {placed:#?}"),
        }
    }

    /// Asserts that the flight was refused with these words, or placed with them and claims no more than is true.
    pub fn refused_or_doubted(&self, words: &str) {
        match self {
            Self::Refused(_) => self.refused(words),
            Self::Placed(placed) => {
                placed.saying(words).within(CLAIMED * placed.claimed_m);
                let off = (placed.height_m / placed.height_m.clamp(HEIGHT_M.0, HEIGHT_M.1) - 1.0).abs();
                assert!(TOWER_M * off <= CLAIMED * placed.claimed_height_m, "{placed:#?}");
            }
        }
    }

    /// The placed flight.
    pub fn placed(self) -> Placed {
        match self {
            Self::Placed(placed) => placed,
            Self::Refused(said) => panic!("refused: {said}"),
        }
    }
}

impl Placed {
    fn read(flight: &Flight, out: &Path) -> Self {
        let block = json(&out.join("epochs/flight/block.json"));
        let run = json(&out.join("run.json"));
        let frame: SurveyFrame = typed(&block["block"]["frame"]);
        let cameras: Vec<Camera> = typed(&block["block"]["cameras"]);
        let views: Vec<View> = typed(&block["block"]["views"]);
        let left_out = block["left_out"].as_array().unwrap().iter();
        let placed = Self {
            errors: views.iter().map(|view| (view.name.clone(), error(flight, &frame, view))).collect(),
            cameras: views.iter().map(|view| (view.name.clone(), place(&frame, view))).collect(),
            heights: block["heights"].clone(),
            page: std::fs::read_to_string(out.join("epochs/flight/block.html")).unwrap(),
            left_out: left_out
                .map(|l| (l["photo"].as_str().unwrap().to_owned(), l["reason"].to_string()))
                .collect(),
            remarks: [&block["report"]["remarks"], &block["report"]["ground"], &run["undecided"]]
                .map(Value::to_string)
                .concat(),
            height_m: block["gsd_m"].as_f64().unwrap() * cameras[views[0].camera_idx].focal_px,
            claimed_m: block["report"]["quality"]["u_xy_m"].as_f64().unwrap_or(f64::INFINITY),
            claimed_z_m: block["report"]["quality"]["u_z_m"].as_f64(),
            claimed_height_m: block["report"]["quality"]["u_height_m"].as_f64().unwrap_or(f64::INFINITY),
        };
        for PhotoFile { name, .. } in &flight.card.photos {
            assert!(
                placed.errors.contains_key(name) != placed.left_out.contains_key(name),
                "{name}: {placed:#?}"
            );
        }
        placed
    }

    /// Asserts that every placed photo lies within `tolerance_m` of the truth and looks where it looked, and that heights
    /// have the right scale.
    pub fn right(&self, tolerance_m: f64) -> &Self {
        self.within(tolerance_m);
        let good = |&(_, radians): &(f64, f64)| radians < ROTATION;
        assert!(self.errors.values().all(good), "{self:#?}");
        assert!((HEIGHT_M.0..HEIGHT_M.1).contains(&self.height_m), "{self:#?}");
        self
    }

    /// Asserts that every placed photo lies within `tolerance_m` of the truth.
    pub fn within(&self, tolerance_m: f64) -> &Self {
        assert!(self.errors.values().all(|&(metres, _)| metres < tolerance_m), "{self:#?}");
        self
    }

    /// Asserts that so many photos were placed.
    pub fn with(&self, photos: usize) -> &Self {
        assert_eq!(self.errors.len(), photos, "{self:#?}");
        self
    }

    /// Asserts that exactly these photos were left out, each with a reason in both languages.
    pub fn without(&self, names: &[&str]) -> &Self {
        assert!(self.left_out.keys().eq(names), "{self:#?}");
        assert!(self.left_out.values().all(|reason| reason.contains("\"zh\"") && reason.contains("\"en\"")));
        self
    }

    /// Asserts that a photo is left out or spoken of.
    pub fn naming(&self, name: &str) -> &Self {
        assert!(self.left_out.contains_key(name) || self.remarks.contains(name), "{self:#?}");
        self
    }

    /// Asserts that people are told these words.
    pub fn saying(&self, words: &str) -> &Self {
        assert!(self.remarks.contains(words), "{self:#?}");
        self
    }
}

/// Where a placed camera is on the map.
fn place(frame: &SurveyFrame, view: &View) -> MapPoint {
    frame.map_from_world(&view.cam_from_world.center())
}

/// How far a placed photo lies from the truth, metres and radians.
fn error(flight: &Flight, frame: &SurveyFrame, view: &View) -> (f64, f64) {
    let truth = flight.card.views.iter().find(|truth| truth.name == view.name).unwrap().cam_from_world;
    let placed = view.cam_from_world;
    let center = flight.card.frame.world_from_map(&place(frame, view));
    ((center - truth.center()).norm(), placed.rotation.angle_to(&truth.rotation))
}

fn typed<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}
