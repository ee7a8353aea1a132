//! How long things are kept: grades by one person up and two down, holds, discs.

use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Utc};
use plumbline_catalog::{Disc, Grade, Graded};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Problem;
use crate::access::Thing;
use crate::action::{Action, Kind};
use crate::extract::{Json, Path, name, text};
use crate::lead::same_person;
use crate::state::{State, act};
use crate::who::Who;

/// What `POST …/grade` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GradeItem {
    /// LOW, MEDIUM or HIGH.
    #[schema(value_type = String)]
    grade: Grade,
    /// Why.
    reason: String,
}

/// What `POST …/grade/second` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondGrade {
    /// Whether the second person agrees to the lower grade.
    agreed: bool,
}

/// What `POST /api/holds` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHold {
    /// What is held: `item:COLLECTION/ID`, `lead:PROJECT/ID` or `project:ID`.
    subject: String,
    /// Why.
    reason: String,
}

/// What `POST /api/holds/{id}/release` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    /// Why.
    reason: String,
}

/// `GET …/keep`: until when an item is kept and why, its grade, and the lower grade that waits for a second person.
pub(crate) async fn keep(
    FromState(state): FromState<State>,
    Path((collection, id)): Path<(String, String)>,
) -> Result<axum::Json<Value>, Problem> {
    let keep = state.catalog.keep(&collection, &id).await?.ok_or_else(Problem::not_found)?;
    let grade = state.catalog.grade_of(&format!("item:{collection}/{id}")).await?;
    Ok(axum::Json(json!({ "until": keep.until, "reason": keep.reason, "grade": grade })))
}

/// `POST …/grade`: grades an item; a lower grade waits for a second person.
pub(crate) async fn grade(
    FromState(state): FromState<State>,
    who: Who,
    Path((collection, id)): Path<(String, String)>,
    Json(said): Json<GradeItem>,
) -> Result<axum::Json<Value>, Problem> {
    let reason = text("reason", &said.reason)?;
    let graded = state.catalog.grade(&act(&who.name), &collection, &id, said.grade, &reason).await?;
    Ok(axum::Json(json!({ "needs_second": graded == Graded::NeedsSecond })))
}

/// `POST …/grade/second`: what another person says of a lower grade.
pub(crate) async fn second_grade(
    FromState(state): FromState<State>,
    who: Who,
    Path((collection, id)): Path<(String, String)>,
    Json(said): Json<SecondGrade>,
) -> Result<axum::Json<Value>, Problem> {
    let subject = format!("item:{collection}/{id}");
    let waiting = state.catalog.grade_of(&subject).await?.and_then(|grade| grade.lowering);
    let waiting = waiting.ok_or_else(Problem::not_found)?;
    let thing = Thing::of(Kind::Grade, &subject, &waiting.by);
    state.access.require(&who, Action::SecondGrade, &thing).map_err(|_| same_person())?;
    state.catalog.second_grade(&act(&who.name), &collection, &id, said.agreed).await?;
    Ok(axum::Json(json!({ "grade": state.catalog.grade_of(&subject).await? })))
}

/// `GET /api/holds`: every hold.
pub(crate) async fn holds(FromState(state): FromState<State>) -> Result<axum::Json<Value>, Problem> {
    Ok(axum::Json(json!({ "holds": state.catalog.holds().await? })))
}

/// `POST /api/holds`: holds an item, what a lead cites, or a project.
pub(crate) async fn hold(
    FromState(state): FromState<State>,
    who: Who,
    Json(said): Json<NewHold>,
) -> Result<Response, Problem> {
    let (subject, reason) = (name("subject", &said.subject)?, text("reason", &said.reason)?);
    let id = state.catalog.hold(&act(&who.name), &subject, &reason).await?;
    Ok((StatusCode::CREATED, axum::Json(json!({ "id": id }))).into_response())
}

/// `POST /api/holds/{id}/release`: ends a hold.
pub(crate) async fn release(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<u64>,
    Json(said): Json<Release>,
) -> Result<axum::Json<Value>, Problem> {
    state.catalog.release(&act(&who.name), id, &text("reason", &said.reason)?).await?;
    Ok(axum::Json(json!({ "id": id })))
}

/// `GET /api/discs`: the discs that were burned, and those that are to be burned.
pub(crate) async fn discs(FromState(state): FromState<State>) -> Result<axum::Json<Value>, Problem> {
    let planned = state.catalog.plan_discs(Utc::now().year()).await?;
    let shown =
        |disc: &Disc| json!({ "volume": disc.volume, "files": disc.files.len(), "bytes": disc.bytes() });
    let planned: Vec<Value> = planned.iter().map(shown).collect();
    Ok(axum::Json(json!({ "burned": state.catalog.discs().await?, "planned": planned })))
}
