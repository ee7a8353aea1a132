use axum::http::header;
use axum::response::{IntoResponse, Response};
use plumbline_catalog::Page;
use serde_json::{Value, json};

use crate::stac::base::{Base, GEOJSON};

/// `GeoJSON` with its media type.
pub(super) fn geojson(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, GEOJSON)], value.to_string()).into_response()
}

/// A page of items with its links.
pub(super) fn page(base: &Base, page: Page, links: Vec<Value>) -> Response {
    let returned = page.items.len();
    let features: Vec<Value> = page.items.into_iter().map(|item| base.item_shown(item)).collect();
    let mut answer = json!({
        "type": "FeatureCollection", "features": features, "links": links, "numberReturned": returned,
    });
    if let Some(matched) = page.matched {
        answer["numberMatched"] = json!(matched);
    }
    geojson(&answer)
}
