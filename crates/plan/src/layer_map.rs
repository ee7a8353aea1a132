use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the features of a layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// Parcels (宗地).
    Parcel,
    /// Building control lines (建筑控制线).
    ControlLine,
    /// Areas that the plan describes completely.
    Extent,
    /// Approved base outlines (基底范围线).
    Building,
    /// Approved structures on roofs (屋面突出物).
    RoofStructure,
    /// Lawful existing buildings.
    Existing,
    /// Permitted temporary structures (临时建设).
    Temporary,
    /// Buildings that must go (应拆除).
    ToDemolish,
    /// A table of storey heights (楼层高度).
    Storeys,
    /// A table of construction records (八录).
    Inspections,
    /// Known and of no use here.
    Ignore,
}

/// What each layer of one source means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerMap {
    /// By layer name in the source.
    pub layers: BTreeMap<String, MappedLayer>,
}

/// What one layer means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedLayer {
    /// What its features are.
    pub kind: LayerKind,
    /// Source field by field of the kind, such as `building_no = "楼号"`; a field without entry goes by its own name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}
