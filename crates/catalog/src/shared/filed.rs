use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use plumbline_case::Lead;
use plumbline_custody::{EvidenceStore, Stored};
use serde_json::{Value, json};
use sqlx::Row;
use tokio::task::spawn_blocking;

use super::file::KIND as FILE;
use super::incoming::{Incoming, IncomingFile};
use super::project::KIND as PROJECT;
use super::{Act, Catalog, Document, FileKind, Project, StoredFile, Writing};
use crate::Error;
use crate::stac::media_type;

/// What filing a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The project in identifiers.
    pub project: String,
    /// Items of the run.
    pub items: usize,
    /// Leads of the run.
    pub leads: usize,
    /// Files of the run that are in the store.
    pub files: usize,
    /// Items, leads and files that are new or other than before; 0 where the same run was filed already.
    pub changed: usize,
}

impl Catalog {
    /// Files a run's catalog: products, pictures and the photos that leads cite are copied into the store, items and leads
    /// into the tables. The same run again changes nothing; a newer run of a project replaces its items and what its leads say, and
    /// keeps their states, decisions and reviews.
    pub async fn file_run(&self, act: &Act<'_>, run: &Path) -> Result<Filed, Error> {
        self.take_in(act, run, Incoming::read).await
    }

    /// Files a run as [`Catalog::file_run`] does, and copies every original photo, cited or not.
    pub async fn file_run_with_originals(&self, act: &Act<'_>, run: &Path) -> Result<Filed, Error> {
        self.take_in(act, run, Incoming::read_with_originals).await
    }

    async fn take_in(
        &self,
        act: &Act<'_>,
        run: &Path,
        read: fn(&Path) -> Result<Incoming, Error>,
    ) -> Result<Filed, Error> {
        let _filing = self.filing().await?;
        let (path, store) = (run.to_owned(), self.store().clone());
        let (incoming, stored) = blocking(move || {
            let incoming = read(&path)?;
            let stored = copy(&store, &incoming.files)?;
            Ok((incoming, stored))
        })
        .await?;
        let mut writing = Writing::begin(self, act).await?;
        let mut filed = Filed {
            project: incoming.project.clone(),
            items: incoming.items.len(),
            leads: incoming.leads.len(),
            files: incoming.files.len(),
            changed: 0,
        };
        for (file, stored) in incoming.files.iter().zip(&stored) {
            filed.changed += usize::from(self.file_file(&mut writing, file, stored).await?);
        }
        filed.changed += self.replace_items(&mut writing, &incoming).await?;
        for lead in &incoming.leads {
            filed.changed += usize::from(self.file_lead(&mut writing, &incoming.project, lead).await?);
        }
        if filed.changed > 0 {
            self.file_project(&mut writing, &incoming, &filed).await?;
        }
        writing.commit().await?;
        Ok(filed)
    }

    /// Files an original that lies in the store already, such as an upload, under the name that it came with; false where it is known.
    pub async fn file_original(&self, act: &Act<'_>, stored: &Stored, name: &str) -> Result<bool, Error> {
        let file = IncomingFile {
            path: PathBuf::from(name),
            sha256: stored.sha256,
            name: name.to_owned(),
            media_type: media_type(name).to_owned(),
            kind: FileKind::Original,
            captured: act.at,
            made_by: None,
        };
        let mut writing = Writing::begin(self, act).await?;
        let is_new = self.file_file(&mut writing, &file, stored).await?;
        writing.commit().await?;
        Ok(is_new)
    }

    /// Notes a stored file, unless it is known.
    pub(crate) async fn file_file(
        &self,
        writing: &mut Writing,
        file: &IncomingFile,
        stored: &Stored,
    ) -> Result<bool, Error> {
        let sha256 = stored.sha256.to_string();
        if self.file(&sha256).await?.is_some() {
            return Ok(false);
        }
        let kept = StoredFile {
            sha256: sha256.clone(),
            sm3: stored.sm3.to_string(),
            size: stored.size,
            extension: stored.extension.clone(),
            media_type: file.media_type.clone(),
            name: file.name.clone(),
            kind: file.kind,
            captured: file.captured,
            made_by: file.made_by.clone(),
            filed_by: writing.act().by.to_owned(),
            filed_at: writing.act().at,
        };
        let document = Document::new(FILE, &sha256, format!("file:{sha256}"), &kept)?;
        writing.put("STORED", &document, json!({ "name": file.name })).await?;
        Ok(true)
    }

    /// Writes the items of a run and removes those of the project's that it no longer has.
    async fn replace_items(&self, writing: &mut Writing, incoming: &Incoming) -> Result<usize, Error> {
        let rows =
            sqlx::query("SELECT collection, id FROM items WHERE project = $1 AND collection <> 'records'")
                .bind(&incoming.project)
                .fetch_all(writing.db())
                .await
                .map_err(|source| self.refused(source))?;
        let name = |row: &sqlx::any::AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
        let old: BTreeSet<(String, String)> =
            rows.iter().map(name).collect::<Result<_, _>>().map_err(|source| self.refused(source))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let new: BTreeMap<(String, String), &Value> = incoming
            .items
            .iter()
            .map(|item| ((text(&item["collection"]), text(&item["id"])), item))
            .collect();
        let mut changed = 0;
        for (collection, id) in &old {
            let stays = matches!(collection.as_str(), "leads" | "evidence" | "findings");
            if !stays && !new.contains_key(&(collection.clone(), id.clone())) {
                writing.remove_item("REPLACED", collection, id, json!({})).await?;
                changed += 1;
            }
        }
        for ((collection, id), item) in new {
            if self.tombstone(&collection, &id).await?.is_some() {
                continue;
            }
            let item = self.as_kept(item).await?;
            changed += usize::from(writing.put_item("FILED", &item, json!({})).await?);
        }
        Ok(changed)
    }

    /// An item of a run with what people have done to it since: states and reviews.
    async fn as_kept(&self, item: &Value) -> Result<Value, Error> {
        let mut item = item.clone();
        let (collection, id) = (item["collection"].as_str(), item["id"].as_str());
        let (Some(collection @ ("leads" | "evidence")), Some(id)) = (collection, id) else { return Ok(item) };
        if let Some(kept) = self.item(collection, id).await? {
            for property in ["plumbline:state", "plumbline:reviewed"] {
                if !kept["properties"][property].is_null() {
                    item["properties"][property] = kept["properties"][property].clone();
                }
            }
        }
        Ok(item)
    }

    /// Writes a lead of a run, keeping the history and evidence that the catalog has of it.
    async fn file_lead(&self, writing: &mut Writing, project: &str, lead: &Lead) -> Result<bool, Error> {
        let kept = self.lead_document(project, &lead.id).await?;
        let lead = kept.as_ref().map_or_else(|| lead.clone(), |kept| renewed(kept, lead));
        if kept.as_ref() == Some(&lead) {
            return Ok(false);
        }
        let action = if kept.is_some() { "RENEWED" } else { "OPENED" };
        writing.put_lead(action, project, &lead, json!({})).await?;
        Ok(true)
    }

    async fn file_project(
        &self,
        writing: &mut Writing,
        incoming: &Incoming,
        filed: &Filed,
    ) -> Result<(), Error> {
        let project = Project {
            id: incoming.project.clone(),
            title: incoming.title.clone(),
            crs: incoming.crs.clone(),
            run_sha256: incoming.run_sha256.clone(),
            filed_at: writing.act().at,
            tables: incoming.tables.clone(),
        };
        let document = Document::new(PROJECT, &project.id, format!("project:{}", project.id), &project)?;
        let detail = json!({ "items": filed.items, "leads": filed.leads, "files": filed.files, "run": project.run_sha256 });
        writing.put("RUN_FILED", &document, detail).await
    }
}

/// A lead as a newer run tells it, with what the agency has done and what the lead has cited before.
fn renewed(kept: &Lead, told: &Lead) -> Lead {
    let mut lead = told.clone();
    if kept.history.len() > 1 || kept.history.first() == told.history.first() {
        lead.history.clone_from(&kept.history);
    }
    let known = |sha256: &str| told.evidence.iter().any(|own| own.sha256 == sha256);
    lead.evidence.extend(kept.evidence.iter().filter(|old| !known(&old.sha256)).cloned());
    lead
}

/// Copies files into the store; a file that is no longer what the run filed is refused.
fn copy(store: &EvidenceStore, files: &[IncomingFile]) -> Result<Vec<Stored>, Error> {
    let copied = |file: &IncomingFile| {
        let stored = store.store_file(&file.path)?;
        if stored.sha256 == file.sha256 {
            Ok(stored)
        } else {
            Err(Error::Altered { path: file.path.clone(), found: stored.sha256.to_string() })
        }
    };
    files.iter().map(copied).collect()
}

/// Runs what waits for disks on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(|_| Error::Stopped)?
}
