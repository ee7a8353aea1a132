use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::shared::{Document, Writing};
use crate::{Act, Catalog, Error};

/// Sort of the documents.
const KIND: &str = "pin";

/// An epoch that is kept with its photos as the state before (基准期次).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The item of the epoch.
    pub epoch: String,
    /// Why.
    pub reason: String,
    /// Who pinned it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Catalog {
    /// Pins an epoch, by the name of its item.
    pub async fn pin(&self, act: &Act<'_>, epoch: &str, reason: &str) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let subject = self.require_item("epochs", epoch).await?;
        let pin =
            Pin { epoch: epoch.to_owned(), reason: reason.to_owned(), by: act.by.to_owned(), at: act.at };
        let document = Document::new(KIND, epoch, subject, &pin)?;
        writing.put("PINNED", &document, json!({ "reason": reason })).await?;
        writing.commit().await
    }

    /// Ends the pinning of an epoch: never by the person who pinned it.
    pub async fn unpin(&self, act: &Act<'_>, epoch: &str, reason: &str) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let kept: Option<Pin> = self.document(KIND, epoch).await?;
        let kept = kept.ok_or_else(|| Error::Unknown { what: format!("pin of epoch {epoch}") })?;
        if kept.by == act.by {
            return Err(Error::SamePerson { what: "a pin", by: act.by.to_owned() });
        }
        writing.remove("UNPINNED", KIND, epoch, json!({ "reason": reason })).await?;
        writing.commit().await
    }

    /// Every pin.
    pub async fn pins(&self) -> Result<Vec<Pin>, Error> {
        self.documents(KIND, None).await
    }
}
