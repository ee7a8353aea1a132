use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Catalog, Error};

/// Sort of the documents.
pub(crate) const KIND: &str = "tombstone";

/// What is left of a thing that was swept (销毁记录).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The thing: `item:COLLECTION/ID`.
    pub subject: String,
    /// Digests of its files, by their names in the item.
    pub sha256: BTreeMap<String, String>,
    /// Its properties.
    pub metadata: Value,
    /// The rules and the grade by which it went.
    pub rule: String,
    /// Who approved.
    pub approved_by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Catalog {
    /// What is left of an item that was swept.
    pub async fn tombstone(&self, collection: &str, id: &str) -> Result<Option<Tombstone>, Error> {
        self.document(KIND, &format!("item:{collection}/{id}")).await
    }

    /// What is left of everything that was swept.
    pub async fn tombstones(&self) -> Result<Vec<Tombstone>, Error> {
        self.documents(KIND, None).await
    }
}
