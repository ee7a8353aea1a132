use plumbline_case::Lead;
use plumbline_custody::Digest;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::expected::Expected;
use crate::shared::{ItemColumns, LeadColumns, parsed_value};
use crate::{Catalog, Error, Fault};

/// Rows that are looked at together.
const CHUNK: i64 = 1000;

impl Catalog {
    /// Holds items, leads and documents against what the history says of them.
    pub(super) async fn check_tables(
        &self,
        expected: &mut Expected,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Error> {
        self.check_items(expected, faults).await?;
        self.check_leads(expected, faults).await?;
        self.check_documents(expected, faults).await
    }

    async fn check_items(&self, expected: &mut Expected, faults: &mut Vec<Fault>) -> Result<(), Error> {
        let mut last = 0;
        loop {
            let rows = sqlx::query("SELECT * FROM items WHERE key > $1 ORDER BY key LIMIT $2")
                .bind(last)
                .bind(CHUNK)
                .fetch_all(&self.tables().readers)
                .await
                .map_err(|source| self.refused(source))?;
            let Some(row) = rows.last() else { return Ok(()) };
            last = row.try_get("key").map_err(|source| self.refused(source))?;
            for row in &rows {
                let (subject, text) = item_of(row).map_err(|source| self.refused(source))?;
                if judge(&subject, &text, expected, faults) && !columns_fit(row, &subject, &text) {
                    faults.push(Fault::Columns { subject });
                }
            }
        }
    }

    async fn check_leads(&self, expected: &mut Expected, faults: &mut Vec<Fault>) -> Result<(), Error> {
        let rows = sqlx::query("SELECT * FROM leads ORDER BY project, id")
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        for row in &rows {
            let read = || Ok((row.try_get("project")?, row.try_get("id")?, row.try_get("document")?));
            let (project, id, text): (String, String, String) =
                read().map_err(|source| self.refused(source))?;
            let subject = format!("lead:{project}/{id}");
            if judge(&subject, &text, expected, faults) {
                let lead: Option<Lead> = serde_json::from_str(&text).ok();
                let fits = lead.is_some_and(|lead| {
                    LeadColumns::of(&project, &lead).is_ok_and(|columns| columns.fit(row).unwrap_or(false))
                });
                if !fits {
                    faults.push(Fault::Columns { subject });
                }
            }
        }
        Ok(())
    }

    async fn check_documents(&self, expected: &mut Expected, faults: &mut Vec<Fault>) -> Result<(), Error> {
        let (mut kind, mut key) = (String::new(), String::new());
        loop {
            let query =
                "SELECT kind, key, document FROM documents WHERE kind > $1 OR (kind = $2 AND key > $3)
                         ORDER BY kind, key LIMIT $4";
            let rows = sqlx::query(query)
                .bind(&kind)
                .bind(&kind)
                .bind(&key)
                .bind(CHUNK)
                .fetch_all(&self.tables().readers)
                .await
                .map_err(|source| self.refused(source))?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                let read = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get::<String, _>(2)?));
                let text;
                (kind, key, text) = read().map_err(|source| self.refused(source))?;
                judge(&format!("{kind}:{key}"), &text, expected, faults);
            }
        }
    }
}

/// Holds a document against the history; whether it fits.
fn judge(subject: &str, text: &str, expected: &mut Expected, faults: &mut Vec<Fault>) -> bool {
    let found = Digest::of(text.as_bytes());
    let subject = subject.to_owned();
    match expected.take(&subject) {
        Some(sha256) if sha256 == found.to_string() => return true,
        Some(_) => faults.push(Fault::Document { subject, found }),
        None => faults.push(Fault::Unlogged { subject }),
    }
    false
}

/// Whether the columns of an item say what its document says.
fn columns_fit(row: &AnyRow, subject: &str, text: &str) -> bool {
    let item = parsed_value(subject, text).ok();
    let columns = item.and_then(|item| ItemColumns::of(&item).ok());
    columns.is_some_and(|columns| columns.fit(row).unwrap_or(false))
}

/// What events call the item of a row, and its document.
fn item_of(row: &AnyRow) -> Result<(String, String), sqlx::Error> {
    let (collection, id): (String, String) = (row.try_get("collection")?, row.try_get("id")?);
    Ok((format!("item:{collection}/{id}"), row.try_get("document")?))
}
