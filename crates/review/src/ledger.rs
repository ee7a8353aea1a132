use axum::extract::State as FromState;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::extract::{Path, Query};
use crate::state::State;

/// The books of a project that can be asked for.
const BOOKS: [&str; 3] = ["stages", "coverage", "trends"];

/// What `GET /api/ledger/{book}` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The project; all projects where none is named.
    project: Option<String>,
}

/// `GET /api/ledger/{book}`: construction stages, sites not flown, trends.
pub(crate) async fn book(
    FromState(state): FromState<State>,
    Path(book): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Value>, Problem> {
    if !BOOKS.contains(&book.as_str()) {
        return Err(Problem::not_found());
    }
    let projects = match asked.project.filter(|project| !project.is_empty()) {
        Some(project) => vec![project],
        None => state.catalog.projects().await?.into_iter().map(|project| project.id).collect(),
    };
    let mut rows = Vec::new();
    for project in &projects {
        rows.extend(state.catalog.ledger(project, &book).await?);
    }
    Ok(axum::Json(json!({ "rows": rows })))
}
