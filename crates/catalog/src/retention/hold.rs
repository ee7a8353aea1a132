use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::shared::{Document, Writing};
use crate::{Act, Catalog, Error};

/// Sort of the documents.
const KIND: &str = "hold";

/// A stop to all cleaning (冻结): of an item, or of everything that a lead cites, or of a whole project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its number.
    pub id: u64,
    /// What is held: `item:COLLECTION/ID`, `lead:PROJECT/ID` or `project:ID`.
    pub subject: String,
    /// Why, such as a suit or a complaint.
    pub reason: String,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Catalog {
    /// Holds an item, what a lead cites, or a project, until it is released; returns the number of the hold.
    pub async fn hold(&self, act: &Act<'_>, subject: &str, reason: &str) -> Result<u64, Error> {
        if reason.trim().is_empty() {
            return Err(Error::Incomplete { what: "a hold", needs: "a reason" });
        }
        let mut writing = Writing::begin(self, act).await?;
        self.require_subject(subject).await?;
        let hold = Hold {
            id: writing.next(),
            subject: subject.to_owned(),
            reason: reason.to_owned(),
            by: act.by.to_owned(),
            at: act.at,
        };
        let document = Document::new(KIND, hold.id.to_string(), subject, &hold)?;
        writing.put("HELD", &document, json!({ "about": subject, "reason": reason })).await?;
        writing.commit().await?;
        Ok(hold.id)
    }

    /// Ends a hold.
    pub async fn release(&self, act: &Act<'_>, hold: u64, reason: &str) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let key = hold.to_string();
        let kept: Option<Hold> = self.document(KIND, &key).await?;
        let kept = kept.ok_or_else(|| Error::Unknown { what: format!("hold {hold}") })?;
        writing.remove("RELEASED", KIND, &key, json!({ "about": kept.subject, "reason": reason })).await?;
        writing.commit().await
    }

    /// Every hold.
    pub async fn holds(&self) -> Result<Vec<Hold>, Error> {
        self.documents(KIND, None).await
    }

    /// Fails unless there is a thing of this name.
    pub(super) async fn require_subject(&self, subject: &str) -> Result<(), Error> {
        let name = subject.split_once(':').map(|(sort, name)| (sort, name, name.split_once('/')));
        let is_there = match name {
            Some(("item", _, Some((collection, id)))) => self.item(collection, id).await?.is_some(),
            Some(("lead", _, Some((project, id)))) => self.lead_document(project, id).await?.is_some(),
            Some(("project", id, _)) => self.project(id).await?.is_some(),
            _ => false,
        };
        if is_there { Ok(()) } else { Err(Error::Unknown { what: subject.to_owned() }) }
    }
}
