use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Asset, Link, VERSION};

/// One photo, epoch, lead or piece of evidence: a GeoJSON feature with its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub feature: String,
    /// Version of STAC.
    pub stac_version: String,
    /// The extensions in use.
    pub stac_extensions: Vec<String>,
    /// Name, unique in the collection.
    pub id: String,
    /// GeoJSON geometry in longitude and latitude; null where nothing is known.
    pub geometry: Value,
    /// West, south, east, north in degrees; absent without a geometry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    /// What is known about it.
    pub properties: Map<String, Value>,
    /// Relations to other documents.
    pub links: Vec<Link>,
    /// The files, by key.
    pub assets: BTreeMap<String, Asset>,
    /// The collection that holds the item.
    pub collection: String,
}

impl Item {
    /// An item of a collection, captured at a moment, linked to the documents above it.
    /// `up` is the path from the item's folder to its collection's, such as `""` or `"../"`.
    pub fn new(collection: &str, id: &str, captured: DateTime<Utc>, up: &str) -> Self {
        let own_collection = format!("{up}collection.json");
        Self {
            feature: "Feature".to_owned(),
            stac_version: VERSION.to_owned(),
            stac_extensions: Vec::new(),
            id: id.to_owned(),
            geometry: Value::Null,
            bbox: None,
            properties: Map::from_iter([("datetime".to_owned(), json!(utc(captured)))]),
            links: vec![
                Link::to_json("root", format!("{up}../catalog.json")),
                Link::to_json("parent", own_collection.clone()),
                Link::to_json("collection", own_collection),
            ],
            assets: BTreeMap::new(),
            collection: collection.to_owned(),
        }
    }

    /// The item using these extensions.
    #[must_use]
    pub fn extended(mut self, extensions: &[&str]) -> Self {
        self.stac_extensions = extensions.iter().map(|&e| e.to_owned()).collect();
        self
    }

    /// The item at a place.
    #[must_use]
    pub fn at(mut self, geometry: Value, bbox: Option<[f64; 4]>) -> Self {
        self.geometry = geometry;
        self.bbox = bbox;
        self
    }

    /// The item with one more property; a null value is left out.
    #[must_use]
    pub fn with(mut self, property: &str, value: Value) -> Self {
        if !value.is_null() {
            self.properties.insert(property.to_owned(), value);
        }
        self
    }

    /// The item with one more file.
    #[must_use]
    pub fn file(mut self, key: &str, asset: Asset) -> Self {
        self.assets.insert(key.to_owned(), asset);
        self
    }

    /// The item with one more link.
    #[must_use]
    pub fn linked(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }
}

/// A moment as RFC 3339 text, in UTC, to the millisecond.
pub fn utc(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}
