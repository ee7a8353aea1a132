use axum::extract::State as FromState;
use plumbline_catalog::{EpochFiles, LeadFile, LeadQuery, Token};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Problem;
use crate::extract::{Path, Query};
use crate::state::State;

/// What `GET /api/leads` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    project: Option<String>,
    state: Option<String>,
    priority: Option<String>,
    kind: Option<String>,
    presence: Option<String>,
    q: Option<String>,
    undecided: Option<String>,
    token: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/leads`: the queue, most urgent first.
pub(crate) async fn list(
    FromState(state): FromState<State>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Value>, Problem> {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let wanted = LeadQuery {
        project: said(asked.project),
        state: said(asked.state),
        priority: said(asked.priority),
        kind: said(asked.kind),
        presence: said(asked.presence),
        text: said(asked.q),
        undecided_only: said(asked.undecided).is_some_and(|text| text == "true" || text == "1"),
        token: said(asked.token).map(Token::from_text),
        limit: asked.limit.unwrap_or(0),
    };
    let page = state.catalog.leads(&wanted).await?;
    let next = page.next.map(|token| token.to_string());
    Ok(axum::Json(json!({ "leads": page.leads, "next": next })))
}

/// `GET /api/projects/{p}/leads/{id}`: a lead with everything that is known of it.
pub(crate) async fn show(
    FromState(state): FromState<State>,
    Path((project, id)): Path<(String, String)>,
) -> Result<axum::Json<Value>, Problem> {
    let file = state.catalog.lead(&project, &id).await?.ok_or_else(Problem::not_found)?;
    let mut shown = shown(&file)?;
    shown["clocks"] = json!(state.config.procedure.running(&file.lead, &state.config.calendar));
    let papers = &state.config.procedure.papers;
    shown["papers"] = papers.iter().map(|p| json!({ "code": p.code, "zh": p.zh, "en": p.en })).collect();
    Ok(axum::Json(shown))
}

/// A lead as the page wants it: what lies in the store by its address.
fn shown(file: &LeadFile) -> Result<Value, Problem> {
    let mut shown = serde_json::to_value(file).map_err(Problem::internal)?;
    shown["next_states"] = json!(file.lead.state().next());
    shown["before"] = json!(file.before.as_ref().map(epoch));
    shown["after"] = json!(file.after.as_ref().map(epoch));
    shown["plan"] = shown["after"]["plan"].clone();
    shown["photos"] = json!(file.photos.iter().map(|item| photo(item, file)).collect::<Vec<_>>());
    Ok(shown)
}

fn epoch(files: &EpochFiles) -> Value {
    let mut shown = json!({ "epoch": files.epoch, "date": files.datetime.get(..10) });
    for (name, sha256) in &files.assets {
        shown[name] = json!(href(sha256));
    }
    shown
}

/// An original photo that shows the lead, from its item, with the outline of the finding in its pixels.
fn photo(item: &Value, file: &LeadFile) -> Value {
    let properties = &item["properties"];
    let asset = item["assets"].as_object().and_then(|assets| assets.values().next()).unwrap_or(&Value::Null);
    let sha256 = asset["file:checksum"].as_str().and_then(|sum| sum.strip_prefix("1220")).unwrap_or_default();
    let size = &properties["plumbline:size_px"];
    let cited = file.lead.evidence.iter().find(|evidence| evidence.sha256 == sha256);
    let outline_px = cited.map(|evidence| &evidence.outline_px);
    json!({
        "sha256": sha256, "href": href(sha256), "name": item["id"], "epoch": properties["plumbline:flight"],
        "date": properties["datetime"].as_str().and_then(|at| at.get(..10)),
        "outline_px": outline_px.filter(|rings| !rings.is_empty()),
        "width": size[0], "height": size[1],
    })
}

fn href(sha256: &str) -> String {
    format!("/api/files/{sha256}")
}
