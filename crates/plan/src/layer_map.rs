use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Error;

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

impl LayerKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Parcel,
        Self::ControlLine,
        Self::Extent,
        Self::Building,
        Self::RoofStructure,
        Self::Existing,
        Self::Temporary,
        Self::ToDemolish,
        Self::Storeys,
        Self::Inspections,
        Self::Ignore,
    ];

    /// The kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether elements of the kind are drawn at all, rather than rows of a table.
    pub(crate) fn is_drawn(self) -> bool {
        !matches!(self, Self::Storeys | Self::Inspections | Self::Ignore)
    }

    /// Whether elements of the kind enclose an area.
    pub(crate) fn is_area(self) -> bool {
        self.is_drawn() && self != Self::ControlLine
    }

    /// Name as written in layer maps and in the property `kind`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parcel => "parcel",
            Self::ControlLine => "control_line",
            Self::Extent => "extent",
            Self::Building => "building",
            Self::RoofStructure => "roof_structure",
            Self::Existing => "existing",
            Self::Temporary => "temporary",
            Self::ToDemolish => "to_demolish",
            Self::Storeys => "storeys",
            Self::Inspections => "inspections",
            Self::Ignore => "ignore",
        }
    }

    /// Fields that elements of the kind may carry.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Parcel => &["project_no", "name"],
            Self::ControlLine => &["project_no"],
            Self::Extent | Self::Ignore => &[],
            Self::Building => &[
                "building_no",
                "permit_no",
                "permit_kind",
                "storeys_above",
                "height_m",
                "zero_level_m",
                "valid_from",
                "expires_at",
                "storey_heights",
            ],
            Self::RoofStructure => &["building_no", "height_m"],
            Self::Existing => &["building_no", "storeys_above", "height_m"],
            Self::Temporary => &["permit_no", "expires_at", "height_m"],
            Self::ToDemolish => &["building_no", "deadline"],
            Self::Storeys => &["building_no", "storey", "name", "approved_height_m"],
            Self::Inspections => &["building_no", "record", "storey", "applied_at", "passed_at"],
        }
    }
}

impl LayerMap {
    /// Reads a layer map from a TOML file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        toml::from_str(&text)
            .map_err(|source| Error::LayerMap { path: path.to_owned(), source: Box::new(source) })
    }
}

impl MappedLayer {
    /// Refuses fields that the kind does not have, and source fields that the layer does not have.
    pub(crate) fn check(&self, path: &Path, layer: &str, known: &[String]) -> Result<(), Error> {
        for (field, source) in &self.fields {
            let (path, layer) = (path.to_owned(), layer.to_owned());
            if !self.kind.fields().contains(&field.as_str()) {
                let (kind, known) = (self.kind.name(), self.kind.fields().join(", "));
                return Err(Error::UnknownField { path, layer, kind, field: field.clone(), known });
            }
            // Drawings carry no attributes; the map of a richer format serves them too.
            if !known.is_empty() && !known.contains(source) {
                return Err(Error::MissingField {
                    path,
                    layer,
                    field: source.clone(),
                    known: known.join(", "),
                });
            }
        }
        Ok(())
    }
}
