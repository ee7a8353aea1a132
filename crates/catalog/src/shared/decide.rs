use serde_json::json;

use super::{Act, Catalog, Decision, DecisionFile, Document, Outcome, Second, Writing};
use crate::Error;

/// Sort of the documents.
pub(super) const KIND: &str = "decision";

impl Catalog {
    /// Keeps what an inspector says of a finding; returns the number of the decision.
    pub async fn decide(&self, act: &Act<'_>, decision: Decision) -> Result<u64, Error> {
        complete(&decision)?;
        let Decision { project, lead, finding, .. } = &decision;
        let mut writing = Writing::begin(self, act).await?;
        let known = self.require_lead(project, lead).await?;
        if !known.findings.iter().any(|own| own.id == *finding) {
            return Err(Error::Unknown { what: format!("finding {finding} of lead {lead}") });
        }
        let about = format!("lead:{project}/{lead}");
        let kept =
            DecisionFile { id: writing.next(), by: act.by.to_owned(), at: act.at, second: None, decision };
        let document = Document::new(KIND, kept.id.to_string(), &about, &kept)?;
        writing
            .put("DECIDED", &document, json!({ "about": about, "outcome": kept.decision.outcome }))
            .await?;
        writing.count_decisions(&kept.decision, 1, 1).await?;
        writing.commit().await?;
        Ok(kept.id)
    }

    /// Keeps what a second person says of a decision: never the one who made it, and once only.
    pub async fn second(
        &self,
        act: &Act<'_>,
        decision: u64,
        agreed: bool,
        reason: &str,
    ) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let mut kept = self.require_decision(decision).await?;
        if kept.by == act.by {
            return Err(Error::SamePerson { what: "a decision", by: act.by.to_owned() });
        }
        if let Some(second) = kept.second {
            return Err(Error::Done { what: format!("decision {decision}"), by: second.by });
        }
        kept.second = Some(Second { by: act.by.to_owned(), at: act.at, agreed, reason: reason.to_owned() });
        let about = format!("lead:{}/{}", kept.decision.project, kept.decision.lead);
        let document = Document::new(KIND, decision.to_string(), &about, &kept)?;
        writing.put("SECONDED", &document, json!({ "about": about, "agreed": agreed })).await?;
        writing.count_decisions(&kept.decision, 0, -1).await?;
        writing.commit().await
    }

    /// One decision.
    pub async fn decision(&self, id: u64) -> Result<Option<DecisionFile>, Error> {
        self.document(KIND, &id.to_string()).await
    }

    /// The decisions on a lead, oldest first.
    pub async fn decisions(&self, project: &str, lead: &str) -> Result<Vec<DecisionFile>, Error> {
        let mut all: Vec<DecisionFile> =
            self.documents(KIND, Some(&format!("lead:{project}/{lead}"))).await?;
        all.sort_by_key(|decision| decision.id);
        Ok(all)
    }

    async fn require_decision(&self, id: u64) -> Result<DecisionFile, Error> {
        self.decision(id).await?.ok_or_else(|| Error::Unknown { what: format!("decision {id}") })
    }
}

impl Writing {
    /// Counts decisions and those that wait for a second person, for the queue.
    async fn count_decisions(&mut self, decision: &Decision, all: i64, open: i64) -> Result<(), Error> {
        let query = "UPDATE leads SET decisions = decisions + $1, open_decisions = open_decisions + $2
                     WHERE project = $3 AND id = $4";
        let counted = sqlx::query(query)
            .bind(all)
            .bind(open)
            .bind(&decision.project)
            .bind(&decision.lead)
            .execute(self.db())
            .await;
        counted.map(drop).map_err(|source| self.refused(source))
    }
}

/// Fails if a decision lacks what its outcome needs.
fn complete(decision: &Decision) -> Result<(), Error> {
    let blank = |text: &str| text.trim().is_empty();
    match decision.outcome {
        Outcome::FalsePositive if blank(&decision.reason) => {
            Err(Error::Incomplete { what: "a false positive", needs: "a reason" })
        }
        Outcome::AlreadyPermitted if decision.permit_no.as_deref().is_none_or(blank) => {
            Err(Error::Incomplete { what: "an outcome ALREADY_PERMITTED", needs: "the number of the permit" })
        }
        _ => Ok(()),
    }
}
