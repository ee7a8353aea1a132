use plumbline_custody::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Media type of a cloud-optimised GeoTIFF.
pub const COG: &str = "image/tiff; application=geotiff; profile=cloud-optimized";
/// Media type of STAC items.
pub const GEOJSON: &str = "application/geo+json";
/// Media type of STAC catalogs and collections.
pub const JSON: &str = "application/json";
/// Media type of JPEG pictures.
pub const JPEG: &str = "image/jpeg";
/// Media type of PNG pictures.
pub const PNG: &str = "image/png";

/// A file of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// Path from the item.
    pub href: String,
    /// Title for people.
    pub title: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// What the file is for: `data`, `visual`, `metadata`, `overview`.
    pub roles: Vec<String>,
    /// Fields of the extensions.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

impl Asset {
    /// A file by its path from the item.
    pub fn new(href: impl Into<String>, title: &str, media_type: &str, role: &str) -> Self {
        Self {
            href: href.into(),
            title: title.to_owned(),
            media_type: media_type.to_owned(),
            roles: vec![role.to_owned()],
            fields: Map::new(),
        }
    }

    /// The asset with the checksum and size of its file.
    #[must_use]
    pub fn checked(self, digest: &Digest, size: u64) -> Self {
        self.with("file:checksum", json!(digest.multihash())).with("file:size", json!(size))
    }

    /// The asset with one more field.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.fields.insert(field.to_owned(), value);
        self
    }
}

/// Media type by the ending of a file's name.
pub fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" => JPEG,
        "png" => PNG,
        "tif" | "tiff" => "image/tiff",
        "json" => JSON,
        _ => "application/octet-stream",
    }
}
