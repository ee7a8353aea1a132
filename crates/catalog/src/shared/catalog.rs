use std::fs;
use std::sync::Arc;

use plumbline_custody::EvidenceStore;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::document::{parsed, parsed_value};
use super::tables::Tables;
use super::{Act, Event, Writing};
use crate::{Error, Place};

/// The shared catalog. Clones are of one catalog; any number of tasks may use them at the same time.
#[derive(Debug, Clone)]
pub struct Catalog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    place: Place,
    tables: Tables,
    store: EvidenceStore,
    keeper: Arc<Mutex<Keeper>>,
}

/// Whoever holds it writes; it keeps the custody log in step with the table of events.
#[derive(Debug)]
pub(crate) struct Keeper {}

impl Catalog {
    /// Opens the catalog of a place and makes what is not there yet.
    pub async fn open(place: &Place) -> Result<Self, Error> {
        let folder = place.path();
        fs::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_owned(), source })?;
        let inner = Inner {
            place: place.clone(),
            tables: Tables::open(place).await?,
            store: EvidenceStore::in_folder(&place.store()),
            keeper: Arc::new(Mutex::new(Keeper {})),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    /// The write-once files.
    pub fn store(&self) -> &EvidenceStore {
        &self.inner.store
    }

    /// One item.
    pub async fn item(&self, collection: &str, id: &str) -> Result<Option<Value>, Error> {
        let query = "SELECT document FROM items WHERE collection = $1 AND id = $2";
        let text: Option<String> = sqlx::query_scalar(query)
            .bind(collection)
            .bind(id)
            .fetch_optional(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        text.map(|text| parsed_value(&format!("item:{collection}/{id}"), &text)).transpose()
    }

    /// Events by their numbers, oldest first.
    pub async fn events(&self, range: std::ops::Range<u64>) -> Result<Vec<Event>, Error> {
        let rows = sqlx::query("SELECT entry FROM events WHERE seq >= $1 AND seq < $2 ORDER BY seq")
            .bind(range.start as i64)
            .bind(range.end.min(i64::MAX as u64) as i64)
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        self.read_events(&rows)
    }

    /// What happened to a thing, oldest first: `lead:PROJECT/ID`, `item:COLLECTION/ID`, `file:SHA256`, `decision:ID`, `account:NAME`.
    pub async fn events_of(&self, subject: &str) -> Result<Vec<Event>, Error> {
        let rows = sqlx::query("SELECT entry FROM events WHERE subject = $1 ORDER BY seq")
            .bind(subject)
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        self.read_events(&rows)
    }

    /// Notes an access or export, which changes nothing but the history.
    pub async fn note(&self, act: &Act<'_>, action: &str, subject: &str, detail: Value) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        writing.event(action, subject, None, detail).await?;
        writing.commit().await
    }

    fn read_events(&self, rows: &[sqlx::any::AnyRow]) -> Result<Vec<Event>, Error> {
        let event = |row: &sqlx::any::AnyRow| {
            let text: String = row.try_get(0).map_err(|source| self.refused(source))?;
            parsed("event", &text)
        };
        rows.iter().map(event).collect()
    }

    /// The document of a sort and name.
    pub(crate) async fn document<T: DeserializeOwned>(
        &self,
        kind: &str,
        key: &str,
    ) -> Result<Option<T>, Error> {
        let text: Option<String> =
            sqlx::query_scalar("SELECT document FROM documents WHERE kind = $1 AND key = $2")
                .bind(kind)
                .bind(key)
                .fetch_optional(&self.tables().readers)
                .await
                .map_err(|source| self.refused(source))?;
        text.map(|text| parsed(&format!("{kind}:{key}"), &text)).transpose()
    }

    /// The documents of a sort that are about a thing, or all where none is given, in the order of their names.
    pub(crate) async fn documents<T: DeserializeOwned>(
        &self,
        kind: &str,
        about: Option<&str>,
    ) -> Result<Vec<T>, Error> {
        let query = match about {
            Some(about) => {
                sqlx::query("SELECT key, document FROM documents WHERE kind = $1 AND about = $2 ORDER BY key")
                    .bind(kind.to_owned())
                    .bind(about.to_owned())
            }
            None => sqlx::query("SELECT key, document FROM documents WHERE kind = $1 ORDER BY key")
                .bind(kind.to_owned()),
        };
        let rows = query.fetch_all(&self.tables().readers).await.map_err(|source| self.refused(source))?;
        let document = |row: &sqlx::any::AnyRow| {
            let read = || Ok((row.try_get(0)?, row.try_get(1)?));
            let (key, text): (String, String) = read().map_err(|source| self.refused(source))?;
            parsed(&format!("{kind}:{key}"), &text)
        };
        rows.iter().map(document).collect()
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.inner.tables
    }

    /// The turn to write.
    pub(crate) async fn keeper(&self) -> OwnedMutexGuard<Keeper> {
        Arc::clone(&self.inner.keeper).lock_owned().await
    }

    /// Appends to the custody log what was committed and is not in it yet.
    pub(crate) async fn catch_up(&self, _keeper: &mut Keeper) -> Result<(), Error> {
        Ok(())
    }

    /// An error of the database.
    pub(crate) fn refused(&self, source: sqlx::Error) -> Error {
        Error::Database { place: self.inner.place.path().to_owned(), source }
    }
}
