use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the features of a layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// Parcels (宗地).
    Parcel,
    /// A table of permits (建设工程规划许可证).
    Permits,
    /// Building control lines (建筑控制线).
    ControlLine,
    /// Areas that the plan describes completely.
    Extent,
    /// Approved base outlines (基底范围线).
    Building,
    /// Approved outlines of other levels (变化层, 地下室).
    LevelOutline,
    /// Approved structures on roofs (屋面突出物).
    RoofStructure,
    /// Lawful existing buildings.
    Existing,
    /// Permitted temporary structures (临时建设).
    Temporary,
    /// Buildings that must go (应拆除).
    ToDemolish,
    /// Points that constrain the planning conditions (条件点).
    ConditionPoints,
    /// A table of storey heights (楼层高度).
    Storeys,
    /// A table of construction records (八录).
    Inspections,
    /// A table of distances to keep (退线, 间距).
    RequiredDistances,
    /// Known and of no use here.
    Ignore,
}

impl LayerKind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Parcel,
        Self::Permits,
        Self::ControlLine,
        Self::Extent,
        Self::Building,
        Self::LevelOutline,
        Self::RoofStructure,
        Self::Existing,
        Self::Temporary,
        Self::ToDemolish,
        Self::ConditionPoints,
        Self::Storeys,
        Self::Inspections,
        Self::RequiredDistances,
        Self::Ignore,
    ];

    /// The kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that layers of this name commonly have: to be proposed to a person, never to be taken for granted.
    pub fn commonly(layer: &str) -> Option<Self> {
        let known: BTreeMap<Self, Vec<String>> =
            toml::from_str(include_str!("../data/known_layers.toml")).unwrap_or_default();
        let named =
            known.iter().filter(|(_, names)| names.iter().any(|name| layer.eq_ignore_ascii_case(name)));
        named.map(|(kind, _)| *kind).next()
    }

    /// Whether its elements are areas.
    pub fn is_area(self) -> bool {
        self.is_drawn() && !matches!(self, Self::ControlLine | Self::ConditionPoints)
    }

    /// Whether its elements are drawn rather than rows of a table.
    pub fn is_drawn(self) -> bool {
        !matches!(
            self,
            Self::Permits | Self::Storeys | Self::Inspections | Self::RequiredDistances | Self::Ignore
        )
    }

    /// Name as written in layer maps and in the property `kind`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parcel => "parcel",
            Self::Permits => "permits",
            Self::ControlLine => "control_line",
            Self::Extent => "extent",
            Self::Building => "building",
            Self::LevelOutline => "level_outline",
            Self::RoofStructure => "roof_structure",
            Self::Existing => "existing",
            Self::Temporary => "temporary",
            Self::ToDemolish => "to_demolish",
            Self::ConditionPoints => "condition_points",
            Self::Storeys => "storeys",
            Self::Inspections => "inspections",
            Self::RequiredDistances => "required_distances",
            Self::Ignore => "ignore",
        }
    }

    /// Name as inspectors say it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Parcel => "宗地",
            Self::Permits => "规划许可证",
            Self::ControlLine => "建筑控制线",
            Self::Extent => "图册范围",
            Self::Building => "批准建筑",
            Self::LevelOutline => "分层轮廓",
            Self::RoofStructure => "屋面突出物",
            Self::Existing => "现状建筑",
            Self::Temporary => "临时建设",
            Self::ToDemolish => "应拆除",
            Self::ConditionPoints => "条件点",
            Self::Storeys => "楼层高度",
            Self::Inspections => "八录",
            Self::RequiredDistances => "退线间距要求",
            Self::Ignore => "不读取",
        }
    }

    /// Fields that elements of the kind may carry.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Parcel => &["project_no", "name", "land_permit_no", "site", "developer", "site_area_m2"],
            Self::Permits => PERMIT,
            Self::ControlLine => &["project_no"],
            Self::Extent | Self::Ignore => &[],
            Self::Building => BUILDING,
            Self::LevelOutline => &["building_no", "level", "storey"],
            Self::RoofStructure => &["building_no", "height_m"],
            Self::Existing => &["building_no", "storeys_above", "height_m"],
            Self::Temporary => &["permit_no", "expires_at", "height_m"],
            Self::ToDemolish => &["building_no", "deadline"],
            Self::ConditionPoints => &["point", "building_no"],
            Self::Storeys => &["building_no", "storey", "name", "approved_height_m", "measured_height_m"],
            Self::Inspections => &["building_no", "record", "storey", "applied_at", "passed_at"],
            Self::RequiredDistances => &["building_no", "from", "to", "least_m"],
        }
    }
}

const PERMIT: &[&str] = &[
    "permit_no",
    "permit_kind",
    "project_no",
    "designer",
    "approver",
    "approved_at",
    "expires_at",
    "gfa_total_m2",
    "gfa_above_m2",
    "gfa_below_m2",
    "base_area_m2",
    "far",
    "density",
    "green_ratio",
    "parking_total",
    "parking_above",
    "parking_below",
    "parking_bicycles",
    "units",
];

const BUILDING: &[&str] = &[
    "building_no",
    "permit_no",
    "permit_kind",
    "structure",
    "purpose",
    "phase",
    "storeys_above",
    "storeys_below",
    "height_m",
    "height_rule",
    "zero_level_m",
    "indoor_level_m",
    "outdoor_level_m",
    "top_level_m",
    "valid_from",
    "expires_at",
    "storey_heights",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_kind_and_common_layers_to_theirs() {
        assert!(LayerKind::ALL.iter().all(|kind| LayerKind::from_name(kind.name()) == Some(*kind)));
        assert_eq!(LayerKind::commonly("建筑物基底范围线"), Some(LayerKind::Building));
        assert_eq!(LayerKind::commonly("jmd_a"), Some(LayerKind::Existing));
        assert_eq!(LayerKind::commonly("图层1"), None);
    }
}
