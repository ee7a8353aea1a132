use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Axes, LocalGrid, Register, Unit};

/// Registration uncertainty of a plan drawn in the coordinates it is declared in, metres (1 sigma).
const NATIVE_U_M: f64 = 0.02;

/// What a user says about one plan file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// The drawing or data set: .gpkg, .shp, .gdb, .dxf, .geojson, or a table of coordinates (.csv, .txt).
    pub file: PathBuf,
    /// System of its coordinates, such as "EPSG:4547" or "GCJ-02"; with `transform` or `register`, the system that these
    /// lead to. Left out: what the file itself states.
    #[serde(default)]
    pub crs: Option<String>,
    /// Layer map; may be absent when every feature says its `kind` itself.
    #[serde(default, alias = "layers")]
    pub layer_map: Option<PathBuf>,
    /// Version of the approval, as the planning office names it.
    #[serde(default)]
    pub version: String,
    /// First day on which the version counts.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// The version that took its place.
    #[serde(default)]
    pub superseded_by: Option<String>,
    /// Secrecy of the source (密级), opaque text that products inherit.
    #[serde(default)]
    pub classification: Option<String>,
    /// Registration uncertainty, metres (1 sigma); 0.02 unless given, more for digitised plans.
    #[serde(default = "native_u_m")]
    pub u_m: f64,
    /// Order of the coordinates. Left out: east first, unless the file says otherwise; a table must say it somewhere.
    #[serde(default)]
    pub axes: Option<Axes>,
    /// Unit of the coordinates. Left out: what the file states, or else metres.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// Encoding of its texts where the file does not state one, such as "GBK".
    #[serde(default)]
    pub encoding: Option<String>,
    /// Parameters of the local grid that the file is drawn in, if any, from the surveying office.
    #[serde(default)]
    pub transform: Option<LocalGrid>,
    /// What a file without a coordinate system is registered on.
    #[serde(default)]
    pub register: Option<Register>,
}

fn native_u_m() -> f64 {
    NATIVE_U_M
}

impl SourceSpec {
    /// A file in native coordinates of a system, without layer map.
    pub fn new(file: impl Into<PathBuf>, crs: &str) -> Self {
        Self { crs: Some(crs.to_owned()), ..Self::of(file) }
    }

    /// A file of which nothing is declared.
    pub fn of(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            crs: None,
            layer_map: None,
            version: String::new(),
            valid_from: None,
            superseded_by: None,
            classification: None,
            u_m: NATIVE_U_M,
            axes: None,
            unit: None,
            encoding: None,
            transform: None,
            register: None,
        }
    }
}
