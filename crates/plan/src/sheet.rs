use std::collections::BTreeMap;
use std::path::Path;

use geo::{BoundingRect, CoordsIter, Geometry, MultiPoint, Polygon, Rect};

use crate::draft::Draft;
use crate::linework::{Shapes, rings};
use crate::raw::{RawFeature, RawLayer, RawShape};
use crate::row::Row;
use crate::to_survey::ToSurvey;
use crate::{Error, LayerCount, LayerKind, LayerMap};

/// Property in which features say their own kind.
const KIND_FIELD: &str = "kind";
/// What to do about one feature that lies elsewhere than those before it.
const MOVE: &str = "those before it lie where they may: move it, or delete it";
const KINDS: &str = "one of the kinds that layer maps know";
static NOTHING: BTreeMap<String, String> = BTreeMap::new();

/// Features of one layer that are of one kind.
pub(crate) struct Sheet<'a> {
    pub layer: &'a RawLayer,
    pub kind: LayerKind,
    path: &'a Path,
    /// Source field by field of the kind.
    names: BTreeMap<String, String>,
    constants: &'a BTreeMap<String, String>,
    features: Vec<&'a RawFeature>,
}

/// What a layer holds: one sheet by the map, or one for each kind that its features name; none when it means nothing.
pub(crate) fn sheets<'a>(
    path: &'a Path,
    layer: &'a RawLayer,
    map: &'a LayerMap,
) -> Result<Vec<Sheet<'a>>, Error> {
    if let Some(entry) = map.entry(&layer.name) {
        let names = entry.names(path, layer)?;
        let features = layer.features.iter().collect();
        return Ok(vec![Sheet { layer, kind: entry.kind, path, names, constants: &entry.values, features }]);
    }
    if !layer.fields.iter().any(|field| field == KIND_FIELD) {
        return Ok(Vec::new());
    }
    let mut by_kind: BTreeMap<LayerKind, Vec<&RawFeature>> = BTreeMap::new();
    for feature in &layer.features {
        let (names, constants) = (&NOTHING, &NOTHING);
        let row = Row { path, layer: &layer.name, fields: &layer.fields, feature, names, constants };
        let kind = row.required(KIND_FIELD, row.parsed(KIND_FIELD, KINDS, LayerKind::from_name)?)?;
        by_kind.entry(kind).or_default().push(feature);
    }
    let sheet =
        |(kind, features)| Sheet { layer, kind, path, names: BTreeMap::new(), constants: &NOTHING, features };
    Ok(by_kind.into_iter().map(sheet).collect())
}

/// What becomes of the sheets of one file while they are read.
pub(crate) struct Readout<'a> {
    pub draft: Draft<'a>,
    pub to_survey: &'a ToSurvey<'a>,
    /// Whether features come without attributes, so that marks and texts stand among the outlines.
    pub is_drawing: bool,
    /// Around everything drawn so far, in the survey CRS.
    pub extent: Option<Rect<f64>>,
    /// Where the survey CRS is known to be usable.
    pub trusted: Option<Rect<f64>>,
}

impl<'a> Sheet<'a> {
    /// Geometries of the sheet as the file has them.
    pub fn geometries(&self) -> impl Iterator<Item = &'a Geometry<f64>> {
        let is_drawn = self.kind.is_drawn();
        self.features.iter().filter_map(|feature| feature.geometry()).filter(move |_| is_drawn)
    }

    /// Adds every feature to the draft; loose lines are joined across features first.
    pub fn read_into(&'a self, readout: &mut Readout<'a>) -> Result<LayerCount, Error> {
        let layer = self.layer.name.clone();
        let mut count = LayerCount { layer, kind: self.kind, elements: 0, left_out: 0 };
        let mut loose = Vec::new();
        for &feature in &self.features {
            let mut shapes = self.shapes(feature, readout)?;
            let open = if self.kind.is_area() { shapes.take_open_lines() } else { Vec::new() };
            let is_loose = !open.is_empty();
            loose.extend(open.into_iter().map(|line| (feature, line)));
            if self.draws_nothing(&shapes) {
                if !is_loose {
                    self.require_mark(feature, readout.is_drawing)?;
                    count.left_out += 1;
                }
                continue;
            }
            readout.draft.add(self.kind, self.row(feature), shapes)?;
            count.elements += 1;
        }
        let (owners, lines): (Vec<_>, Vec<_>) = loose.into_iter().unzip();
        let joined = rings(lines).map_err(|end| self.row(owners[0]).broken(end))?;
        for (first, ring) in joined {
            let shapes = Shapes { polygons: vec![Polygon::new(ring, Vec::new())], ..Shapes::default() };
            readout.draft.add(self.kind, self.row(owners[first]), shapes)?;
            count.elements += 1;
        }
        Ok(count)
    }

    fn draws_nothing(&self, shapes: &Shapes) -> bool {
        let by_points = self.kind == LayerKind::ConditionPoints && !shapes.points.is_empty();
        self.kind.is_drawn() && shapes.is_empty() && !by_points
    }

    /// Texts and marks are left out. Nothing at all is an error where features have attributes, for then somebody meant it;
    /// so is what no outline can be made of.
    fn require_mark(&self, feature: &'a RawFeature, is_drawing: bool) -> Result<(), Error> {
        match &feature.shape {
            RawShape::Foreign(name) => Err(self.row(feature).incomplete(format!(
                "is a {name}, of which no outline can be made: turn it into a polygon or a closed polyline"
            ))),
            RawShape::Absent if !is_drawing => {
                Err(self.row(feature).incomplete("draws nothing: draw its outline, or delete it".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn shapes(&'a self, feature: &'a RawFeature, readout: &mut Readout<'a>) -> Result<Shapes, Error> {
        let Some(geometry) = feature.geometry().filter(|_| self.kind.is_drawn()) else {
            return Ok(Shapes::default());
        };
        if geometry.coords_iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
            let what = "has a coordinate that is no number: correct it in the drawing";
            return Err(self.row(feature).incomplete(what.to_owned()));
        }
        let geometry = readout.to_survey.geometry(geometry)?;
        if let Some(at) = readout.to_survey.stray(&geometry, &mut readout.trusted) {
            return Err(Error::Implausible {
                path: self.path.to_owned(),
                layer: self.layer.name.clone(),
                feature: feature.id,
                east: at.x,
                north: at.y,
                crs: readout.to_survey.survey_crs().definition().to_owned(),
                remedy: readout.trusted.map_or_else(String::new, |_| MOVE.to_owned()),
            });
        }
        readout.extent = joined(readout.extent, geometry.bounding_rect());
        Ok(Shapes::of(geometry))
    }

    fn row(&'a self, feature: &'a RawFeature) -> Row<'a> {
        Row {
            path: self.path,
            layer: &self.layer.name,
            fields: &self.layer.fields,
            feature,
            names: &self.names,
            constants: self.constants,
        }
    }
}

/// The rectangle around two.
fn joined(a: Option<Rect<f64>>, b: Option<Rect<f64>>) -> Option<Rect<f64>> {
    let corners = a.into_iter().chain(b).flat_map(|rect| [rect.min(), rect.max()]);
    corners.collect::<MultiPoint<f64>>().bounding_rect()
}
