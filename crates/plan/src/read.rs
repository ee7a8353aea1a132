use geo::{Coord, CoordsIter, Rect};

use crate::draft::Draft;
use crate::proposal::FAR_M;
use crate::raw::RawFile;
use crate::registering::registered;
use crate::remedy::remedy;
use crate::resolve::resolved;
use crate::sheet::{Readout, Sheet, sheets};
use crate::to_survey::ToSurvey;
use crate::{
    Error, LayerKind, LayerMap, Plan, Reading, Source, SourceSpec, Survey, Understood, coordinate_table,
    digest, vector,
};

/// Reads one plan file into the survey CRS.
///
/// A layer means what the layer map says. A feature of a layer outside the map means what its property `kind` says;
/// layers with neither are reported as unmapped and not read.
pub fn read(spec: &SourceSpec, survey: &Survey<'_>) -> Result<Plan, Error> {
    let map = layer_map(spec)?;
    let file = open(spec, &map)?;
    let sheets = all_sheets(spec, &file, &map)?;
    require_meaning(spec, &file, &sheets)?;
    let with_remedy =
        |error: Error, reading: &Reading| error.with_remedy(|| remedy(reading, &sheets, survey));
    let (reading, said_by) = resolved(spec, &file, &sheets, survey.crs).map_err(|error| {
        let crs = spec.crs.clone().unwrap_or_else(|| survey.crs.definition().to_owned());
        let (axes, unit) = (spec.axes.unwrap_or_default(), spec.unit.or(file.unit).unwrap_or_default());
        with_remedy(error, &Reading { crs, axes, unit })
    })?;
    let registered = registered(spec, &reading, &sheets)?;
    let local = registered.as_ref().map(|registered| registered.registration.grid).or(spec.transform);
    let to_survey = ToSurvey::new(&spec.file, &reading, local, survey.crs)?;
    let drawn = drawn(spec, &file, &sheets, &to_survey).and_then(|drawn| near(spec, survey, drawn));
    let (mut plan, mut understood) = drawn.map_err(|error| with_remedy(error, &reading))?;
    understood.said_by = said_by;
    understood.absent =
        map.absent(|name| file.layers.iter().any(|layer| layer.name == name)).cloned().collect();
    plan.sources.push(Source {
        file: spec.file.clone(),
        sha256: digest::sha256(&spec.file).map_err(|source| Error::Io { path: spec.file.clone(), source })?,
        reading,
        version: spec.version.clone(),
        valid_from: spec.valid_from,
        superseded_by: spec.superseded_by.clone(),
        classification: spec.classification.clone(),
        u_m: registered.as_ref().map_or(spec.u_m, |registered| spec.u_m.hypot(registered.u_m)),
        registration: registered.map(|registered| registered.registration),
        understood,
    });
    Ok(plan)
}

/// The layer map of a file; an empty one where none is declared.
pub(crate) fn layer_map(spec: &SourceSpec) -> Result<LayerMap, Error> {
    spec.layer_map.as_deref().map_or_else(|| Ok(LayerMap::default()), LayerMap::read)
}

/// The layers of a file.
pub(crate) fn open(spec: &SourceSpec, map: &LayerMap) -> Result<RawFile, Error> {
    let encoding = spec.encoding.as_deref();
    if !matches!(vector::extension(&spec.file).as_str(), "csv" | "txt") {
        return vector::file(&spec.file, encoding);
    }
    let name = spec.file.file_stem().unwrap_or_default().to_string_lossy();
    let as_points = map.entry(&name).is_some_and(|entry| entry.kind == LayerKind::ConditionPoints);
    coordinate_table::file(&spec.file, encoding, as_points)
}

/// What the layers of a file hold, by the map or by their features.
pub(crate) fn all_sheets<'a>(
    spec: &'a SourceSpec,
    file: &'a RawFile,
    map: &'a LayerMap,
) -> Result<Vec<Sheet<'a>>, Error> {
    let sheets: Result<Vec<_>, Error> =
        file.layers.iter().map(|layer| sheets(&spec.file, layer, map)).collect();
    Ok(sheets?.into_iter().flatten().collect())
}

fn require_meaning(spec: &SourceSpec, file: &RawFile, sheets: &[Sheet<'_>]) -> Result<(), Error> {
    if file.layers.iter().all(|layer| layer.features.is_empty()) {
        return Err(Error::unusable(&spec.file, "holds nothing", "export it anew"));
    }
    if sheets.is_empty() {
        let layers = file.layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::NothingMapped { path: spec.file.clone(), layers });
    }
    Ok(())
}

/// The elements of all sheets, and what was understood.
fn drawn<'a>(
    spec: &'a SourceSpec,
    file: &'a RawFile,
    sheets: &'a [Sheet<'a>],
    to_survey: &'a ToSurvey<'a>,
) -> Result<(Plan, Understood), Error> {
    let mut readout = Readout {
        draft: Draft::new(&spec.file),
        to_survey,
        is_drawing: file.is_drawing,
        extent: None,
        trusted: None,
    };
    let layers: Result<Vec<_>, Error> = sheets.iter().map(|sheet| sheet.read_into(&mut readout)).collect();
    let is_read = |name: &str| sheets.iter().any(|sheet| sheet.layer.name == name);
    let unmapped = file.layers.iter().filter(|layer| !is_read(&layer.name));
    let understood = Understood {
        encoding: file.encoding.clone(),
        layers: layers?,
        unmapped: unmapped.map(|layer| (layer.name.clone(), layer.features.len())).collect(),
        extent: readout.extent,
        ..Understood::default()
    };
    Ok((readout.draft.finish()?, understood))
}

/// Refuses a plan of another town.
fn near(
    spec: &SourceSpec,
    survey: &Survey<'_>,
    drawn: (Plan, Understood),
) -> Result<(Plan, Understood), Error> {
    let off_m = survey.place.zip(drawn.1.extent).map(|(place, extent)| {
        outside(extent.min().x, place.east, extent.max().x).hypot(outside(
            extent.min().y,
            place.north,
            extent.max().y,
        ))
    });
    match off_m.filter(|&off_m| off_m > FAR_M) {
        None => Ok(drawn),
        Some(off_m) => Err(Error::FarFromSurvey {
            path: spec.file.clone(),
            off_km: off_m / 1000.0,
            remedy: String::new(),
        }),
    }
}

/// Distance of a value from an interval.
fn outside(least: f64, value: f64, greatest: f64) -> f64 {
    (least - value).max(value - greatest).max(0.0)
}

/// Corners of a plan that readings are tried on.
const CORNERS: usize = 200;

/// Some corners of the plan, evenly from all that is drawn.
pub(crate) fn corners(sheets: &[Sheet<'_>]) -> Vec<Coord<f64>> {
    let all = || sheets.iter().flat_map(Sheet::geometries).flat_map(CoordsIter::coords_iter);
    let finite = || all().filter(|c| c.x.is_finite() && c.y.is_finite());
    let every = (finite().count() / CORNERS).max(1);
    finite().step_by(every).collect()
}

/// Around everything that sheets draw, as the file has it.
pub(crate) fn bounds(sheets: &[Sheet<'_>]) -> Option<Rect<f64>> {
    let corners: geo::MultiPoint<f64> =
        sheets.iter().flat_map(Sheet::geometries).flat_map(CoordsIter::coords_iter).collect();
    geo::BoundingRect::bounding_rect(&corners)
}
