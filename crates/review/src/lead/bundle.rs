use axum::extract::State as FromState;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::attachment::named;
use crate::Problem;
use crate::extract::Path;
use crate::state::{State, act, blocking};
use crate::who::Who;

/// `GET …/bundle.zip`: everything of a lead, to be verified without this server.
pub(crate) async fn bundle(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let folder = blocking(|| tempfile::tempdir().map_err(Problem::internal)).await?;
    let path = folder.path().join("bundle.zip");
    state.catalog.bundle(&act(&who.name), &project, &lead, &path).await?;
    let bytes = tokio::fs::read(&path).await.map_err(Problem::internal)?;
    let said = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, named(&project, &lead, "zip", "attachment")),
    ];
    Ok((said, bytes).into_response())
}
