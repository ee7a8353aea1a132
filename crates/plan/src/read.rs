use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use geo::Polygon;
use plumbline_geodesy::Crs;
use sha2::{Digest, Sha256};

use crate::draft::Draft;
use crate::linework::{Shapes, rings};
use crate::registration::ToSurvey;
use crate::row::Row;
use crate::vector::{self, RawFeature, RawLayer};
use crate::{Error, LayerCount, LayerKind, LayerMap, MappedLayer, Plan, Source, SourceSpec, Understood};

/// Reads one plan file into the survey CRS.
///
/// A layer means what the layer map says. A feature of a layer outside the map means what its property `kind` says;
/// layers with neither are reported as unmapped and not read.
pub fn read(spec: &SourceSpec, survey_crs: &Crs) -> Result<Plan, Error> {
    let map = spec.layer_map.as_deref().map_or_else(|| Ok(LayerMap::default()), LayerMap::read)?;
    let layers = vector::layers(&spec.file)?;
    let to_survey = ToSurvey::new(spec, survey_crs)?;
    let mut draft = Draft::new(&spec.file);
    let mut understood = Understood { absent: absent(&map, &layers), ..Understood::default() };
    for layer in &layers {
        let sheets = sheets(&spec.file, layer, &map)?;
        if sheets.is_empty() {
            understood.unmapped.push((layer.name.clone(), layer.features.len()));
        } else {
            to_survey.agree(&layer.name, layer.stated_crs.as_deref())?;
        }
        for sheet in sheets {
            understood.layers.push(sheet.read_into(&mut draft, &to_survey)?);
        }
    }
    if understood.layers.is_empty() {
        let layers = layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::NothingMapped { path: spec.file.clone(), layers });
    }
    let mut plan = draft.finish()?;
    plan.sources.push(Source {
        file: spec.file.clone(),
        sha256: sha256(&spec.file)?,
        crs: spec.crs.clone(),
        version: spec.version.clone(),
        u_m: spec.u_m,
        understood,
    });
    Ok(plan)
}

/// Features of one layer that are of one kind.
struct Sheet<'a> {
    path: &'a Path,
    layer: &'a str,
    kind: LayerKind,
    names: &'a BTreeMap<String, String>,
    features: Vec<&'a RawFeature>,
}

/// Property in which features say their own kind.
const KIND_FIELD: &str = "kind";
static OWN_NAMES: BTreeMap<String, String> = BTreeMap::new();

/// What a layer holds: one sheet by the map, or one for each kind that its features name; none when it means nothing.
fn sheets<'a>(path: &'a Path, layer: &'a RawLayer, map: &'a LayerMap) -> Result<Vec<Sheet<'a>>, Error> {
    if let Some(MappedLayer { kind, fields }) = map.layers.get(&layer.name) {
        map.layers[&layer.name].check(path, &layer.name, &layer.fields)?;
        let features = layer.features.iter().collect();
        return Ok(vec![Sheet { path, layer: &layer.name, kind: *kind, names: fields, features }]);
    }
    if !layer.fields.iter().any(|field| field == KIND_FIELD) {
        return Ok(Vec::new());
    }
    let mut sheets: Vec<Sheet<'a>> = Vec::new();
    for feature in &layer.features {
        let row = Row { path, layer: &layer.name, feature, names: &OWN_NAMES };
        let kind = row.required(KIND_FIELD, row.parsed(KIND_FIELD, KINDS, LayerKind::from_name)?)?;
        match sheets.iter_mut().find(|sheet| sheet.kind == kind) {
            Some(sheet) => sheet.features.push(feature),
            None => sheets.push(Sheet {
                path,
                layer: &layer.name,
                kind,
                names: &OWN_NAMES,
                features: vec![feature],
            }),
        }
    }
    Ok(sheets)
}

const KINDS: &str = "one of parcel, control_line, extent, building, roof_structure, existing, temporary, to_demolish, \
                     storeys, inspections, ignore";

impl<'a> Sheet<'a> {
    /// Adds every feature to the draft; loose lines are joined across features first.
    fn read_into(&self, draft: &mut Draft<'a>, to_survey: &ToSurvey<'_>) -> Result<LayerCount, Error> {
        let mut count =
            LayerCount { layer: self.layer.to_owned(), kind: self.kind, elements: 0, left_out: 0 };
        let mut loose = Vec::new();
        self.require_plausible(to_survey)?;
        for &feature in &self.features {
            let shapes = self.shapes(feature, to_survey)?;
            if self.kind.is_area() && shapes.has_open_lines() {
                loose.extend(shapes.lines.into_iter().map(|line| (feature, line)));
            } else if self.kind.is_drawn() && shapes.is_empty() {
                count.left_out += 1;
            } else {
                draft.add(self.kind, self.row(feature), shapes)?;
                count.elements += 1;
            }
        }
        let (owners, lines): (Vec<_>, Vec<_>) = loose.into_iter().unzip();
        let joined = rings(lines).map_err(|gap| self.row(owners[0]).open_outline(gap))?;
        for (first, ring) in joined {
            let shapes = Shapes { polygons: vec![Polygon::new(ring, Vec::new())], lines: Vec::new() };
            draft.add(self.kind, self.row(owners[first]), shapes)?;
            count.elements += 1;
        }
        Ok(count)
    }

    fn shapes(&self, feature: &RawFeature, to_survey: &ToSurvey<'_>) -> Result<Shapes, Error> {
        let Some(geometry) = feature.geometry.as_ref().filter(|_| self.kind.is_drawn()) else {
            return Ok(Shapes::default());
        };
        Ok(Shapes::of(to_survey.geometry(geometry)?))
    }

    /// Looks at the first drawn feature: a wrong system or swapped axes show on every one.
    fn require_plausible(&self, to_survey: &ToSurvey<'_>) -> Result<(), Error> {
        match self.features.iter().find_map(|feature| feature.geometry.as_ref()) {
            Some(geometry) => to_survey.plausible(self.layer, &to_survey.geometry(geometry)?),
            None => Ok(()),
        }
    }

    fn row(&self, feature: &'a RawFeature) -> Row<'a> {
        Row { path: self.path, layer: self.layer, feature, names: self.names }
    }
}

fn absent(map: &LayerMap, layers: &[RawLayer]) -> Vec<String> {
    map.layers.keys().filter(|&name| layers.iter().all(|layer| layer.name != *name)).cloned().collect()
}

/// Digest of a file, or of all files of a folder in the order of their names.
fn sha256(path: &Path) -> Result<String, Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries: Result<Vec<PathBuf>, _> =
            path.read_dir().map_err(io)?.map(|e| e.map(|e| e.path())).collect();
        files = entries.map_err(io)?;
        files.sort();
    }
    let mut digest = Sha256::new();
    for file in files {
        digest.update(std::fs::read(file).map_err(io)?);
    }
    Ok(hexadecimal(&digest.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('0')));
        text
    })
}
