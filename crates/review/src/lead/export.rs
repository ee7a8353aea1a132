use axum::extract::State as FromState;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::Problem;
use crate::extract::Path;
use crate::state::{State, blocking};
use crate::who::Who;

/// `GET …/dossier.pdf`: the bilingual dossier of a lead.
pub(crate) async fn dossier(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let file = state.catalog.dossier(&project, &lead).await?.ok_or_else(Problem::not_found)?;
    let act = state.act(&who.name);
    let subject = format!("lead:{project}/{lead}");
    state.catalog.note(&act, "EXPORTED", &subject, json!({ "as": "dossier" })).await?;
    let path = state.catalog.file_path(&file)?;
    let bytes = tokio::fs::read(&path).await.map_err(Problem::internal)?;
    let said = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, named(&project, &lead, "pdf", "inline")),
    ];
    Ok((said, bytes).into_response())
}

/// `GET …/bundle.zip`: everything of a lead, to be verified without this server.
pub(crate) async fn bundle(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let folder = blocking(|| tempfile::tempdir().map_err(Problem::internal)).await?;
    let path = folder.path().join("bundle.zip");
    state.catalog.bundle(&state.act(&who.name), &project, &lead, &path).await?;
    let bytes = tokio::fs::read(&path).await.map_err(Problem::internal)?;
    let said = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, named(&project, &lead, "zip", "attachment")),
    ];
    Ok((said, bytes).into_response())
}

/// `Content-Disposition` with a name that is plain ASCII, whatever the lead is called.
fn named(project: &str, lead: &str, ending: &str, how: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
    };
    format!("{how}; filename=\"{}_{}.{ending}\"", plain(project), plain(lead))
}
