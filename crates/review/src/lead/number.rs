use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plumbline_case::DocumentNumber;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::{Json, Path, name, text};
use crate::state::{State, act};
use crate::who::Who;

/// What `POST …/numbers` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeNumber {
    /// Code of the sort of document, such as FILING.
    paper: String,
}

/// What `POST /api/numbers/void` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoidNumber {
    /// The number, such as 垦执立字〔2017〕第12号.
    #[schema(value_type = String)]
    number: DocumentNumber,
    /// Why it is given up.
    reason: String,
}

/// `POST …/numbers`: takes the next number of a sort of document for a lead.
pub(crate) async fn take(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
    Json(said): Json<TakeNumber>,
) -> Result<Response, Problem> {
    let (paper, procedure) = (name("paper", &said.paper)?, &state.config.procedure);
    let taken = state.catalog.take_number(&act(&who.name), &project, &lead, (procedure, &paper)).await?;
    Ok((StatusCode::CREATED, axum::Json(taken)).into_response())
}

/// `POST /api/numbers/void`: gives a number up.
pub(crate) async fn void(
    FromState(state): FromState<State>,
    who: Who,
    Json(said): Json<VoidNumber>,
) -> Result<axum::Json<Value>, Problem> {
    state.catalog.void_number(&act(&who.name), &said.number, &text("reason", &said.reason)?).await?;
    Ok(axum::Json(json!({ "number": said.number })))
}
