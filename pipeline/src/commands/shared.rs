//! What the commands that work with a shared catalog share.

use chrono::Utc;
use plumbline_catalog::{Act, Catalog, Place};

use crate::cli::CatalogPlace;
use crate::error::Error;

/// Name of a new custody log, where its owner gave it none.
const LOG_NAME: &str = "plumbline/custody";

impl CatalogPlace {
    /// The place that was named.
    pub fn place(&self) -> Result<Place, Error> {
        let is_address = self.catalog.starts_with("postgres://") || self.catalog.starts_with("postgresql://");
        match (&self.files, is_address) {
            (Some(files), true) => Ok(Place::postgres(&self.catalog, files)),
            (None, true) => Err(Error::NoFilesFolder { database: self.catalog.clone() }),
            (_, false) => Ok(Place::folder(&self.catalog)),
        }
    }

    /// Opens the catalog; makes it where there is none.
    pub async fn open(&self) -> Result<Catalog, Error> {
        Ok(Catalog::create(&self.place()?, LOG_NAME, random()?).await?)
    }
}

/// An act of now.
pub fn act(by: &str) -> Act<'_> {
    Act { by, at: Utc::now() }
}

/// Random bytes of the system.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|source| Error::Chance { said: source.to_string() })?;
    Ok(bytes)
}

/// Waits for work on the catalog.
pub fn wait<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(Error::Threads)?.block_on(work)
}
