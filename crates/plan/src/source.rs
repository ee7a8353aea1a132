use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{LayerKind, LocalGrid};

/// Registration uncertainty of a plan drawn in the coordinates it is declared in, metres (1 sigma).
const NATIVE_U_M: f64 = 0.02;

/// What a user says about one plan file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceSpec {
    /// The drawing or data set: .gpkg, .shp, .dxf or .geojson.
    pub file: PathBuf,
    /// System of its coordinates, such as "EPSG:4547"; with `transform`, the system that the transform leads to.
    pub crs: String,
    /// Layer map; may be absent when every feature says its `kind` itself.
    #[serde(default, alias = "layers")]
    pub layer_map: Option<PathBuf>,
    /// Version of the approval, as the planning office names it.
    #[serde(default)]
    pub version: String,
    /// Registration uncertainty, metres (1 sigma); 0.02 unless given, more for digitised or fitted plans.
    #[serde(default = "native_u_m")]
    pub u_m: f64,
    /// Parameters of the local grid that the file is drawn in, if any.
    #[serde(default)]
    pub transform: Option<LocalGrid>,
}

fn native_u_m() -> f64 {
    NATIVE_U_M
}

impl SourceSpec {
    /// A file in native coordinates of a system, without layer map.
    pub fn new(file: impl Into<PathBuf>, crs: &str) -> Self {
        Self {
            file: file.into(),
            crs: crs.to_owned(),
            layer_map: None,
            version: String::new(),
            u_m: NATIVE_U_M,
            transform: None,
        }
    }
}

/// One plan file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of its bytes, hexadecimal (of the .shp for a Shapefile).
    pub sha256: String,
    /// System of its coordinates as declared.
    pub crs: String,
    /// Version of the approval.
    pub version: String,
    /// Registration uncertainty, metres (1 sigma).
    pub u_m: f64,
    /// What was understood of it.
    pub understood: Understood,
}

/// What a reader made of a file, for people to check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Layers of the file that the map names, in file order.
    pub layers: Vec<LayerCount>,
    /// Layers of the file that nothing names, with their number of features: not read.
    pub unmapped: Vec<(String, usize)>,
    /// Layers of the map that the file does not have.
    pub absent: Vec<String>,
}

/// One layer and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerCount {
    /// Name in the file.
    pub layer: String,
    /// What its features are.
    pub kind: LayerKind,
    /// Elements read.
    pub elements: usize,
    /// Features left out: texts and empty geometries.
    pub left_out: usize,
}

/// Where an element came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Index into [`Plan::sources`](crate::Plan::sources).
    pub source_idx: usize,
    /// Layer name in the file.
    pub layer: String,
    /// Feature number within the layer, as GDAL gives it.
    pub feature_id: u64,
}
