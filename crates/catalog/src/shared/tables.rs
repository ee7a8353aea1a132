use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Executor};

use crate::{Error, Place};

/// Tables that both databases read.
const SHARED: &str = include_str!("../../schema/shared.sql");
/// What SQLite needs beside them.
const SQLITE: &str = include_str!("../../schema/sqlite.sql");
/// What `PostgreSQL` needs beside them.
const POSTGRES: &str = include_str!("../../schema/postgres.sql");

/// How every SQLite connection is set up: a log beside the file, flushed to disk at each commit.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000; \
    PRAGMA case_sensitive_like = ON; \
    PRAGMA cache_size = -65536; PRAGMA mmap_size = 8589934592;";

/// Readers at a time.
const READERS: u32 = 8;

/// The kind of database behind a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// The connections of a catalog: one that writes, several that read.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub engine: Engine,
    pub writer: AnyPool,
    pub readers: AnyPool,
}

impl Tables {
    /// Connects and makes the tables that are not there yet.
    pub async fn open(place: &Place) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let url = place.url()?;
        let engine = if url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres };
        let opened = async {
            let writer = pool(engine, &url, 1).await?;
            make(engine, &writer).await?;
            let readers = pool(engine, &url, READERS).await?;
            Ok(Self { engine, writer, readers })
        };
        opened.await.map_err(|source| Error::Database { place: place.path().to_owned(), source })
    }
}

async fn pool(engine: Engine, url: &str, connections: u32) -> Result<AnyPool, sqlx::Error> {
    let options: AnyConnectOptions = url.parse()?;
    AnyPoolOptions::new()
        .max_connections(connections)
        .after_connect(move |db, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    db.execute(sqlx::raw_sql(PRAGMAS)).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
}

async fn make(engine: Engine, writer: &AnyPool) -> Result<(), sqlx::Error> {
    let begin = if engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let mut transaction = writer.begin_with(begin).await?;
    sqlx::raw_sql(SHARED).execute(&mut *transaction).await?;
    let own = if engine == Engine::Sqlite { SQLITE } else { POSTGRES };
    sqlx::raw_sql(own).execute(&mut *transaction).await?;
    transaction.commit().await
}
