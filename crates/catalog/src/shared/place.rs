use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;
use crate::stac::path_to_href;

/// Name of the SQLite file inside the folder.
const SQLITE: &str = "catalog.sqlite";

/// Where a shared catalog is: a folder for files, log and keys, and a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
    database: Option<String>,
}

/// `catalog.toml`, which names a database outside the folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    database: String,
}

impl Place {
    /// A folder with the database that its `catalog.toml` names, or with a SQLite file where it has none.
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), database: None }
    }

    /// A `PostgreSQL` database by its address, and the folder of the files.
    pub fn postgres(url: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), database: Some(url.into()) }
    }

    /// The folder of files, log and keys.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The folder of the write-once files.
    pub fn store(&self) -> PathBuf {
        self.folder.join("store")
    }

    /// Whether a catalog has been made there.
    pub fn exists(&self) -> bool {
        self.key().exists() && self.log().join("checkpoint").exists()
    }

    /// The folder of the custody log.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The public key of the custody log.
    pub fn verifier(&self) -> PathBuf {
        self.keys().join("log.pub")
    }

    /// The folder of the keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The private key of the custody log.
    pub(crate) fn key(&self) -> PathBuf {
        self.keys().join("log.key")
    }

    /// Address of the database.
    pub(crate) fn url(&self) -> Result<String, Error> {
        if let Some(url) = &self.database {
            return Ok(url.clone());
        }
        let path = self.folder.join("catalog.toml");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let settings: Settings = toml::from_str(&text)
                    .map_err(|source| Error::Settings { path, source: Box::new(source) })?;
                Ok(settings.database)
            }
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                let file = path_to_href(&self.folder.join(SQLITE).to_string_lossy());
                Ok(format!("sqlite://{file}?mode=rwc"))
            }
            Err(source) => Err(Error::Read { path, source }),
        }
    }
}
