use geo::Polygon;
use serde::{Deserialize, Serialize};

/// What changed, as far as surfaces and colours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeClass {
    /// A structure where there was ground.
    NewStructure,
    /// A structure that grew over most of its outline.
    Heightened,
    /// A structure that lost height and still stands.
    Lowered,
    /// A structure that is gone.
    Demolished,
    /// Something new on a part of a roof.
    RoofAddition,
    /// Ground dug away or heaped up.
    Earthwork,
    /// Plants grown, cut or in another season.
    Vegetation,
    /// A vehicle, crane, container or stack of material: small or thin.
    Temporary,
    /// None of these with confidence.
    Unknown,
}

/// A connected area whose height changed beyond the level of detection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeRegion {
    /// Regularised outline, east and north in the survey CRS, metres.
    pub outline: Polygon<f64>,
    /// Position of the outline's edges, metres (1 sigma).
    pub edge_sigma_m: f64,
    /// Area of the changed cells, square metres.
    pub area_m2: f64,
    /// Standard uncertainty of the area, square metres: perimeter times edge sigma.
    pub area_sigma_m2: f64,
    /// Dominant change of height (mode of the histogram), metres, up positive.
    pub height_change_m: f64,
    /// Standard uncertainty of the dominant change, metres.
    pub height_change_sigma_m: f64,
    /// Dominant height above the ground before, metres.
    pub height_before_m: f64,
    /// Dominant height above the ground after, metres.
    pub height_above_ground_m: f64,
    /// Volume of the change, cubic metres, signed.
    pub volume_m3: f64,
    /// Robust roughness of the new surface about a local plane, metres.
    pub roughness_m: f64,
    /// Share of green cells, 0 to 1, in the epoch where the thing stands; `None` without an orthophoto.
    pub greenness: Option<f64>,
    /// Share of the border, 0 to 1, along which it cannot be seen where the thing ends, as something higher stands there
    /// on both dates: the wall or the eaves that an annex leans on.
    pub blind_border: f64,
    /// What it is taken for.
    pub class: ChangeClass,
}
