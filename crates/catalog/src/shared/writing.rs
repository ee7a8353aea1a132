use serde_json::Value;
use sqlx::{Any, Transaction};
use tokio::sync::OwnedMutexGuard;

use super::document::canonical;
use super::event::GONE;
use super::item_columns::ItemColumns;
use super::lead_row::LeadColumns;
use super::tables::Engine;
use super::{Act, Catalog, Document, Event};
use crate::Error;
use plumbline_case::Lead;
use plumbline_custody::Digest;

/// Longest entry that the custody log takes, bytes.
const LONGEST_ENTRY: usize = 65_535;

/// A change under way: one transaction, with an event for everything that it touches. Dropped, it leaves nothing behind.
pub(crate) struct Writing {
    catalog: Catalog,
    turn: OwnedMutexGuard<()>,
    db: Transaction<'static, Any>,
    by: String,
    at: chrono::DateTime<chrono::Utc>,
    next: u64,
    next_key: Option<i64>,
}

impl Writing {
    /// Waits until nobody else writes, and begins.
    pub async fn begin(catalog: &Catalog, act: &Act<'_>) -> Result<Self, Error> {
        let turn = catalog.turn().await;
        let tables = catalog.tables();
        let begun = async {
            match tables.engine {
                Engine::Sqlite => tables.writer.begin_with("BEGIN IMMEDIATE").await,
                Engine::Postgres => {
                    let mut db = tables.writer.begin().await?;
                    sqlx::query("LOCK TABLE events IN EXCLUSIVE MODE").execute(&mut *db).await?;
                    Ok(db)
                }
            }
        };
        let mut db = begun.await.map_err(|source| catalog.refused(source))?;
        let next: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), -1) + 1 FROM events")
            .fetch_one(&mut *db)
            .await
            .map_err(|source| catalog.refused(source))?;
        let logged = catalog.log().size();
        if (next as u64) < logged {
            return Err(Error::LogAhead { events: next as u64, logged });
        }
        Ok(Self {
            catalog: catalog.clone(),
            turn,
            db,
            by: act.by.to_owned(),
            at: act.at,
            next: next as u64,
            next_key: None,
        })
    }

    /// The act that is being written.
    pub fn act(&self) -> Act<'_> {
        Act { by: &self.by, at: self.at }
    }

    /// The connection, for queries that see the change.
    pub fn db(&mut self) -> &mut sqlx::AnyConnection {
        &mut self.db
    }

    /// An error of the database.
    pub fn refused(&self, source: sqlx::Error) -> Error {
        self.catalog.refused(source)
    }

    /// Number of the next event.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Notes that something happened.
    pub async fn event(
        &mut self,
        action: &str,
        subject: &str,
        sha256: Option<&Digest>,
        detail: Value,
    ) -> Result<(), Error> {
        let event = Event {
            seq: self.next,
            at: self.at,
            by: self.by.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            sha256: sha256.map(ToString::to_string),
            detail,
        };
        let entry = canonical(&event)?;
        if entry.len() > LONGEST_ENTRY {
            return Err(Error::TooLong { length: entry.len(), longest: LONGEST_ENTRY });
        }
        sqlx::query("INSERT INTO events (seq, subject, action, entry) VALUES ($1, $2, $3, $4)")
            .bind(self.next as i64)
            .bind(subject)
            .bind(action)
            .bind(entry)
            .execute(&mut *self.db)
            .await
            .map_err(|source| self.catalog.refused(source))?;
        self.next += 1;
        Ok(())
    }

    /// Writes a document, in place of the one of its name, and its event.
    pub async fn put(&mut self, action: &str, document: &Document, detail: Value) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO documents (kind, key, about, document) VALUES ($1, $2, $3, $4)
             ON CONFLICT (kind, key) DO UPDATE SET about = excluded.about, document = excluded.document",
        )
        .bind(document.kind)
        .bind(&document.key)
        .bind(&document.about)
        .bind(&document.text)
        .execute(&mut *self.db)
        .await
        .map_err(|source| self.catalog.refused(source))?;
        self.event(action, &document.subject(), Some(&document.digest()), detail).await
    }

    /// Removes a document, with an event that keeps nothing of it but what `detail` says.
    pub async fn remove(&mut self, action: &str, kind: &str, key: &str, detail: Value) -> Result<(), Error> {
        sqlx::query("DELETE FROM documents WHERE kind = $1 AND key = $2")
            .bind(kind)
            .bind(key)
            .execute(&mut *self.db)
            .await
            .map_err(|source| self.catalog.refused(source))?;
        self.event(action, &format!("{kind}:{key}"), None, gone(detail)).await
    }

    /// Writes an item, in place of the one of its name, and its event. The same item again writes nothing.
    pub async fn put_item(&mut self, action: &str, item: &Value, detail: Value) -> Result<bool, Error> {
        let columns = ItemColumns::of(item)?;
        let known = columns.known(&mut self.db).await.map_err(|source| self.catalog.refused(source))?;
        let key = match known {
            Some((_, text)) if text == columns.document => return Ok(false),
            Some((key, _)) => key,
            None => self.take_key().await?,
        };
        let engine = self.catalog.tables().engine;
        let written = columns.write(&mut self.db, engine, key).await;
        written.map_err(|source| self.catalog.refused(source))?;
        let digest = Digest::of(columns.document.as_bytes());
        self.event(action, &columns.subject(), Some(&digest), detail).await?;
        Ok(true)
    }

    /// Removes an item.
    pub async fn remove_item(
        &mut self,
        action: &str,
        collection: &str,
        id: &str,
        detail: Value,
    ) -> Result<(), Error> {
        let engine = self.catalog.tables().engine;
        let removed = ItemColumns::remove(&mut self.db, engine, collection, id).await;
        removed.map_err(|source| self.catalog.refused(source))?;
        self.event(action, &format!("item:{collection}/{id}"), None, gone(detail)).await
    }

    /// Writes a lead, in place of the one of its name, and its event.
    pub async fn put_lead(
        &mut self,
        action: &str,
        project: &str,
        lead: &Lead,
        detail: Value,
    ) -> Result<(), Error> {
        let columns = LeadColumns::of(project, lead)?;
        columns.write(&mut self.db).await.map_err(|source| self.catalog.refused(source))?;
        let digest = Digest::of(columns.document.as_bytes());
        self.event(action, &columns.subject(), Some(&digest), detail).await
    }

    /// Commits, and lets the custody log catch up: once this returns, the change is on disk in both.
    pub async fn commit(self) -> Result<(), Error> {
        self.db.commit().await.map_err(|source| self.catalog.refused(source))?;
        self.catalog.catch_up(&self.turn).await
    }

    /// The number of the next new item.
    async fn take_key(&mut self) -> Result<i64, Error> {
        let key = match self.next_key {
            Some(key) => key,
            None => sqlx::query_scalar("SELECT coalesce(max(key), 0) + 1 FROM items")
                .fetch_one(&mut *self.db)
                .await
                .map_err(|source| self.catalog.refused(source))?,
        };
        self.next_key = Some(key + 1);
        Ok(key)
    }
}

/// The detail of an event after which its subject is gone.
fn gone(mut detail: Value) -> Value {
    detail[GONE] = true.into();
    detail
}
