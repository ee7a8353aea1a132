use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plumbline_case::Lead;
use plumbline_custody::Digest;
use serde::Serialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Connection, Row};

use super::filing::Filing;
use crate::stac::Item;
use crate::{CustodyEvent, CustodyLog, Error};

/// The tables, in words that `PostgreSQL` reads as well.
const TABLES: &str = include_str!("../../schema/run.sql");

/// The searchable tables beside the documents, in one SQLite file.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    path: PathBuf,
}

impl Index {
    /// The index in a file.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Writes a fresh file in one transaction; the same filing makes the same bytes.
    pub fn create(&self, filing: &Filing<'_>, leads: &[Lead]) -> Result<(), Error> {
        let document = |lead: &Lead| serde_json::to_string(lead);
        let documents: Vec<String> =
            leads.iter().map(document).collect::<Result<_, _>>().map_err(|source| self.damaged(source))?;
        self.run(true, async |db| {
            let mut transaction = db.begin().await?;
            sqlx::raw_sql(TABLES).execute(&mut *transaction).await?;
            insert_items(&mut transaction, &filing.items).await?;
            insert_leads(&mut transaction, leads, &documents).await?;
            insert_evidence(&mut transaction, filing).await?;
            insert_custody(&mut transaction, filing.log.events()).await?;
            insert_files(&mut transaction, &filing.files).await?;
            transaction.commit().await
        })
    }

    /// The leads, in the order in which they were filed.
    pub fn leads(&self) -> Result<Vec<Lead>, Error> {
        let documents: Vec<String> = self.run(false, async |db| {
            sqlx::query_scalar("SELECT document FROM leads ORDER BY rowid").fetch_all(db).await
        })?;
        let leads = documents.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>();
        leads.map_err(|source| self.damaged(source))
    }

    /// The custody log.
    pub fn custody(&self) -> Result<CustodyLog, Error> {
        let rows = self.run(false, async |db| {
            sqlx::query("SELECT * FROM custody ORDER BY seq").fetch_all(db).await?.iter().map(event).collect()
        })?;
        Ok(CustodyLog::from_events(rows))
    }

    /// Path inside the run's folder and digest of every file, as filed.
    pub fn files(&self) -> Result<Vec<(PathBuf, Digest)>, Error> {
        let rows: Vec<(String, String)> = self.run(false, async |db| {
            sqlx::query_as("SELECT path, sha256 FROM files ORDER BY path").fetch_all(db).await
        })?;
        rows.into_iter().map(|(path, sha256)| Ok((path.into(), sha256.parse()?))).collect()
    }

    /// Collection and name of every item, by its path inside the catalog.
    pub fn documents(&self) -> Result<BTreeMap<String, (String, String)>, Error> {
        let rows: Vec<(String, String, String)> = self.run(false, async |db| {
            sqlx::query_as("SELECT path, collection, id FROM items ORDER BY path").fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(|(path, collection, id)| (path, (collection, id))).collect())
    }

    /// Runs queries on a connection of their own, and waits for them.
    fn run<T>(
        &self,
        fresh: bool,
        queries: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, Error> {
        let refused = |source| Error::Index { path: self.path.clone(), source };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|source| refused(source.into()))?;
        let options =
            SqliteConnectOptions::new().filename(&self.path).create_if_missing(fresh).read_only(!fresh);
        let outcome = runtime.block_on(async {
            let mut db = options.connect().await?;
            let outcome = queries(&mut db).await?;
            db.close().await?;
            Ok(outcome)
        });
        outcome.map_err(refused)
    }

    fn damaged(&self, source: serde_json::Error) -> Error {
        Error::Json { path: self.path.clone(), source }
    }
}

async fn insert_items(db: &mut SqliteConnection, items: &BTreeMap<String, Item>) -> Result<(), sqlx::Error> {
    for (path, item) in items {
        let [west, south, east, north] =
            item.bbox.map_or([None; 4], |[w, s, e, n]| [Some(w), Some(s), Some(e), Some(n)]);
        sqlx::query("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&item.collection)
            .bind(&item.id)
            .bind(path)
            .bind(item.properties["datetime"].as_str())
            .bind(west)
            .bind(south)
            .bind(east)
            .bind(north)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

async fn insert_leads(
    db: &mut SqliteConnection,
    leads: &[Lead],
    documents: &[String],
) -> Result<(), sqlx::Error> {
    for (lead, document) in leads.iter().zip(documents) {
        let kinds: Vec<&str> = lead.findings.iter().map(|finding| finding.kind.code()).collect();
        let building_no = lead.findings.iter().find_map(|finding| finding.building_no.as_deref());
        sqlx::query("INSERT INTO leads VALUES (?, ?, ?, ?, ?, ?)")
            .bind(&lead.id)
            .bind(lead.state().code())
            .bind(code(&lead.priority()))
            .bind(kinds.join(" "))
            .bind(building_no)
            .bind(document)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

async fn insert_evidence(db: &mut SqliteConnection, filing: &Filing<'_>) -> Result<(), sqlx::Error> {
    for (lead, evidence, stored) in &filing.evidence {
        sqlx::query("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)")
            .bind(&lead.id)
            .bind(stored.sha256.to_string())
            .bind(code(&evidence.what))
            .bind(stored.path())
            .bind(stored.size as i64)
            .bind(&evidence.proves)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

async fn insert_custody(db: &mut SqliteConnection, events: &[CustodyEvent]) -> Result<(), sqlx::Error> {
    for event in events {
        sqlx::query("INSERT INTO custody VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(event.seq as i64)
            .bind(&event.action)
            .bind(&event.subject)
            .bind(&event.sha256)
            .bind(&event.captured_at)
            .bind(&event.actor)
            .bind(&event.previous)
            .bind(&event.digest)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

async fn insert_files(
    db: &mut SqliteConnection,
    files: &BTreeMap<String, (Digest, u64)>,
) -> Result<(), sqlx::Error> {
    for (path, (digest, size)) in files {
        sqlx::query("INSERT INTO files VALUES (?, ?, ?)")
            .bind(path)
            .bind(digest.to_string())
            .bind(*size as i64)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// The code of an enumeration, as in the documents.
fn code(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// An event from its row, text for text: whatever was altered there breaks the chain.
fn event(row: &SqliteRow) -> Result<CustodyEvent, sqlx::Error> {
    Ok(CustodyEvent {
        seq: row.try_get::<i64, _>("seq")? as u64,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        sha256: row.try_get("sha256")?,
        captured_at: row.try_get("captured_at")?,
        actor: row.try_get("actor")?,
        previous: row.try_get("previous")?,
        digest: row.try_get("digest")?,
    })
}
