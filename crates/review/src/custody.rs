use axum::extract::State as FromState;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use plumbline_catalog::Event;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::extract::{Path, Query};
use crate::state::{State, blocking};

/// Events of a page.
const PAGE: u64 = 200;

/// What `GET /api/custody` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Events of one thing, such as `lead:demo/L-1` or `file:SHA256`, or of a file by its digest alone.
    subject: Option<String>,
    /// Where the page of all events begins.
    token: Option<u64>,
}

/// `GET /api/custody`: what happened, to one thing or to all.
pub(crate) async fn events(
    FromState(state): FromState<State>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Value>, Problem> {
    let Some(subject) = asked.subject.filter(|subject| !subject.is_empty()) else {
        let from = asked.token.unwrap_or(0).min(u64::MAX / 4);
        let events: Vec<Event> = state.catalog.events(from..from + PAGE).await?;
        let next = (events.len() as u64 == PAGE).then_some(from + PAGE);
        return Ok(axum::Json(json!({ "events": events, "next": next })));
    };
    let is_digest = crate::upload::digest(&subject).is_ok();
    let subject = if is_digest { format!("file:{}", subject.to_ascii_lowercase()) } else { subject };
    let events = state.catalog.events_of(&subject).await?;
    Ok(axum::Json(json!({ "events": events, "next": null })))
}

/// `GET /log/checkpoint`: the signed head of the log.
pub(crate) async fn checkpoint(FromState(state): FromState<State>) -> Result<Response, Problem> {
    piece(&state, "checkpoint".to_owned(), "text/plain; charset=utf-8", "no-cache").await
}

/// `GET /log/tile/…`: a piece of the log, as C2SP tlog-tiles names it.
pub(crate) async fn tile(
    FromState(state): FromState<State>,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let name =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == 'x' || c == 'p');
    let fits = |part: &str| name(part) || part == "entries" || part.strip_suffix(".p").is_some_and(name);
    if !path.split('/').all(fits) {
        return Err(Problem::not_found());
    }
    // A full tile never changes; a partial one is named by its length, which never changes either.
    let keep = "private, max-age=31536000, immutable";
    piece(&state, format!("tile/{path}"), "application/octet-stream", keep).await
}

async fn piece(state: &State, name: String, kind: &str, keep: &str) -> Result<Response, Problem> {
    let catalog = state.catalog.clone();
    let bytes = blocking(move || Ok(catalog.log_resource(&name)?)).await?.ok_or_else(Problem::not_found)?;
    let said = [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, keep.to_owned())];
    Ok((said, bytes).into_response())
}
