use axum::extract::State as FromState;
use serde_json::{Value, json};

use crate::Problem;
use crate::state::State;

/// `GET /api/verify`: files, items, leads and events held against the custody log; what does not fit, by name.
pub(crate) async fn verify(FromState(state): FromState<State>) -> Result<axum::Json<Value>, Problem> {
    let faults = state.catalog.verify(None).await?;
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Ok(axum::Json(json!({ "faults": faults, "checkpoint": state.catalog.checkpoint().as_str() })))
}
