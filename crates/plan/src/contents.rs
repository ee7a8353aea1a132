use std::collections::BTreeMap;

use geo::{BoundingRect, CoordsIter, Geometry, MultiPoint, Rect};
use serde::Serialize;

use crate::proposal::{Evidence, proposals};
use crate::raw::{RawFile, RawLayer, RawShape};
use crate::read::{layer_map, open};
use crate::registering::{corners_of, known_outlines};
use crate::{Axes, Error, LayerKind, LayerMap, Proposal, Reading, SourceSpec, Survey, Unit};

/// What is in a file, before anybody says what it means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contents {
    /// How its texts are encoded, and who says so.
    pub encoding: String,
    /// Unit that the file states.
    pub unit: Option<Unit>,
    /// Order of axes that the file states.
    pub axes: Option<Axes>,
    /// Its layers, in file order.
    pub layers: Vec<LayerContents>,
}

/// What is in a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerContents {
    /// Its name.
    pub name: String,
    /// Number of features.
    pub features: usize,
    /// What they draw, by the name of the geometry; `nothing` for rows of a table.
    pub drawn: BTreeMap<String, usize>,
    /// Its fields.
    pub fields: Vec<String>,
    /// Coordinate system that the file states for it.
    pub stated_crs: Option<String>,
    /// Around everything drawn, in the file's own numbers.
    pub extent: Option<Rect<f64>>,
    /// What the layer map says it is.
    pub mapped: Option<LayerKind>,
    /// What layers of this name commonly are, where the map says nothing: a proposal.
    pub proposed: Option<LayerKind>,
}

impl Contents {
    /// Looks into a file.
    pub fn of(spec: &SourceSpec) -> Result<Self, Error> {
        let map = layer_map(spec)?;
        let file = open(spec, &map)?;
        let layers = file.layers.iter().map(|layer| contents_of(layer, &map)).collect();
        Ok(Self { encoding: file.encoding, unit: file.unit, axes: file.axes, layers })
    }
}

fn contents_of(layer: &RawLayer, map: &LayerMap) -> LayerContents {
    let mut drawn = BTreeMap::new();
    for feature in &layer.features {
        let name = match &feature.shape {
            RawShape::Absent => "nothing",
            RawShape::Foreign(name) => name,
            RawShape::Drawn(geometry) => geometry_name(geometry),
        };
        *drawn.entry(name.to_owned()).or_default() += 1;
    }
    let corners: MultiPoint<f64> = all_corners(layer).collect();
    let mapped = map.entry(&layer.name).map(|entry| entry.kind);
    LayerContents {
        name: layer.name.clone(),
        features: layer.features.len(),
        drawn,
        fields: layer.fields.clone(),
        stated_crs: layer.stated_crs.clone(),
        extent: corners.bounding_rect(),
        mapped,
        proposed: if mapped.is_none() { LayerKind::commonly(&layer.name) } else { None },
    }
}

fn all_corners(layer: &RawLayer) -> impl Iterator<Item = geo::Coord<f64>> {
    let geometries = layer.features.iter().filter_map(|feature| feature.geometry());
    geometries.flat_map(CoordsIter::coords_iter).filter(|c| c.x.is_finite() && c.y.is_finite())
}

fn geometry_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => "point",
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "line",
        Geometry::GeometryCollection(_) => "collection",
        _ => "area",
    }
}

/// Corners of the file that readings are tried on.
const CORNERS: usize = 200;

/// Readings that put a file on the survey's map, the nearest first, for a person to confirm. `against` is a file of outlines
/// that are known to be where they are; without one, residuals only tell the right town, not the right metre.
pub fn propose(
    spec: &SourceSpec,
    survey: &Survey<'_>,
    against: Option<&std::path::Path>,
) -> Result<Vec<Proposal>, Error> {
    let map = layer_map(spec)?;
    let file = open(spec, &map)?;
    let corners = sample(&file, &map);
    let known = against.map(|path| known_outlines(path, survey.crs.definition())).transpose()?;
    let known = corners_of(&known.unwrap_or_default());
    let reading = Reading {
        crs: spec.crs.clone().unwrap_or_else(|| survey.crs.definition().to_owned()),
        axes: spec.axes.or(file.axes).unwrap_or_default(),
        unit: spec.unit.or(file.unit).unwrap_or_default(),
    };
    Ok(proposals(&Evidence { corners: &corners, known: &known, reading: &reading }, survey))
}

/// Some corners, of mapped layers where there are any.
fn sample(file: &RawFile, map: &LayerMap) -> Vec<geo::Coord<f64>> {
    let is_any_mapped = file.layers.iter().any(|layer| map.entry(&layer.name).is_some());
    let wanted = || file.layers.iter().filter(|layer| !is_any_mapped || map.entry(&layer.name).is_some());
    let every = (wanted().flat_map(all_corners).count() / CORNERS).max(1);
    wanted().flat_map(all_corners).step_by(every).collect()
}
