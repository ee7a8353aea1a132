use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plumbline_custody::EvidenceStore;
use serde::Deserialize;

use crate::Error;
use crate::stac::path_to_href;

/// Name of the SQLite file inside the folder.
const SQLITE: &str = "catalog.sqlite";

/// Name of the file that says what lies outside the folder.
const SETTINGS: &str = "catalog.toml";

/// Where a shared catalog is: a folder for log, keys and files, and a database; files may lie in a bucket, of which the folder has copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
    database: Option<String>,
}

/// `catalog.toml`, which names what lies outside the folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    database: Option<String>,
    store: Option<Bucket>,
}

/// The bucket of the files, and what `object_store` wants to know of it, such as `aws_endpoint`.
#[derive(Debug, Deserialize)]
struct Bucket {
    url: String,
    #[serde(flatten)]
    settings: BTreeMap<String, String>,
}

impl Place {
    /// A folder with the database and the bucket that its `catalog.toml` names; where it names none, all lies in the folder, the database as a
    /// SQLite file.
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

    /// The folder of the write-once files, or of their copies where they lie in a bucket.
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

    /// The store of the write-once files.
    pub(crate) fn open_store(&self) -> Result<EvidenceStore, Error> {
        let Some(Bucket { url, settings }) = self.settings()?.store else {
            return Ok(EvidenceStore::in_folder(&self.store()));
        };
        Ok(EvidenceStore::in_bucket(&self.store(), &url, settings)?)
    }

    /// Address of the database.
    pub(crate) fn url(&self) -> Result<String, Error> {
        if let Some(url) = &self.database {
            return Ok(url.clone());
        }
        let file = path_to_href(&self.folder.join(SQLITE).to_string_lossy());
        Ok(self.settings()?.database.unwrap_or_else(|| format!("sqlite://{file}?mode=rwc")))
    }

    fn settings(&self) -> Result<Settings, Error> {
        let path = self.folder.join(SETTINGS);
        match fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|source| Error::Settings { path, source: Box::new(source) })
            }
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
            Err(source) => Err(Error::Read { path, source }),
        }
    }
}
