//! Vector files as layers of plain features, whatever their format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gdal::errors::GdalError;
use gdal::vector::{Feature, FieldValue, Layer, LayerAccess};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::Geometry;

use crate::Error;

/// A layer of a file.
#[derive(Debug)]
pub(crate) struct RawLayer {
    pub name: String,
    /// Names of its fields, in file order.
    pub fields: Vec<String>,
    pub features: Vec<RawFeature>,
    /// Authority code of the system that the file itself states, such as "EPSG:4547".
    pub stated_crs: Option<String>,
}

/// A feature with its attributes as text.
#[derive(Debug)]
pub(crate) struct RawFeature {
    pub id: u64,
    pub values: BTreeMap<String, String>,
    pub geometry: Option<Geometry<f64>>,
}

/// Reads every layer of a file.
pub(crate) fn layers(path: &Path) -> Result<Vec<RawLayer>, Error> {
    let failed = |source| Error::Open { path: path.to_owned(), source };
    let dataset = open(path).map_err(failed)?;
    let is_drawing = dataset.driver().short_name() == "DXF";
    let read: Result<Vec<_>, _> = dataset.layers().map(|mut layer| read_layer(&mut layer)).collect();
    let layers = read.map_err(failed)?;
    Ok(if is_drawing { layers.into_iter().flat_map(by_drawing_layer).collect() } else { layers })
}

/// Opens a file; attributes of a Shapefile that does not say its encoding are read as GBK, and those of GeoJSON as they
/// stand (GDAL takes storey lists such as "1:3.9;2+5:3.0" for times of day).
fn open(path: &Path) -> gdal::errors::Result<Dataset> {
    let open_options: Option<&[&str]> = if has_extension(path, &["shp"]) && silent_on_encoding(path) {
        Some(&["ENCODING=GBK"])
    } else if has_extension(path, &["geojson", "json"]) {
        Some(&["DATE_AS_STRING=YES"])
    } else {
        None
    };
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY;
    Dataset::open_ex(path, DatasetOptions { open_flags, open_options, ..DatasetOptions::default() })
}

/// Whether a file name ends in one of these, in any case.
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|own| extensions.iter().any(|e| own.eq_ignore_ascii_case(e)))
}

/// Offset of the language driver id in a .dbf header; zero says nothing.
const LANGUAGE_DRIVER_BYTE: usize = 29;

fn silent_on_encoding(path: &Path) -> bool {
    let beside = |extension: &str| -> PathBuf { path.with_extension(extension) };
    let code_page = beside("cpg").exists() || beside("CPG").exists();
    let table = std::fs::read(beside("dbf")).or_else(|_| std::fs::read(beside("DBF"))).unwrap_or_default();
    !code_page && table.get(LANGUAGE_DRIVER_BYTE).is_none_or(|&id| id == 0)
}

fn read_layer(layer: &mut Layer<'_>) -> gdal::errors::Result<RawLayer> {
    let fields: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    let features: gdal::errors::Result<Vec<_>> =
        layer.features().map(|f| read_feature(&f, &fields)).collect();
    Ok(RawLayer { name: layer.name(), features: features?, stated_crs: stated_crs(layer), fields })
}

fn stated_crs(layer: &Layer<'_>) -> Option<String> {
    let srs = layer.spatial_ref()?;
    Some(format!("{}:{}", srs.auth_name()?, srs.auth_code().ok()?))
}

fn read_feature(feature: &Feature<'_>, fields: &[String]) -> gdal::errors::Result<RawFeature> {
    let mut values = BTreeMap::new();
    for (idx, name) in fields.iter().enumerate() {
        if let Some(text) = feature.field(idx)?.and_then(text_of) {
            values.insert(name.clone(), text);
        }
    }
    let geometry = match feature.geometry().filter(|g| !g.is_empty()) {
        None => None,
        Some(geometry) => {
            let mut flat = geometry.clone();
            flat.flatten_to_2d();
            match flat.to_geo() {
                Err(GdalError::UnsupportedGdalGeometryType(_)) => None,
                converted => Some(converted?),
            }
        }
    };
    Ok(RawFeature { id: feature.fid().unwrap_or(0), values, geometry })
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

/// GDAL puts a whole drawing into one layer; its features say their drawing layer in the field `Layer`.
fn by_drawing_layer(entities: RawLayer) -> Vec<RawLayer> {
    let mut layers: Vec<RawLayer> = Vec::new();
    for mut feature in entities.features {
        let name = feature.values.remove("Layer").unwrap_or_default();
        let idx = layers.iter().position(|layer| layer.name == name).unwrap_or_else(|| {
            let stated_crs = entities.stated_crs.clone();
            layers.push(RawLayer { name, fields: Vec::new(), features: Vec::new(), stated_crs });
            layers.len() - 1
        });
        layers[idx].features.push(feature);
    }
    layers
}
