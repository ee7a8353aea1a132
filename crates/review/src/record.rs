//! Records from body cameras, handhelds, interview rooms and scanners: their files come in by upload, then they are described.

use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plumbline_catalog::Record;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::access::Thing;
use crate::action::{Action, Kind};
use crate::extract::{Json, Query};
use crate::state::{State, act};
use crate::upload::digest;
use crate::who::Who;

/// What `GET /api/records/completeness` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subject {
    project: String,
    subject: String,
    template: String,
}

/// `POST /api/records`: describes a record whose file was uploaded with `purpose record`; `sha256` names the file.
pub(crate) async fn file(
    FromState(state): FromState<State>,
    who: Who,
    Json(mut said): Json<Value>,
) -> Result<Response, Problem> {
    let sha256 = digest(said["sha256"].as_str().unwrap_or_default())?;
    let file = state.catalog.file(&sha256).await?.ok_or_else(Problem::not_found)?;
    let thing = Thing::of(Kind::Upload, &sha256, &file.filed_by);
    state.access.require(&who, Action::FileRecord, &thing)?;
    let fields = said.as_object_mut().ok_or_else(|| unreadable("it is no object"))?;
    fields.remove("sha256");
    fields.insert("file".to_owned(), json!(state.catalog.file_path(&file).await?));
    let record: Record = serde_json::from_value(said).map_err(|error| unreadable(&error.to_string()))?;
    let id = state.catalog.file_record(&act(&who.name), record).await?;
    Ok((StatusCode::CREATED, axum::Json(json!({ "id": id }))).into_response())
}

/// `GET /api/records/templates`: producers, occasions and templates (六必录、一图N录).
pub(crate) async fn templates(FromState(state): FromState<State>) -> Result<axum::Json<Value>, Problem> {
    Ok(axum::Json(json!(state.catalog.templates()?)))
}

/// `GET /api/records/completeness`: which steps of a template a subject has records of.
pub(crate) async fn completeness(
    FromState(state): FromState<State>,
    Query(Subject { project, subject, template }): Query<Subject>,
) -> Result<axum::Json<Value>, Problem> {
    Ok(axum::Json(json!(state.catalog.completeness(&project, &subject, &template).await?)))
}

fn unreadable(why: &str) -> Problem {
    Problem::bad_request("记录的描述不完整或有误", format!("the record cannot be read: {why}"))
}
