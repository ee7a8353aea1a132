use axum::body::Body;
use axum::extract::State as FromState;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;

use crate::Problem;
use crate::access::Thing;
use crate::action::{Action, Kind};
use crate::chance;
use crate::extract::Path;
use crate::state::State;
use crate::upload::checksum::{ALGORITHMS, Checksum};
use crate::upload::headers::{
    CHECKSUM, CHECKSUMS, EXPIRES, EXTENSIONS, LENGTH, MAX_SIZE, METADATA, OFFERED, OFFSET, VERSIONS,
    http_date, is_piece, number, require_piece, require_version, text,
};
use crate::upload::intake::{Chunk, finish};
use crate::upload::offer::Offer;
use crate::upload::vault::Held;
use crate::who::Who;

/// `OPTIONS`: what the protocol can do here.
pub(crate) async fn describe(FromState(state): FromState<State>) -> Response {
    let said = [
        (VERSIONS, "1.0.0".to_owned()),
        (EXTENSIONS, OFFERED.to_owned()),
        (MAX_SIZE, state.config.limits.file_bytes.to_string()),
        (CHECKSUMS, ALGORITHMS.to_owned()),
    ];
    (StatusCode::NO_CONTENT, said).into_response()
}

/// `POST`: begins a file, with its first bytes if the client likes.
pub(crate) async fn create(
    FromState(state): FromState<State>,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    let length = number(&headers, &LENGTH)?;
    let metadata = text(&headers, &METADATA).unwrap_or_default();
    let offer = Offer::new(chance::name(), &who.name, length, metadata, &state.config.limits, Utc::now())?;
    if !offer.is_record {
        state.flights.admit(&offer, &state.config.limits)?;
    }
    state.vault.begin(&offer).map_err(Problem::internal)?;
    let location = (header::LOCATION, format!("/api/uploads/{}", offer.id));
    let until = (EXPIRES, http_date(offer.until));
    let (offset, _) = if is_piece(&headers) || length == 0 {
        let body = if is_piece(&headers) { body } else { Body::empty() };
        take(&state, offer, 0, &headers, body).await?
    } else {
        (0, offer)
    };
    let said = [location, until, (OFFSET, offset.to_string())];
    Ok((StatusCode::CREATED, said).into_response())
}

/// `HEAD`: how far a file has come.
pub(crate) async fn follow(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    let (_held, offer) = hold(&state, &who, &id, Action::FollowUpload)?;
    let offset = state.vault.offset(&offer).map_err(Problem::internal)?;
    let offer = if offset == offer.length { finish(&state, offer).await? } else { offer };
    let said: [(HeaderName, String); 4] = [
        (OFFSET, offset.to_string()),
        (LENGTH, offer.length.to_string()),
        (METADATA, offer.metadata),
        (EXPIRES, http_date(offer.until)),
    ];
    Ok((StatusCode::OK, said).into_response())
}

/// `PATCH`: more bytes of a file.
pub(crate) async fn write(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    require_piece(&headers)?;
    let offer = find(&state, &who, &id, Action::WriteUpload)?;
    let from = number(&headers, &OFFSET)?;
    let until = http_date(offer.until);
    let (offset, _) = take(&state, offer, from, &headers, body).await?;
    Ok((StatusCode::NO_CONTENT, [(OFFSET, offset.to_string()), (EXPIRES, until)]).into_response())
}

/// `DELETE`: gives a file up.
pub(crate) async fn end(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    let (_held, offer) = hold(&state, &who, &id, Action::EndUpload)?;
    state.vault.forget(&offer).map_err(Problem::internal)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes a chunk in, if it goes on where the file ends.
async fn take(
    state: &State,
    offer: Offer,
    from: u64,
    headers: &HeaderMap,
    body: Body,
) -> Result<(u64, Offer), Problem> {
    let checksum = text(headers, &CHECKSUM).map(Checksum::parse).transpose()?;
    let held = state.vault.hold(&offer.id)?;
    // What another request made of it until now.
    let offer = state.vault.find(&offer.id)?.ok_or_else(Problem::not_found)?;
    let offset = state.vault.offset(&offer).map_err(Problem::internal)?;
    if offset != from {
        let zh = format!("续传位置不符：服务器已有 {offset} 字节");
        let en = format!("the file goes on at {offset}, not at {from}");
        return Err(Problem::conflict("OffsetMismatch", zh, en));
    }
    if offer.stored.is_some() {
        return Ok((offset, offer));
    }
    if number(headers, &header::CONTENT_LENGTH).is_ok_and(|size| size > offer.length - offset) {
        return Err(Problem::too_large(offer.length));
    }
    Chunk { offer, held, from, body, checksum }.take(state.clone()).await
}

/// Takes an upload for this request alone, as it is once nobody else works on it; who may not touch it cannot hold it up either.
fn hold(state: &State, who: &Who, id: &str, action: Action) -> Result<(Held, Offer), Problem> {
    find(state, who, id, action)?;
    let held = state.vault.hold(id)?;
    Ok((held, find(state, who, id, action)?))
}

/// An upload that the account may touch; others' uploads are not there for it.
fn find(state: &State, who: &Who, id: &str, action: Action) -> Result<Offer, Problem> {
    let offer = state.vault.find(id)?.ok_or_else(Problem::not_found)?;
    state.access.require(who, action, &Thing::of(Kind::Upload, id, &offer.owner))?;
    if offer.until < Utc::now() {
        return Err(Problem::new(StatusCode::GONE, "UploadLapsed", "上传已过期", "the upload has lapsed"));
    }
    Ok(offer)
}
