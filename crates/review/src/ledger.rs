use axum::extract::State as FromState;
use plumbline_catalog::{Project, TABLES};
use plumbline_ledger::{Rows, read_parquet};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::extract::{Path, Query};
use crate::state::{State, blocking};

/// What `GET /api/ledger/{book}` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The project; all projects where none is named.
    project: Option<String>,
}

/// `GET /api/ledger/{book}`: construction stages, sites not flown, trends, as the runs that were filed last left them.
pub(crate) async fn book(
    FromState(state): FromState<State>,
    Path(book): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Value>, Problem> {
    if !TABLES.contains(&book.as_str()) {
        return Err(Problem::not_found());
    }
    let mut projects = state.catalog.projects().await?;
    if let Some(wanted) = asked.project.filter(|project| !project.is_empty()) {
        projects.retain(|project| project.id == wanted);
    }
    let mut rows = Vec::new();
    for project in &projects {
        rows.extend(of(&state, project, &book).await?);
    }
    Ok(axum::Json(json!({ "rows": rows })))
}

/// The rows of a project's book, with the project in each.
async fn of(state: &State, project: &Project, book: &str) -> Result<Vec<Value>, Problem> {
    let Some(sha256) = project.tables.get(book) else { return Ok(Vec::new()) };
    let file = state.catalog.file(sha256).await?.ok_or_else(Problem::not_found)?;
    let path = state.catalog.file_path(&file).await?;
    let table = blocking(move || read_parquet(&path).map_err(Problem::internal)).await?;
    let mut rows = Rows::of(&table).objects();
    for row in &mut rows {
        row["project"] = json!(project.title);
    }
    Ok(rows)
}
