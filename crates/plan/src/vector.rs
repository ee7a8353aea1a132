//! Vector files through GDAL.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use gdal::config::{clear_thread_local_config_option, set_thread_local_config_option};
use gdal::errors::GdalError;
use gdal::vector::{Feature, FieldValue, Geometry, Layer, LayerAccess};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags, vsi};

use crate::curve::straightened;
use crate::drawing::{BINARY, Drawing, SAVE_AS, unescaped};
use crate::raw::{RawFeature, RawFile, RawLayer, RawShape};
use crate::{Error, shapefile};

/// How GDAL draws: arcs in steps of a degree (a chord of 50 m radius is 2 mm off), every part of a block on its own layer.
const DRAWN: [(&str, &str); 3] =
    [("OGR_ARC_STEPSIZE", "1"), ("DXF_MERGE_BLOCK_GEOMETRIES", "FALSE"), ("DXF_ENCODING", "UTF-8")];

/// Reads every layer of a file.
pub(crate) fn file(path: &Path, encoding: Option<&str>) -> Result<RawFile, Error> {
    for (option, value) in DRAWN {
        set_thread_local_config_option(option, value).map_err(|source| open_error(path, source))?;
    }
    let file = by_format(path, encoding);
    for (option, _) in DRAWN {
        clear_thread_local_config_option(option).map_err(|source| open_error(path, source))?;
    }
    file
}

fn by_format(path: &Path, encoding: Option<&str>) -> Result<RawFile, Error> {
    let mut file = RawFile { encoding: "UTF-8 (by the format)".to_owned(), ..RawFile::default() };
    match extension(path).as_str() {
        "dwg" => return Err(Error::unusable(path, BINARY, SAVE_AS)),
        "dxf" => return drawing(path, encoding),
        "shp" => {
            let page = shapefile::check(path, encoding)?;
            file.layers = layers(path, path, Some(&format!("ENCODING={}", page.encoding.name())))?;
            file.encoding = page.name();
        }
        // GDAL takes storey lists such as "1:3.9;2+5:3.0" for times of day.
        "geojson" | "json" => file.layers = layers(path, path, Some("DATE_AS_STRING=YES"))?,
        _ => file.layers = layers(path, path, None)?,
    }
    Ok(file)
}

/// The ending of a file name, in lower case.
pub(crate) fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

fn open_error(path: &Path, source: GdalError) -> Error {
    Error::Open { path: path.to_owned(), source }
}

fn drawing(path: &Path, encoding: Option<&str>) -> Result<RawFile, Error> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let Drawing { text, encoding, unit } = Drawing::of(path, &bytes, encoding)?;
    let entities = match text {
        Cow::Borrowed(_) => {
            drop(bytes);
            layers(path, path, None)?
        }
        Cow::Owned(text) => {
            drop(bytes);
            let copy = MemoryFile::new(path, text.into_bytes())?;
            layers(path, &copy.path, None)?
        }
    };
    let layers = entities.into_iter().flat_map(by_drawing_layer).collect();
    Ok(RawFile { layers, encoding, unit, is_drawing: true, ..RawFile::default() })
}

/// A file that only GDAL sees.
struct MemoryFile {
    path: PathBuf,
}

static MEMORY_FILES: AtomicU64 = AtomicU64::new(0);

impl MemoryFile {
    fn new(stands_for: &Path, bytes: Vec<u8>) -> Result<Self, Error> {
        let number = MEMORY_FILES.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("/vsimem/plan-{number}.dxf"));
        vsi::create_mem_file(&path, bytes).map_err(|source| open_error(stands_for, source))?;
        Ok(Self { path })
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        // Nothing can be done about a file in memory that will not go.
        let _ = vsi::unlink_mem_file(&self.path);
    }
}

/// Every layer of a file that GDAL opens at `place`; errors name `path`.
fn layers(path: &Path, place: &Path, open_option: Option<&str>) -> Result<Vec<RawLayer>, Error> {
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY;
    let options: Vec<&str> = open_option.into_iter().collect();
    let options = DatasetOptions { open_flags, open_options: Some(&options), ..DatasetOptions::default() };
    let dataset = Dataset::open_ex(place, options).map_err(|source| open_error(path, source))?;
    dataset.layers().map(|mut layer| read_layer(path, &mut layer)).collect()
}

fn read_layer(path: &Path, layer: &mut Layer<'_>) -> Result<RawLayer, Error> {
    let fields: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    let stated = layer.try_feature_count();
    let read: gdal::errors::Result<Vec<_>> =
        layer.features().map(|f| read_feature(&f, fields.len())).collect();
    let features = read.map_err(|source| open_error(path, source))?;
    match stated.filter(|&stated| stated > features.len() as u64) {
        Some(stated) => {
            let what = format!("layer {:?} has {} of {stated} features", layer.name(), features.len());
            Err(Error::Truncated { path: path.to_owned(), what })
        }
        None => Ok(RawLayer {
            name: layer.name(),
            features,
            stated_crs: stated_crs(layer),
            fields,
            is_bare: false,
        }),
    }
}

fn stated_crs(layer: &Layer<'_>) -> Option<String> {
    let srs = layer.spatial_ref()?;
    let code = srs.auth_name().zip(srs.auth_code().ok()).map(|(name, code)| format!("{name}:{code}"));
    // A GeoPackage may state that it states nothing.
    code.or_else(|| srs.to_wkt().ok().filter(|text| !text.contains("\"Undefined ")))
}

fn read_feature(feature: &Feature<'_>, fields: usize) -> gdal::errors::Result<RawFeature> {
    let values = (0..fields).map(|idx| Ok(feature.field(idx)?.and_then(text_of)));
    let values = values.collect::<gdal::errors::Result<_>>()?;
    let shape = match feature.geometry().filter(|geometry| geometry.has_gdal_ptr() && !geometry.is_empty()) {
        None => RawShape::Absent,
        Some(geometry) => shape(geometry)?,
    };
    Ok(RawFeature { id: feature.fid().unwrap_or(0), values, shape })
}

/// A geometry without heights; curves as chords.
fn shape(geometry: &Geometry) -> gdal::errors::Result<RawShape> {
    let mut flat = geometry.clone();
    flat.flatten_to_2d();
    match flat.to_geo() {
        Ok(read) => Ok(RawShape::Drawn(read)),
        Err(GdalError::UnsupportedGdalGeometryType(_)) => {
            Ok(straightened(&flat)
                .map_or_else(|| RawShape::Foreign(geometry.geometry_name()), RawShape::Drawn))
        }
        Err(other) => Err(other),
    }
}

fn text_of(value: FieldValue) -> Option<String> {
    let text = match value {
        FieldValue::IntegerValue(v) => v.to_string(),
        FieldValue::Integer64Value(v) => v.to_string(),
        FieldValue::RealValue(v) => v.to_string(),
        FieldValue::StringValue(v) => v.trim().to_owned(),
        FieldValue::DateValue(v) => v.to_string(),
        FieldValue::DateTimeValue(v) => v.date_naive().to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Field in which GDAL says the drawing layer of a feature.
const DRAWING_LAYER: &str = "Layer";

/// GDAL puts a whole drawing into one layer.
fn by_drawing_layer(entities: RawLayer) -> Vec<RawLayer> {
    let field = entities.fields.iter().position(|field| field == DRAWING_LAYER);
    let mut layers: Vec<RawLayer> = Vec::new();
    let mut idx_of: BTreeMap<String, usize> = BTreeMap::new();
    for mut feature in entities.features {
        let name = field.and_then(|field| feature.values[field].take()).unwrap_or_default();
        feature.values = Vec::new();
        let idx = *idx_of.entry(unescaped(&name)).or_insert_with_key(|name| {
            let (name, stated_crs) = (name.clone(), entities.stated_crs.clone());
            layers.push(RawLayer {
                name,
                fields: Vec::new(),
                features: Vec::new(),
                stated_crs,
                is_bare: true,
            });
            layers.len() - 1
        });
        layers[idx].features.push(feature);
    }
    layers
}
