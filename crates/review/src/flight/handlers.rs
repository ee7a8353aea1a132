use std::fs;

use axum::extract::State as FromState;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use plumbline_catalog::Role;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Problem;
use crate::access::Thing;
use crate::action::{Action, Kind};
use crate::durable::read_json;
use crate::extract::{Json, Path};
use crate::flight::check::check;
use crate::flight::child::tail;
use crate::flight::record::{Flight, Part, Phase};
use crate::state::{State, blocking};
use crate::upload::{digest, is_photo};
use crate::who::Who;

/// What `POST /api/flights/{id}/complete` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Completion {
    /// How many files the card had for this flight, sidecars too.
    expected: usize,
    /// The project, for the client's own use.
    project: Option<String>,
    /// Their SHA-256, in any order, where the client took them.
    sha256s: Option<Vec<String>>,
}

/// `GET /api/flights`: the flights that the account may see.
pub(crate) async fn list(FromState(state): FromState<State>, who: Who) -> Result<axum::Json<Value>, Problem> {
    blocking(move || {
        let seen = |flight: &Flight| who.role != Some(Role::Ingest) || flight.owner == who.name;
        let flights = state.flights.all()?.into_iter().filter(seen);
        let rows: Vec<Value> = flights.map(|flight| row(&state, &flight)).collect::<Result<_, _>>()?;
        Ok(axum::Json(json!({ "flights": rows })))
    })
    .await
}

/// `GET /api/flights/{id}`: a flight with its check and its run.
pub(crate) async fn show(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<String>,
) -> Result<axum::Json<Value>, Problem> {
    blocking(move || Ok(axum::Json(whole(&state, &find(&state, &who, &id, Action::ReadFlight)?)?))).await
}

/// `GET /api/flights/{id}/log`: the end of the run's log.
pub(crate) async fn log(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let flight = find(&state, &who, &id, Action::ReadFlight)?;
    let lines = tail(&state.flights.run(&flight.id).join("run.log"));
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], lines.join("\n")).into_response())
}

/// `POST /api/flights/{id}/complete`: all files are there; the check starts at once. Saying it again changes nothing.
pub(crate) async fn complete(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<String>,
    Json(said): Json<Completion>,
) -> Result<Response, Problem> {
    let flight = find(&state, &who, &id, Action::CompleteFlight)?;
    if said.project.is_some_and(|project| project != flight.project) {
        return Err(Problem::conflict("FlightTaken", "项目不符", "the flight is of another project"));
    }
    let parts: Vec<Part> = state.flights.parts(&id)?.into_values().collect();
    compare(&parts, said.expected, said.sha256s)?;
    let detail = json!({ "project": flight.project, "files": parts.len() });
    state.note_once(&who.name, "FLIGHT_COMPLETED", &format!("flight:{id}"), detail).await?;
    let begun = state.flights.turn_to(&id, &[Phase::Uploading], Phase::Checking, None)?;
    if begun.is_some() {
        let (state, id) = (state.clone(), id.clone());
        tokio::spawn(async move { check(&state, &id).await });
    }
    let flight = find(&state, &who, &id, Action::ReadFlight)?;
    Ok((StatusCode::ACCEPTED, axum::Json(whole(&state, &flight)?)).into_response())
}

/// Fails unless what came is what the client has.
fn compare(parts: &[Part], expected: usize, sha256s: Option<Vec<String>>) -> Result<(), Problem> {
    if parts.len() != expected || expected == 0 {
        let zh = format!("应有 {expected} 个文件，收到 {} 个", parts.len());
        let en = format!("{expected} files expected, {} received", parts.len());
        return Err(Problem::conflict("Incomplete", zh, en));
    }
    let Some(sha256s) = sha256s else { return Ok(()) };
    let mut wanted: Vec<String> = sha256s.iter().map(|text| digest(text)).collect::<Result<_, _>>()?;
    let mut found: Vec<&String> = parts.iter().map(|part| &part.sha256).collect();
    wanted.sort();
    found.sort();
    if found.into_iter().eq(&wanted) {
        return Ok(());
    }
    let (zh, en) = ("收到的文件与清单不符", "the files received are not those of the list");
    Err(Problem::conflict("DigestMismatch", zh, en))
}

/// A flight that the account may see; others' flights are refused.
fn find(state: &State, who: &Who, id: &str, action: Action) -> Result<Flight, Problem> {
    let flight = state.flights.find(id)?.ok_or_else(Problem::not_found)?;
    state.access.require(who, action, &Thing::of(Kind::Flight, id, &flight.owner))?;
    Ok(flight)
}

/// A flight as a line of the list.
fn row(state: &State, flight: &Flight) -> Result<Value, Problem> {
    let parts = state.flights.parts(&flight.id)?;
    let photos = parts.keys().filter(|name| is_photo(name)).count();
    let bytes: u64 = parts.values().map(|part| part.size).sum();
    Ok(json!({
        "id": flight.id, "project": flight.project, "owner": flight.owner, "opened": flight.opened,
        "completed": flight.completed, "photos": photos, "files": parts.len(), "bytes": bytes,
        "state": flight.state, "why": flight.why, "run": flight.state.of_run().map(|state| json!({ "state": state })),
    }))
}

/// A flight with everything that is known of it.
fn whole(state: &State, flight: &Flight) -> Result<Value, Problem> {
    let mut shown = row(state, flight)?;
    shown["check"] = json!(read_json::<Value>(&state.flights.check(&flight.id)).map_err(Problem::internal)?);
    if let Some(run) = flight.state.of_run() {
        let folder = state.flights.run(&flight.id);
        // What the run says of itself may be half written: it is asked again in a moment.
        let said = fs::read(folder.join("out/work/status.json")).ok();
        let said: Option<Value> = said.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let number = |name: &str| said.as_ref().and_then(|said| said[name].as_f64());
        let progress = number("done").zip(number("of")).map(|(done, of)| done / of.max(1.0));
        let step = said.as_ref().and_then(|said| said["step"].as_str()).map(str::to_owned);
        let progress = if flight.state == Phase::Done { Some(1.0) } else { progress };
        shown["run"] = json!({
            "state": run, "progress": progress, "step": step, "log": tail(&folder.join("run.log")),
        });
    }
    Ok(shown)
}
