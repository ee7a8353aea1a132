use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plumbline_case::Lead;
use plumbline_custody::Digest;

use super::filing::Filing;
use super::index::Index;
use crate::stac::Root;
use crate::{Contents, CustodyLog, Error, Fault};

/// Folder of the catalog inside a run's.
const FOLDER: &str = "catalog";

/// Name of the folder while it is being written.
const UNDER_WAY: &str = "catalog.part";

/// Name of the index inside the catalog.
const INDEX: &str = "catalog.sqlite";

/// What a run has filed: STAC documents, evidence, index, custody log.
#[derive(Debug, Clone)]
pub struct RunCatalog {
    run: PathBuf,
    index: Index,
}

impl RunCatalog {
    /// Writes `run/catalog` anew; it appears whole or not at all.
    ///
    /// Products and evidence are named by paths inside `run`, and none may lie in `run/catalog` itself.
    pub fn create(run: &Path, contents: &Contents<'_>) -> Result<Self, Error> {
        let (folder, under_way) = (run.join(FOLDER), run.join(UNDER_WAY));
        remove(&under_way)?;
        create(&under_way)?;
        let filing = Filing::new(run, &under_way, contents)?;
        Index::at(&under_way.join(INDEX)).create(&filing, contents.leads)?;
        remove(&folder)?;
        fs::rename(&under_way, &folder).map_err(|source| Error::Write { path: folder, source })?;
        Self::open(run)
    }

    /// The catalog of a run.
    pub fn open(run: &Path) -> Result<Self, Error> {
        let catalog = Self { run: run.to_owned(), index: Index::at(&run.join(FOLDER).join(INDEX)) };
        catalog.root()?;
        Ok(catalog)
    }

    /// `catalog.json`, for tools that walk the catalog.
    pub fn path(&self) -> PathBuf {
        self.run.join(FOLDER).join("catalog.json")
    }

    /// The leads.
    pub fn leads(&self) -> Result<Vec<Lead>, Error> {
        self.index.leads()
    }

    /// Path inside the run's folder and digest of every file, as filed.
    pub(crate) fn files(&self) -> Result<Vec<(PathBuf, Digest)>, Error> {
        self.index.files()
    }

    /// Collection and name of every item, by its path inside the catalog.
    pub(crate) fn documents(&self) -> Result<BTreeMap<String, (String, String)>, Error> {
        self.index.documents()
    }

    /// The custody log.
    pub fn custody(&self) -> Result<CustodyLog, Error> {
        self.index.custody()
    }

    /// Hashes every filed file again and follows the custody log from end to end; returns what no longer fits.
    pub fn verify(&self) -> Result<Vec<Fault>, Error> {
        let log = self.custody()?;
        let mut faults: Vec<Fault> =
            log.first_break().map(|seq| Fault::LogBroken { seq }).into_iter().collect();
        if self.root()?.log_head != log.head() {
            faults.push(Fault::LogHead { found: log.head() });
        }
        for (path, filed) in self.index.files()? {
            let file = self.run.join(&path);
            if !file.exists() {
                faults.push(Fault::Missing { path });
                continue;
            }
            let (found, _) = Digest::of_file(&file)?;
            if found != filed {
                faults.push(Fault::Altered { path, filed, found });
            }
        }
        Ok(faults)
    }

    fn root(&self) -> Result<Root, Error> {
        let path = self.path();
        let bytes = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        serde_json::from_slice(&bytes).map_err(|source| Error::Json { path, source })
    }
}

fn create(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_owned(), source })
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(Error::Write { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}
