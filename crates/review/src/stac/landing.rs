use axum::extract::State as FromState;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use plumbline_catalog::{Sort, queryables as known};
use serde_json::{Map, Value, json};

use crate::Problem;
use crate::extract::Path;
use crate::openapi;
use crate::stac::answer::geojson;
use crate::stac::base::{Base, GEOJSON, JSON, coded, link};
use crate::state::State;

/// What the API does, by the names of the standards.
const CONFORMS_TO: [&str; 15] = [
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "https://api.stacspec.org/v1.0.0/item-search",
    "https://api.stacspec.org/v1.0.0/item-search#sort",
    "https://api.stacspec.org/v1.0.0-rc.2/item-search#filter",
    "https://api.stacspec.org/v1.0.0-rc.3/item-search#filter",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
];

/// Relation of the description of what filters may name.
const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

/// Media type of a JSON Schema.
const SCHEMA: &str = "application/schema+json";

/// `GET /stac/`: where a client begins.
pub(crate) async fn landing(
    FromState(state): FromState<State>,
    base: Base,
) -> Result<axum::Json<Value>, Problem> {
    let here = base.stac("/");
    let by = |method: &str| {
        let mut search = link("search", &base.stac("/search"), GEOJSON);
        search["method"] = json!(method);
        search
    };
    let mut links = vec![
        link("self", &here, JSON),
        link("root", &here, JSON),
        link("service-desc", &base.of("/api/openapi.json"), openapi::MEDIA_TYPE),
        link("service-doc", &base.of("/"), "text/html"),
        link("conformance", &base.stac("/conformance"), JSON),
        link("data", &base.stac("/collections"), JSON),
        link(QUERYABLES, &base.stac("/queryables"), SCHEMA),
        by("GET"),
        by("POST"),
    ];
    for collection in state.catalog.collections().await? {
        let id = collection["id"].as_str().unwrap_or_default();
        let mut child = link("child", &base.stac(&format!("/collections/{}", coded(id))), JSON);
        child["title"] = collection["title"].clone();
        links.push(child);
    }
    Ok(axum::Json(json!({
        "type": "Catalog", "stac_version": "1.1.0", "id": "plumbline", "title": "准绳 / Plumbline",
        "description": "航拍像片、期次成果、疑点、线索、证据与记录 / photos, epochs, findings, leads, evidence and records",
        "conformsTo": CONFORMS_TO, "links": links,
    })))
}

/// `GET /stac/conformance`.
pub(crate) async fn conformance() -> axum::Json<Value> {
    axum::Json(json!({ "conformsTo": CONFORMS_TO }))
}

/// `GET /stac/collections`.
pub(crate) async fn collections(
    FromState(state): FromState<State>,
    base: Base,
) -> Result<axum::Json<Value>, Problem> {
    let all = state.catalog.collections().await?;
    let all: Vec<Value> = all.into_iter().map(|collection| shown(&base, collection)).collect();
    let links = [link("self", &base.stac("/collections"), JSON), link("root", &base.stac("/"), JSON)];
    Ok(axum::Json(json!({ "collections": all, "links": links })))
}

/// `GET /stac/collections/{id}`.
pub(crate) async fn collection(
    FromState(state): FromState<State>,
    base: Base,
    Path(id): Path<String>,
) -> Result<axum::Json<Value>, Problem> {
    let collection = state.catalog.collection(&id).await?.ok_or_else(Problem::not_found)?;
    Ok(axum::Json(shown(&base, collection)))
}

/// `GET /stac/collections/{id}/items/{item}`.
pub(crate) async fn item(
    FromState(state): FromState<State>,
    base: Base,
    Path((collection, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let item = state.catalog.item(&collection, &id).await?.ok_or_else(Problem::not_found)?;
    Ok(geojson(&base.item_shown(item)))
}

/// `GET /stac/queryables`: what filters may name, as a JSON Schema.
pub(crate) async fn queryables(base: Base) -> Response {
    let geometry =
        json!({ "description": "the item's geometry", "$ref": "https://geojson.org/schema/Geometry.json" });
    let mut properties = Map::from_iter([("geometry".to_owned(), geometry)]);
    for queryable in known() {
        let schema = match queryable.sort {
            Sort::Text => json!({ "description": queryable.name, "type": "string" }),
            Sort::Number => json!({ "description": queryable.name, "type": "number" }),
            Sort::Moment => json!({ "description": queryable.name, "type": "string", "format": "date-time" }),
        };
        properties.insert(queryable.name.to_owned(), schema);
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2019-09/schema", "$id": base.stac("/queryables"),
        "type": "object", "title": "Plumbline", "description": "可检索属性 / properties that filters may name",
        "properties": properties, "additionalProperties": false,
    });
    ([(header::CONTENT_TYPE, SCHEMA)], schema.to_string()).into_response()
}

/// A collection as clients read it.
fn shown(base: &Base, mut collection: Value) -> Value {
    let id = coded(collection["id"].as_str().unwrap_or_default());
    let here = base.stac(&format!("/collections/{id}"));
    collection["links"] = json!([
        link("self", &here, JSON),
        link("root", &base.stac("/"), JSON),
        link("parent", &base.stac("/"), JSON),
        link("items", &format!("{here}/items"), GEOJSON),
        link(QUERYABLES, &base.stac("/queryables"), SCHEMA),
    ]);
    collection
}
