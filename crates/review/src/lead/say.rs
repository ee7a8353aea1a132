use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plumbline_case::{Actor, Officer, Officers, State as CaseState};
use plumbline_catalog::{Decision, Outcome, ReviewKind};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Problem;
use crate::access::Thing;
use crate::action::{Action, Kind};
use crate::extract::{Json, Path, name, optional_text, text};
use crate::state::{State, act};
use crate::upload::digest;
use crate::who::Who;

/// What `POST …/decisions` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    /// The finding.
    finding: String,
    /// CONFIRMED, `FALSE_POSITIVE`, `ALREADY_PERMITTED`, `NEEDS_SURVEY` or `OTHER_AGENCY`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// Why; some outcomes need it.
    reason: Option<String>,
    /// Number of the permit, of what is permitted already.
    permit_no: Option<String>,
}

/// What `POST /api/decisions/{id}/second` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondWord {
    /// Whether the second person agrees.
    agreed: bool,
    /// Why.
    reason: Option<String>,
}

/// What `POST /api/evidence/{sha256}/reviews` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Review {
    /// What was looked at: LEGAL or TECHNICAL, in capitals or not.
    kind: String,
    /// Whether it passed.
    passed: bool,
    /// Why.
    reason: Option<String>,
}

/// What `POST …/state` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    /// The state to go to, such as VERIFYING.
    #[schema(value_type = String)]
    to: CaseState,
    /// The two officers who do it (行政处罚法 42), each with name and number of the certificate.
    #[schema(value_type = Vec<Object>)]
    officers: Vec<Officer>,
    /// Why.
    reason: String,
}

/// `POST …/decisions`: what an inspector says of a finding.
pub(crate) async fn decide(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
    Json(said): Json<Decide>,
) -> Result<Response, Problem> {
    let decision = Decision {
        project,
        lead,
        finding: said.finding,
        outcome: said.outcome,
        reason: optional_text("reason", said.reason.as_deref())?.unwrap_or_default(),
        permit_no: said.permit_no.map(|no| name("permit_no", &no)).transpose()?,
    };
    let id = state.catalog.decide(&act(&who.name), decision).await?;
    Ok((StatusCode::CREATED, axum::Json(json!({ "id": id }))).into_response())
}

/// `POST /api/decisions/{id}/second`: what another person says of a decision.
pub(crate) async fn second(
    FromState(state): FromState<State>,
    who: Who,
    Path(id): Path<u64>,
    Json(said): Json<SecondWord>,
) -> Result<Response, Problem> {
    let decision = state.catalog.decision(id).await?.ok_or_else(Problem::not_found)?;
    let thing = Thing::of(Kind::Decision, "", &decision.by);
    state.access.require(&who, Action::SecondDecision, &thing).map_err(|_| same_person())?;
    let reason = optional_text("reason", said.reason.as_deref())?.unwrap_or_default();
    state.catalog.second(&act(&who.name), id, said.agreed, &reason).await?;
    Ok(axum::Json(state.catalog.decision(id).await?).into_response())
}

/// `POST /api/evidence/{sha256}/reviews`: a review of a piece of evidence by somebody who did not make it.
pub(crate) async fn review(
    FromState(state): FromState<State>,
    who: Who,
    Path(sha256): Path<String>,
    Json(said): Json<Review>,
) -> Result<Response, Problem> {
    let sha256 = digest(&sha256).map_err(|_| Problem::not_found())?;
    let kind = match said.kind.to_ascii_uppercase().as_str() {
        "LEGAL" => ReviewKind::Legal,
        "TECHNICAL" => ReviewKind::Technical,
        _ => return Err(Problem::bad_request("kind 须为 LEGAL 或 TECHNICAL", "kind is LEGAL or TECHNICAL")),
    };
    let file = state.catalog.file(&sha256).await?.ok_or_else(Problem::not_found)?;
    for maker in file.made_by.iter().chain([&file.filed_by]) {
        let thing = Thing::of(Kind::Evidence, &sha256, maker);
        state.access.require(&who, Action::ReviewEvidence, &thing).map_err(|_| same_person())?;
    }
    let reason = optional_text("reason", said.reason.as_deref())?.unwrap_or_default();
    state.catalog.review_evidence(&act(&who.name), &sha256, kind, said.passed, &reason).await?;
    Ok(axum::Json(json!({ "reviews": state.catalog.reviews(&sha256).await? })).into_response())
}

/// `POST …/state`: takes a lead to another state, by two officers.
pub(crate) async fn advance(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
    Json(said): Json<Advance>,
) -> Result<Response, Problem> {
    let officers = said.officers.iter().map(officer).collect::<Result<Vec<_>, _>>()?;
    let [first, other]: [Officer; 2] = officers.try_into().map_err(|_| {
        let (zh, en) = ("须由两名持证执法人员办理", "two officers with certificates of their own are needed");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "NotTwoOfficers", zh, en)
    })?;
    let officers = Officers::new(first, other).map_err(plumbline_catalog::Error::from)?;
    let reason = text("reason", &said.reason)?;
    let act = act(&who.name);
    state.catalog.advance(&act, &project, &lead, said.to, Actor::Agency(officers), &reason).await?;
    Ok(axum::Json(json!({ "state": said.to })).into_response())
}

fn officer(given: &Officer) -> Result<Officer, Problem> {
    Ok(Officer { name: name("officer", &given.name)?, cert_no: name("cert_no", &given.cert_no)? })
}

/// Whoever may review at all, but not this.
pub(crate) fn same_person() -> Problem {
    let (zh, en) = ("本人制作或作出的，须由他人审核", "another person than its maker must review it");
    Problem::new(StatusCode::FORBIDDEN, "SamePerson", zh, en)
}
