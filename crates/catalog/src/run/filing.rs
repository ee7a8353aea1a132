use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use plumbline_case::{Evidence, Lead};
use plumbline_custody::{Digest, EvidenceStore, Stored};
use serde::Serialize;

use super::epoch_item::epoch_item;
use super::evidence_item::{evidence_asset, evidence_id, evidence_item, evidence_key};
use super::lead_item::{finding_item, lead_item};
use super::photo_item::{ORIGINALS, photo_item};
use crate::stac::{Collection, Item, Link, Root, file_name, path_to_href};
use crate::{Action, Contents, CustodyLog, EpochRecord, Error, FlightRecord};

/// The collections of a run: name, which is also the folder, title, description.
pub(crate) const COLLECTIONS: [(&str, &str, &str); 5] = [
    ("flights", "架次像片 / photos of the flights", "原始像片，一片一条 / one item an original photo"),
    ("epochs", "期次成果 / epochs", "筛查量测，不作为测绘成果 / screening measurements, not survey products"),
    (
        "findings",
        "疑点 / findings",
        "比对结果，含不确定度 / differences from the plan with their uncertainty",
    ),
    ("leads", "线索 / leads", "待核查线索与图像证据 / leads to verify, with image evidence"),
    ("evidence", "证据材料 / evidence", "按内容寻址，只写一次 / stored by content, written once"),
];

/// What the catalog says of itself.
const DESCRIPTION: &str = "准绳：两期航拍与批准图册的比对。筛查量测，不作为测绘成果。\n\n\
    Plumbline: drone photos of two dates held against the approved plan. \
    Screening measurements, not survey products; nothing here is evidence before two people have reviewed it.";

/// The JSON Schema of the project's own extension.
const SCHEMA: &str = include_str!("../../schema/plumbline.json");

/// A catalog being written: documents, stored files, log.
pub(crate) struct Filing<'a> {
    run: &'a Path,
    folder: &'a Path,
    contents: &'a Contents<'a>,
    actor: String,
    store: EvidenceStore,
    /// The custody log.
    pub log: CustodyLog,
    /// The items by path inside the catalog.
    pub items: BTreeMap<String, Item>,
    /// The evidence of each lead, as stored.
    pub evidence: Vec<(&'a Lead, &'a Evidence, Stored)>,
    /// Digest and size of every file, by path inside the run's folder.
    pub files: BTreeMap<String, (Digest, u64)>,
    /// The item that describes a photo or product, by the file's digest.
    sources: BTreeMap<String, Source>,
}

/// Where the item of an original or product lies inside the catalog, and when it was captured.
#[derive(Clone)]
struct Source {
    item: String,
    captured: DateTime<Utc>,
}

impl<'a> Filing<'a> {
    /// Files everything under `folder`, which will become `run/catalog`.
    pub fn new(run: &'a Path, folder: &'a Path, contents: &'a Contents<'a>) -> Result<Self, Error> {
        let mut filing = Self {
            run,
            folder,
            contents,
            actor: format!("{} {}", contents.software.name, contents.software.version),
            store: EvidenceStore::in_folder(&folder.join("evidence")),
            log: CustodyLog::default(),
            items: BTreeMap::new(),
            evidence: Vec::new(),
            files: BTreeMap::new(),
            sources: BTreeMap::new(),
        };
        contents.flights.iter().try_for_each(|flight| filing.flight(flight))?;
        contents.epochs.iter().try_for_each(|epoch| filing.epoch(epoch))?;
        contents.leads.iter().try_for_each(|lead| filing.lead(lead))?;
        filing.documents()?;
        Ok(filing)
    }

    /// Files the photos of a flight and leads a way to their folder.
    fn flight(&mut self, flight: &FlightRecord) -> Result<(), Error> {
        let folder = file_name(&flight.id);
        link_folder(&flight.folder, &self.folder.join(ORIGINALS).join(&folder))?;
        for photo in &flight.photos {
            let item = photo_item(flight, photo);
            let path = format!("flights/{folder}/{}.json", file_name(&photo.name));
            let captured = photo.captured_at.unwrap_or(flight.captured.0);
            self.log.append(Action::Registered, &item.id, &photo.sha256, captured, &self.actor);
            let original = format!("catalog/{ORIGINALS}/{folder}/{}", photo.name);
            self.files.insert(original, (photo.sha256, photo.size));
            self.sources.insert(photo.sha256.to_string(), Source { item: path.clone(), captured });
            self.add(path, item)?;
        }
        Ok(())
    }

    /// Files the products of an epoch.
    fn epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        let path = format!("epochs/{}.json", file_name(&epoch.id));
        let captured = epoch.captured.0;
        for product in &epoch.products {
            let (digest, size) = Digest::of_file(&self.run.join(&product.path))?;
            let subject = format!("{}/{}", epoch.id, product.kind.key());
            self.log.append(Action::Derived, subject, &digest, captured, &self.actor);
            self.files.insert(product.path.to_string_lossy().into_owned(), (digest, size));
            self.sources.insert(digest.to_string(), Source { item: path.clone(), captured });
        }
        self.add(path, epoch_item(self.run, epoch, &self.contents.software)?)
    }

    /// Files a lead with its findings and evidence.
    fn lead(&mut self, lead: &'a Lead) -> Result<(), Error> {
        let Contents { crs, epochs, .. } = self.contents;
        for finding in &lead.findings {
            let path = format!("findings/{}.json", file_name(&finding.id));
            self.add(path, finding_item(crs, finding, lead, epochs)?)?;
        }
        let (mut item, captured) = lead_item(crs, lead, epochs)?;
        let mut numbers = BTreeMap::new();
        for evidence in &lead.evidence {
            let stored = self.preserve(evidence, &item, captured)?;
            let number = numbers.entry(evidence.what).and_modify(|n| *n += 1).or_insert(1);
            let asset = evidence_asset(evidence.what, &stored, "../evidence/");
            item = item.file(&evidence_key(evidence.what, *number), asset);
            self.evidence.push((lead, evidence, stored));
        }
        let path = format!("leads/{}.json", file_name(&lead.id));
        let document = Digest::of(&json_bytes(lead, Path::new(&path))?);
        self.log.append(Action::Opened, &lead.id, &document, captured, &self.actor);
        self.add(path, item)
    }

    /// Copies a piece of evidence into the store, if it still is what the lead says, and files it.
    fn preserve(&mut self, evidence: &Evidence, lead: &Item, opened: DateTime<Utc>) -> Result<Stored, Error> {
        let path = self.run.join(&evidence.file);
        let stored = self.store.store_file(&path)?;
        if stored.sha256.to_string() != evidence.sha256 {
            return Err(Error::Altered { path, found: stored.sha256.to_string() });
        }
        let known =
            self.files.insert(format!("catalog/evidence/{}", stored.path()), (stored.sha256, stored.size));
        if known.is_none() {
            let origins = std::iter::once(&evidence.sha256).chain(&evidence.derived_from);
            let sources: Vec<Source> =
                origins.filter_map(|sha256| self.sources.get(sha256).cloned()).collect();
            let captured = sources.first().map_or(opened, |source| source.captured);
            let action = if evidence.derived_from.is_empty() { Action::Preserved } else { Action::Derived };
            self.log.append(action, stored.path(), &stored.sha256, captured, &self.actor);
            let to_source =
                |source: &Source| Link::to_item("derived_from", path_to_href(&format!("../{}", source.item)));
            let links = sources.iter().map(to_source).collect();
            let path = format!("evidence/{}.json", evidence_id(&stored));
            self.add(path, evidence_item(evidence, &stored, lead, captured, links))?;
        }
        Ok(stored)
    }

    /// Keeps an item to be written; every path is taken once.
    fn add(&mut self, path: String, item: Item) -> Result<(), Error> {
        if self.items.contains_key(&path) {
            return Err(Error::Duplicate { collection: item.collection, id: item.id });
        }
        self.items.insert(path, item);
        Ok(())
    }

    /// Writes items, collections, schema and root.
    fn documents(&mut self) -> Result<(), Error> {
        let items = self.items.clone();
        for (path, item) in &items {
            self.write(path, &json_bytes(item, Path::new(path))?)?;
        }
        let mut collections = Vec::new();
        for (id, title, description) in COLLECTIONS {
            let folder = format!("{id}/");
            let held = items.iter().filter_map(|(path, item)| Some((path.strip_prefix(&folder)?, item)));
            let collection = Collection::of(id, (title, description), held);
            let path = format!("{folder}collection.json");
            self.write(&path, &json_bytes(&collection, Path::new(&path))?)?;
            collections.push(collection);
        }
        self.write("schema/plumbline.json", SCHEMA.as_bytes())?;
        let root = Root::over(self.contents.project, DESCRIPTION, &collections, self.log.head());
        self.write("catalog.json", &json_bytes(&root, Path::new("catalog.json"))?)
    }

    /// Writes a document of the catalog.
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let target = self.folder.join(path);
        let written =
            target.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&target, bytes));
        written.map_err(|source| Error::Write { path: target, source })?;
        self.files.insert(format!("catalog/{path}"), (Digest::of(bytes), bytes.len() as u64));
        Ok(())
    }
}

/// A document as readable JSON with a line feed at the end.
pub(crate) fn json_bytes(document: &impl Serialize, path: &Path) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec_pretty(document);
    let mut bytes = json.map_err(|source| Error::Json { path: path.to_owned(), source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Makes `link` lead to a folder wherever it lies on this machine, without a word of that place in any document.
fn link_folder(folder: &Path, link: &Path) -> Result<(), Error> {
    let target = folder.canonicalize().map_err(|source| Error::Read { path: folder.to_owned(), source })?;
    let linked = link.parent().map_or(Ok(()), fs::create_dir_all);
    linked
        .and_then(|()| std::os::unix::fs::symlink(target, link))
        .map_err(|source| Error::Write { path: link.to_owned(), source })
}
