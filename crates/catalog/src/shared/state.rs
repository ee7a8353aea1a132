use plumbline_case::{Actor, Lead, State};
use serde_json::json;

use super::document::parsed;
use super::{Act, Catalog, Writing};
use crate::Error;

impl Catalog {
    /// Takes a lead to another state, if its life cycle and the actor allow that.
    #[expect(
        clippy::too_many_arguments,
        reason = "a step has who and when, a lead, a state, an actor and a reason"
    )]
    pub async fn advance(
        &self,
        act: &Act<'_>,
        project: &str,
        lead: &str,
        to: State,
        by: Actor,
        reason: &str,
    ) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let mut kept = self.require_lead(project, lead).await?;
        let from = kept.state();
        kept.advance(to, by, act.at.date_naive(), reason)?;
        writing.put_lead("ADVANCED", project, &kept, json!({ "from": from, "to": to })).await?;
        let id = format!("{project}~{lead}");
        if let Some(mut item) = self.item("leads", &id).await? {
            item["properties"]["plumbline:state"] = json!(to);
            writing.put_item("ADVANCED", &item, json!({})).await?;
        }
        writing.commit().await
    }

    /// The document of a lead as it is kept.
    pub(crate) async fn lead_document(&self, project: &str, lead: &str) -> Result<Option<Lead>, Error> {
        let text: Option<String> =
            sqlx::query_scalar("SELECT document FROM leads WHERE project = $1 AND id = $2")
                .bind(project)
                .bind(lead)
                .fetch_optional(&self.tables().readers)
                .await
                .map_err(|source| self.refused(source))?;
        text.map(|text| parsed(&format!("lead:{project}/{lead}"), &text)).transpose()
    }

    pub(crate) async fn require_lead(&self, project: &str, lead: &str) -> Result<Lead, Error> {
        let kept = self.lead_document(project, lead).await?;
        kept.ok_or_else(|| Error::Unknown { what: format!("lead {lead} of project {project}") })
    }
}
