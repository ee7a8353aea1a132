use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use plumbline_custody::Digest;
use rust_embed::RustEmbed;

use crate::Problem;

/// The built page; `crates/review/page` says how it is made.
#[derive(RustEmbed)]
#[folder = "page/dist"]
struct Bundle;

/// `GET /` and `GET /assets/…`: the page and its parts.
pub(crate) async fn show(request: Request) -> Result<Response, Problem> {
    let path = request.uri().path().trim_start_matches('/');
    file(if path.is_empty() { "index.html" } else { path }, request.headers())
}

fn file(name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let file = Bundle::get(name).ok_or_else(Problem::not_found)?;
    let etag = format!("\"{}\"", Digest::from_bytes(file.metadata.sha256_hash()));
    // The names of assets change with their content; the page itself is asked for again each time.
    let keep = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let said = [(header::ETAG, etag), (header::CACHE_CONTROL, keep.to_owned())];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, said).into_response());
    }
    let kind = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    Ok((said, kind, file.data.into_owned()).into_response())
}
