use axum::extract::State as FromState;
use axum::response::Response;
use plumbline_catalog::Page;
use serde_json::{Map, Value, json};

use crate::Problem;
use crate::extract::{Json, Path, Query};
use crate::stac::answer::page;
use crate::stac::asked::Body;
use crate::stac::base::{Base, GEOJSON, JSON, coded, link};
use crate::state::State;

/// Parts of a query, in their order.
type Pairs = Vec<(String, String)>;

/// `GET /stac/search`.
pub(crate) async fn search_by_get(
    FromState(state): FromState<State>,
    base: Base,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Problem> {
    let found = state.catalog.search(&Body::of_query(pairs.clone())?.search(None)?).await?;
    let links = by_get(&base, &base.stac("/search"), pairs, &found);
    Ok(page(&base, found, links))
}

/// `GET /stac/collections/{id}/items`.
pub(crate) async fn items(
    FromState(state): FromState<State>,
    base: Base,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Problem> {
    state.catalog.collection(&id).await?.ok_or_else(Problem::not_found)?;
    let found = state.catalog.search(&Body::of_query(pairs.clone())?.search(Some(&id))?).await?;
    let within = base.stac(&format!("/collections/{}", coded(&id)));
    let mut links = by_get(&base, &format!("{within}/items"), pairs, &found);
    links.push(link("collection", &within, JSON));
    links.push(link("parent", &within, JSON));
    Ok(page(&base, found, links))
}

/// `POST /stac/search`.
pub(crate) async fn search_by_post(
    FromState(state): FromState<State>,
    base: Base,
    Json(asked): Json<Map<String, Value>>,
) -> Result<Response, Problem> {
    let wrong = |error: serde_json::Error| Problem::bad_request("检索条件有误", error.to_string());
    let body: Body = serde_json::from_value(Value::Object(asked.clone())).map_err(wrong)?;
    let found = state.catalog.search(&body.search(None)?).await?;
    let here = base.stac("/search");
    let mut links = vec![link("self", &here, GEOJSON), link("root", &base.stac("/"), JSON)];
    if let Some(token) = &found.next {
        let mut body = asked;
        body.insert("token".to_owned(), json!(token.to_string()));
        let next = json!({
            "rel": "next", "href": here, "type": GEOJSON, "method": "POST", "body": body, "merge": false,
        });
        links.push(next);
    }
    Ok(page(&base, found, links))
}

/// Links of a page that a query found.
fn by_get(base: &Base, here: &str, pairs: Pairs, found: &Page) -> Vec<Value> {
    let address = |pairs: &[(String, String)]| {
        let parts: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
        if parts.is_empty() { here.to_owned() } else { format!("{here}?{}", parts.join("&")) }
    };
    let mut links = vec![link("self", &address(&pairs), GEOJSON), link("root", &base.stac("/"), JSON)];
    if let Some(token) = &found.next {
        let mut next = pairs;
        next.retain(|(name, _)| name != "token");
        next.push(("token".to_owned(), token.to_string()));
        let mut link = link("next", &address(&next), GEOJSON);
        link["method"] = json!("GET");
        links.push(link);
    }
    links
}
