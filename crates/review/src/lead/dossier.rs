use std::path::PathBuf;

use axum::extract::State as FromState;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use plumbline_catalog::{DecisionFile, LeadFile, Outcome};
use plumbline_custody::Digest;
use plumbline_dossier::{Dossier, Remark};
use plumbline_finding::Bilingual;
use serde_json::json;

use super::attachment::named;
use crate::Problem;
use crate::extract::Path;
use crate::state::{State, act, blocking};
use crate::who::Who;

/// `GET …/dossier.pdf`: the bilingual dossier of a lead, made now from what the store holds.
pub(crate) async fn dossier(
    FromState(state): FromState<State>,
    who: Who,
    Path((project, lead)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let file = state.catalog.lead(&project, &lead).await?.ok_or_else(Problem::not_found)?;
    let title = state.catalog.project(&project).await?.map_or_else(|| project.clone(), |known| known.title);
    let files = stored(&state, &file).await?;
    let act = act(&who.name);
    state
        .catalog
        .note(&act, "EXPORTED", &format!("lead:{project}/{lead}"), json!({ "as": "dossier" }))
        .await?;
    let (checkpoint, made_at) = (state.catalog.checkpoint().as_str().to_owned(), act.at);
    let server = state.clone();
    let pdf = blocking(move || {
        let remarks: Vec<Remark> = file.decisions.iter().flat_map(remarks).collect();
        let dossier = Dossier {
            project: &title,
            crs: &file.crs,
            software: concat!("plumbline ", env!("CARGO_PKG_VERSION")),
            made_at,
            checkpoint: Some(&checkpoint),
            lead: &file.lead,
            form: &file.form,
            remarks: &remarks,
            file: &|sha256| bytes(&files, sha256),
        };
        dossier.pdf(server.fonts()?).map_err(Problem::internal)
    });
    let said = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, named(&project, &lead, "pdf", "inline")),
    ];
    Ok((said, pdf.await?).into_response())
}

/// Where the evidence of a lead lies, by its digests.
async fn stored(state: &State, file: &LeadFile) -> Result<Vec<(String, PathBuf)>, Problem> {
    let mut files = Vec::new();
    for evidence in &file.lead.evidence {
        if let Some(stored) = state.catalog.file(&evidence.sha256).await? {
            files.push((evidence.sha256.clone(), state.catalog.file_path(&stored).await?));
        }
    }
    Ok(files)
}

/// The bytes of a stored file, if they still are those of its digest.
fn bytes(files: &[(String, PathBuf)], sha256: &str) -> Option<Vec<u8>> {
    let (_, path) = files.iter().find(|(known, _)| known == sha256)?;
    let bytes = std::fs::read(path).ok()?;
    (Digest::of(&bytes).to_string() == sha256).then_some(bytes)
}

/// A decision, and what a second person said of it.
fn remarks(decided: &DecisionFile) -> impl Iterator<Item = Remark> {
    let finding = &decided.decision.finding;
    let first = Remark {
        by: decided.by.clone(),
        at: decided.at,
        finding: finding.clone(),
        outcome: name(decided.decision.outcome),
        reason: decided.decision.reason.clone(),
    };
    let second = decided.second.as_ref().map(|second| Remark {
        by: second.by.clone(),
        at: second.at,
        finding: finding.clone(),
        outcome: if second.agreed {
            Bilingual::new("复核同意", "agreed")
        } else {
            Bilingual::new("复核不同意", "not agreed")
        },
        reason: second.reason.clone(),
    });
    std::iter::once(first).chain(second)
}

fn name(outcome: Outcome) -> Bilingual {
    match outcome {
        Outcome::Confirmed => Bilingual::new("属实", "confirmed"),
        Outcome::FalsePositive => Bilingual::new("误报", "false positive"),
        Outcome::AlreadyPermitted => Bilingual::new("已有许可", "permitted already"),
        Outcome::NeedsSurvey => Bilingual::new("需测量", "needs a survey"),
        Outcome::OtherAgency => Bilingual::new("其他部门", "for another agency"),
    }
}
