use std::path::PathBuf;

use chrono::{DateTime, Utc};
use plumbline_custody::{Digests, Stored};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;

use super::document::parsed_value;
use super::{Catalog, blocking};
use crate::Error;

/// Sort of the documents.
pub(super) const KIND: &str = "file";

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// SHA-256 of its content.
    pub sha256: String,
    /// SM3 of its content.
    pub sm3: String,
    /// Size, bytes.
    pub size: u64,
    /// Ending of its name in the store.
    pub extension: String,
    /// Media type.
    pub media_type: String,
    /// Name that it had, such as `2025-06-12/DJI_0001.JPG`.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// When its content was captured.
    pub captured: DateTime<Utc>,
    /// Who made it, where known.
    pub made_by: Option<String>,
    /// Who filed it.
    pub filed_by: String,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
}

/// What a stored file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FileKind {
    /// As a device recorded it.
    Original,
    /// A surface model, orthophoto or report of a block.
    Product,
    /// A picture made from products.
    Picture,
    /// A table, plan or other document.
    Document,
}

impl StoredFile {
    /// The file as the store knows it.
    pub fn stored(&self) -> Result<Stored, Error> {
        let digests = Digests { sha256: self.sha256.parse()?, sm3: self.sm3.parse()?, size: self.size };
        Ok(Stored::new(digests, &self.extension))
    }
}

impl Catalog {
    /// A stored file by its digest.
    pub async fn file(&self, sha256: &str) -> Result<Option<StoredFile>, Error> {
        self.document(KIND, sha256).await
    }

    /// Where a stored file lies on this machine, fetched first where only the bucket has it; its content is not checked here.
    pub async fn file_path(&self, file: &StoredFile) -> Result<PathBuf, Error> {
        let (store, stored) = (self.store().clone(), file.stored()?);
        blocking(move || Ok(store.file(&stored)?)).await
    }

    pub(crate) async fn require_file(&self, sha256: &str) -> Result<StoredFile, Error> {
        self.file(sha256).await?.ok_or_else(|| Error::Unknown { what: format!("file {sha256}") })
    }

    /// The items of a collection that are about a file.
    pub(crate) async fn items_of_file(&self, sha256: &str, collection: &str) -> Result<Vec<Value>, Error> {
        let rows =
            sqlx::query("SELECT document FROM items WHERE sha256 = $1 AND collection = $2 ORDER BY key")
                .bind(sha256)
                .bind(collection)
                .fetch_all(&self.tables().readers)
                .await
                .map_err(|source| self.refused(source))?;
        let item = |row: &sqlx::any::AnyRow| {
            let text: String = row.try_get(0).map_err(|source| self.refused(source))?;
            parsed_value("item", &text)
        };
        rows.iter().map(item).collect()
    }
}
