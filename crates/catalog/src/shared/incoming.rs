use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use plumbline_case::Lead;
use plumbline_custody::Digest;
use serde_json::{Value, json};

use super::FileKind;
use crate::run::ORIGINALS;
use crate::stac::{Root, file_name, href_to_path, media_type};
use crate::{Error, RunCatalog};

/// Tables that a run leaves beside its catalog.
pub const TABLES: [&str; 3] = ["stages", "coverage", "trends"];

/// A run's catalog as it is about to be filed: names and addresses are those of the shared catalog.
pub(crate) struct Incoming {
    pub project: String,
    pub title: String,
    pub crs: String,
    pub run_sha256: String,
    pub items: Vec<Value>,
    pub leads: Vec<Lead>,
    pub files: Vec<IncomingFile>,
    pub tables: BTreeMap<String, String>,
}

/// A file to be copied into the store.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IncomingFile {
    pub path: PathBuf,
    pub sha256: Digest,
    pub name: String,
    pub media_type: String,
    pub kind: FileKind,
    pub captured: DateTime<Utc>,
    pub made_by: Option<String>,
}

/// A run's catalog being read.
struct Reading<'a> {
    run: &'a Path,
    project: String,
    /// Path inside the run's folder and digest of every file that the run filed.
    filed: BTreeMap<PathBuf, Digest>,
    /// Collection and name of the item at each path inside the run's catalog.
    names: BTreeMap<String, (String, String)>,
    /// Flight and name of every original, by its digest.
    names_of_originals: BTreeMap<Digest, PathBuf>,
    files: BTreeMap<Digest, IncomingFile>,
    originals: bool,
}

impl Incoming {
    /// Reads a run; photos that no lead cites stay where they are.
    pub fn read(run: &Path) -> Result<Self, Error> {
        Self::read_as(run, false)
    }

    /// Reads a run with every original photo.
    pub fn read_with_originals(run: &Path) -> Result<Self, Error> {
        Self::read_as(run, true)
    }

    fn read_as(run: &Path, originals: bool) -> Result<Self, Error> {
        let catalog = RunCatalog::open(run)?;
        let filed: BTreeMap<PathBuf, Digest> = catalog.files()?.into_iter().collect();
        let mut names_of_originals = BTreeMap::new();
        for (path, sha256) in &filed {
            if let Some(name) = name_of_original(path) {
                names_of_originals.entry(*sha256).or_insert_with(|| name.to_owned());
            }
        }
        let mut reading = Reading {
            run,
            project: String::new(),
            filed,
            names_of_originals,
            names: catalog.documents()?,
            files: BTreeMap::new(),
            originals,
        };
        let (bytes, digest) = reading.document("catalog.json")?;
        let root: Root = json_of(&catalog.path(), &bytes)?;
        let title = root.title;
        reading.project = file_name(&title);
        let paths: Vec<String> = reading.names.keys().cloned().collect();
        let mut items = paths.iter().map(|path| reading.item(path)).collect::<Result<Vec<_>, _>>()?;
        let leads = catalog.leads()?.into_iter().map(|lead| reading.lead(lead)).collect::<Result<_, _>>()?;
        let tables = reading.tables(&items)?;
        let kept: BTreeSet<String> = reading.files.keys().map(ToString::to_string).collect();
        for item in &mut items {
            mark_kept(item, &kept);
        }
        let epoch = items.iter().find(|item| item["collection"] == "epochs");
        let crs =
            epoch.and_then(|item| item["properties"]["proj:code"].as_str()).unwrap_or_default().to_owned();
        Ok(Self {
            project: reading.project,
            title,
            crs,
            run_sha256: digest.to_string(),
            items,
            leads,
            files: reading.files.into_values().collect(),
            tables,
        })
    }
}

impl Reading<'_> {
    /// A document of the run's catalog, if it still is what the run filed.
    fn document(&self, path: &str) -> Result<(Vec<u8>, Digest), Error> {
        let inside = Path::new("catalog").join(path);
        let full = self.run.join(&inside);
        let bytes = fs::read(&full).map_err(|source| Error::Read { path: full.clone(), source })?;
        let found = Digest::of(&bytes);
        match self.filed.get(&inside) {
            Some(filed) if *filed == found => Ok((bytes, found)),
            _ => Err(Error::Altered { path: full, found: found.to_string() }),
        }
    }

    /// The item at a path, named and addressed as in the shared catalog.
    fn item(&mut self, path: &str) -> Result<Value, Error> {
        let (bytes, _) = self.document(path)?;
        let mut item: Value = json_of(&self.run.join("catalog").join(path), &bytes)?;
        let captured = item["properties"]["datetime"].as_str().and_then(|text| text.parse().ok());
        let captured: DateTime<Utc> = captured.unwrap_or_default();
        item["id"] = json!(self.name(item["id"].as_str().unwrap_or_default()));
        item["properties"]["plumbline:project"] = json!(self.project);
        let links: Vec<Value> =
            item["links"].as_array().into_iter().flatten().filter_map(|link| self.link(path, link)).collect();
        item["links"] = Value::Array(links);
        let made_by = item["properties"]["plumbline:made_by"].as_str().map(str::to_owned);
        let assets = item["assets"].as_object_mut().into_iter().flatten();
        for (_, asset) in assets {
            self.asset(path, asset, captured, made_by.as_deref())?;
        }
        Ok(item)
    }

    /// A link to another item, by its name; links of the tree are left out.
    fn link(&self, path: &str, link: &Value) -> Option<Value> {
        if matches!(link["rel"].as_str()?, "root" | "parent" | "self" | "collection") {
            return None;
        }
        let target = beside(path, link["href"].as_str()?);
        let (collection, id) = self.names.get(&target)?;
        let mut link = link.clone();
        link["href"] = json!(format!("item:{collection}/{}", self.name(id)));
        Some(link)
    }

    /// Addresses an asset by its content, and takes its file along where it belongs into the store.
    fn asset(
        &mut self,
        path: &str,
        asset: &mut Value,
        captured: DateTime<Utc>,
        made_by: Option<&str>,
    ) -> Result<(), Error> {
        let target =
            PathBuf::from(beside(&format!("catalog/{path}"), asset["href"].as_str().unwrap_or_default()));
        let Some(&sha256) = self.filed.get(&target) else {
            return Err(Error::Unknown { what: format!("{} in the run's catalog", target.display()) });
        };
        let photo = name_of_original(&target).map(Path::to_owned);
        let is_evidence = target.starts_with("catalog/evidence");
        asset["href"] = json!(format!("sha256:{sha256}"));
        if photo.is_some() && !self.originals {
            return Ok(());
        }
        let role = asset["roles"][0].as_str().unwrap_or_default();
        let kind = match (&photo, is_evidence, role) {
            (Some(_), _, _) | (None, true, "data") => FileKind::Original,
            (None, true, _) => FileKind::Picture,
            (None, false, _) => FileKind::Product,
        };
        let name = photo.unwrap_or_else(|| target.strip_prefix("epochs").unwrap_or(&target).to_owned());
        let file = IncomingFile {
            path: self.run.join(&target),
            sha256,
            name: name.to_string_lossy().into_owned(),
            media_type: asset["type"].as_str().unwrap_or_default().to_owned(),
            kind,
            captured,
            made_by: made_by.map(str::to_owned),
        };
        self.files.entry(sha256).or_insert(file);
        Ok(())
    }

    /// A lead whose evidence is named by where it came from, without the folders of this machine.
    fn lead(&mut self, mut lead: Lead) -> Result<Lead, Error> {
        for evidence in &mut lead.evidence {
            let sha256: Digest = evidence.sha256.parse()?;
            if let Some(name) = self.names_of_originals.get(&sha256) {
                evidence.file = Path::new("flights").join(name);
            }
            if let Some(file) = self.files.get_mut(&sha256) {
                file.name = evidence.file.to_string_lossy().into_owned();
                file.made_by.clone_from(&evidence.made_by);
            }
        }
        Ok(lead)
    }

    /// The tables beside the run's catalog, to be stored too.
    fn tables(&mut self, items: &[Value]) -> Result<BTreeMap<String, String>, Error> {
        let newest = items.iter().filter_map(|item| item["properties"]["datetime"].as_str()).max();
        let captured = newest.and_then(|text| text.parse().ok()).unwrap_or_default();
        let mut tables = BTreeMap::new();
        for table in TABLES {
            let name = format!("{table}.parquet");
            let path = self.run.join(&name);
            if !path.is_file() {
                continue;
            }
            let (sha256, _) = Digest::of_file(&path)?;
            tables.insert(table.to_owned(), sha256.to_string());
            let media_type = media_type(&name).to_owned();
            let file = IncomingFile {
                path,
                sha256,
                name,
                media_type,
                kind: FileKind::Document,
                captured,
                made_by: None,
            };
            self.files.insert(sha256, file);
        }
        Ok(tables)
    }

    /// Name of an item in the shared catalog.
    fn name(&self, id: &str) -> String {
        format!("{}~{id}", self.project)
    }
}

/// Flight and name of an original, from its path inside the run's folder; none for anything else.
fn name_of_original(path: &Path) -> Option<&Path> {
    path.strip_prefix("catalog").ok()?.strip_prefix(ORIGINALS).ok()
}

/// Says of each asset whether its file is in the store.
fn mark_kept(item: &mut Value, kept: &BTreeSet<String>) {
    for (_, asset) in item["assets"].as_object_mut().into_iter().flatten() {
        let sha256 = asset["href"].as_str().and_then(|href| href.strip_prefix("sha256:"));
        let stored = sha256.is_some_and(|sha256| kept.contains(sha256));
        asset["plumbline:stored"] = json!(stored);
    }
}

/// The path that an address in a document leads to.
fn beside(document: &str, href: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    let href = href_to_path(href);
    for part in href.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn json_of<T: serde::de::DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|source| Error::Json { path: path.to_owned(), source })
}
