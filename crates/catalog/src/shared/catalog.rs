use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plumbline_custody::{Checkpoint, EvidenceStore, Log, Signer, Verifier, durable};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row;
use tokio::sync::OwnedMutexGuard;

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
    log: Arc<Mutex<Log>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// Entries that go into the custody log at once.
const AT_ONCE: i64 = 4096;

impl Catalog {
    /// Makes a catalog where there is none, with a custody log of this name (such as `bureau.example/custody`) and a key from 32 random
    /// bytes; opens the one that is there otherwise. Killed half-way, it goes on the next time.
    pub async fn create(place: &Place, log_name: &str, seed: [u8; 32]) -> Result<Self, Error> {
        let key = place.key();
        if !key.exists() {
            make_folder(&place.keys())?;
            Signer::from_seed(log_name, seed)?.save(&key)?;
        }
        let signer = Signer::load(&key)?;
        write_once(&place.verifier(), &format!("{}\n", signer.verifier()))?;
        if !place.log().join("checkpoint").exists() {
            make_folder(&place.log())?;
            Log::create(&place.log(), signer)?;
        }
        Self::open(place).await
    }

    /// Opens the catalog of a place; what a killed program has committed and not yet logged is logged now.
    pub async fn open(place: &Place) -> Result<Self, Error> {
        if !place.exists() {
            return Err(Error::NoCatalog { folder: place.path().to_owned() });
        }
        let inner = Inner {
            place: place.clone(),
            tables: Tables::open(place).await?,
            store: place.open_store()?,
            log: Arc::new(Mutex::new(Log::open(&place.log(), Signer::load(&place.key())?)?)),
            turn: Arc::default(),
        };
        let catalog = Self { inner: Arc::new(inner) };
        let turn = catalog.turn().await;
        catalog.catch_up(&turn).await?;
        Ok(catalog)
    }

    /// Closes the connections to the database, all clones' too. Only dropped, they close by and by: SQLite then takes its log away under whoever
    /// opens the catalog meanwhile.
    pub async fn close(self) {
        self.inner.tables.readers.close().await;
        self.inner.tables.writer.close().await;
    }

    /// The checkpoint of the custody log: keep it elsewhere, and a rolled back catalog will be found out.
    pub fn checkpoint(&self) -> Checkpoint {
        self.log().checkpoint().clone()
    }

    /// The public key of the custody log.
    pub fn verifier(&self) -> Result<Verifier, Error> {
        Ok(Verifier::load(&self.inner.place.verifier())?)
    }

    /// A file of the custody log by its address, such as `checkpoint` or `tile/0/000`; none where there is no such file.
    pub fn log_resource(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.log().resource(path)?)
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    /// The write-once files.
    pub fn store(&self) -> &EvidenceStore {
        &self.inner.store
    }

    /// The database, for tools that read it; what is changed past this type is a fault that [`Catalog::verify`] names.
    pub fn database(&self) -> &sqlx::AnyPool {
        &self.inner.tables.writer
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

    /// The turn to write: whoever has it writes.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.inner.turn).lock_owned().await
    }

    /// The custody log.
    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.inner.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends to the custody log what was committed and is not in it yet.
    pub(crate) async fn catch_up(&self, _turn: &OwnedMutexGuard<()>) -> Result<(), Error> {
        loop {
            let size = self.log().size();
            let entries: Vec<String> =
                sqlx::query_scalar("SELECT entry FROM events WHERE seq >= $1 AND seq < $2 ORDER BY seq")
                    .bind(size as i64)
                    .bind(size as i64 + AT_ONCE)
                    .fetch_all(&self.tables().readers)
                    .await
                    .map_err(|source| self.refused(source))?;
            if entries.is_empty() {
                return Ok(());
            }
            let log = Arc::clone(&self.inner.log);
            let append = move || {
                let entries: Vec<Vec<u8>> = entries.into_iter().map(String::into_bytes).collect();
                match log.lock().unwrap_or_else(PoisonError::into_inner).append(&entries) {
                    // Another program appended meanwhile: look again what is missing.
                    Ok(_) | Err(plumbline_custody::Error::Grown { .. }) => Ok(()),
                    Err(error) => Err(Error::from(error)),
                }
            };
            super::filed::blocking(append).await?;
        }
    }

    /// An error of the database.
    pub(crate) fn refused(&self, source: sqlx::Error) -> Error {
        Error::Database { place: self.inner.place.path().to_owned(), source }
    }
}

fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|source| Error::Write { path: path.to_owned(), source })
}

/// Writes a file for good, unless it is there.
fn write_once(path: &Path, text: &str) -> Result<(), Error> {
    if path.exists() {
        return Ok(());
    }
    durable::write(path, text.as_bytes()).map_err(|source| Error::Write { path: path.to_owned(), source })
}
