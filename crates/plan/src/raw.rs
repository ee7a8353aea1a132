//! Files as layers of plain features, whatever their format.

use geo::Geometry;

use crate::{Axes, Unit};

/// A file before anybody says what its layers mean.
#[derive(Debug, Default)]
pub(crate) struct RawFile {
    pub layers: Vec<RawLayer>,
    /// How its texts are encoded, and who says so.
    pub encoding: String,
    /// Unit of length that the file itself states.
    pub unit: Option<Unit>,
    /// Order of axes that the file itself states.
    pub axes: Option<Axes>,
    /// Whether somebody must say the order of axes, as nothing makes one of them usual.
    pub needs_axes: bool,
    /// Whether features are drawn without attributes, as in a DXF.
    pub is_drawing: bool,
}

/// A layer of a file.
#[derive(Debug)]
pub(crate) struct RawLayer {
    pub name: String,
    /// Names of its fields, in file order.
    pub fields: Vec<String>,
    pub features: Vec<RawFeature>,
    /// System that the file itself states: an authority's code such as "EPSG:4547", or well-known text.
    pub stated_crs: Option<String>,
    /// Whether features come with few attributes or none, so that a layer map for richer files may name what is not there.
    pub is_bare: bool,
}

/// A feature with its attributes as text.
#[derive(Debug)]
pub(crate) struct RawFeature {
    pub id: u64,
    /// One for each field of the layer.
    pub values: Vec<Option<String>>,
    pub shape: RawShape,
}

/// What a feature draws.
#[derive(Debug)]
pub(crate) enum RawShape {
    /// Nothing.
    Absent,
    Drawn(Geometry<f64>),
    /// Something that no area, line or point can be made of, by its name.
    Foreign(String),
}

impl RawFeature {
    /// What it draws, where that can be read.
    pub fn geometry(&self) -> Option<&Geometry<f64>> {
        match &self.shape {
            RawShape::Drawn(geometry) => Some(geometry),
            _ => None,
        }
    }
}
