use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Catalog;
use crate::Error;

/// Sort of the documents.
pub(super) const KIND: &str = "project";

/// A project whose runs were filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Name in identifiers and addresses; the names of its items begin with it and a `~`.
    pub id: String,
    /// Name that people use.
    pub title: String,
    /// The map of its leads' outlines, such as `EPSG:4547`.
    pub crs: String,
    /// Digest of the `catalog.json` of the run that was filed last.
    pub run_sha256: String,
    /// When that was filed.
    pub filed_at: DateTime<Utc>,
    /// Tables that the run left beside its catalog, such as `stages`: digests of the stored files.
    pub tables: BTreeMap<String, String>,
}

impl Catalog {
    /// A project.
    pub async fn project(&self, id: &str) -> Result<Option<Project>, Error> {
        self.document(KIND, id).await
    }

    /// Every project, by name.
    pub async fn projects(&self) -> Result<Vec<Project>, Error> {
        self.documents(KIND, None).await
    }
}
