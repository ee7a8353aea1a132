use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;
use sqlx::Row;

use super::Parts;
use super::page::page;
use super::parts::{DOCUMENTS, FILES, KEY, LIST, PAGE, RECEIPTS};
use super::write::write;
use crate::shared::{Writing, blocking};
use crate::{Act, Catalog, Error, LeadFile, StoredFile};

impl Catalog {
    /// Writes a lead's evidence to hand over: a folder, or one file where `out` ends in `.zip`. The export is an event.
    ///
    /// It holds the lead with its findings, decisions and reviews as they are kept, every file that it cites, a receipt of the custody log for
    /// every event of them, and the log's public key; [`verify_bundle`](crate::verify_bundle) checks it without this catalog.
    pub async fn bundle(&self, act: &Act<'_>, project: &str, lead: &str, out: &Path) -> Result<(), Error> {
        let file = self.lead(project, lead).await?;
        let file =
            file.ok_or_else(|| Error::Unknown { what: format!("lead {lead} of project {project}") })?;
        let mut writing = Writing::begin(self, act).await?;
        let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
        writing.event("EXPORTED", &format!("lead:{project}/{lead}"), None, json!({ "bundle": name })).await?;
        writing.commit().await?;
        let parts = self.parts(&file).await?;
        let out = out.to_owned();
        blocking(move || write(&parts, &out)).await
    }

    async fn parts(&self, file: &LeadFile) -> Result<Parts, Error> {
        let mut parts = Parts::default();
        let documents = self.documents_of(file).await?;
        let mut list = BTreeMap::new();
        for (number, (subject, text)) in documents.iter().enumerate() {
            let path = format!("{DOCUMENTS}/{number:04}.json");
            list.insert(path.clone(), subject.clone());
            parts.add(path, text.as_bytes());
        }
        let mut events = Vec::new();
        for subject in documents.keys() {
            events.extend(self.events_of(subject).await?);
        }
        events.sort_by_key(|event| event.seq);
        for event in &events {
            let receipt = self.log().receipt(event.seq)?;
            parts.add(format!("{RECEIPTS}/{:08}.tlog-proof", event.seq), receipt.encode());
        }
        let files = self.files_of(file).await?;
        for stored in &files {
            let path = self.file_path(stored).await?;
            parts.add_file(format!("{FILES}/{}.{}", stored.sha256, stored.extension), path);
        }
        parts.add(LIST, serde_json::to_vec_pretty(&list).map_err(Error::Unwritable)?);
        parts.add(KEY, format!("{}\n", self.verifier()?));
        parts.add(PAGE, page(file, &files, &events, self.checkpoint().as_str())?);
        Ok(parts)
    }

    /// The documents that make up a lead, as they are kept, by their subjects.
    async fn documents_of(&self, file: &LeadFile) -> Result<BTreeMap<String, String>, Error> {
        let LeadFile { project, lead, .. } = file;
        let mut texts = BTreeMap::new();
        let text: Option<String> =
            sqlx::query_scalar("SELECT document FROM leads WHERE project = $1 AND id = $2")
                .bind(project)
                .bind(&lead.id)
                .fetch_optional(&self.tables().readers)
                .await
                .map_err(|source| self.refused(source))?;
        texts.extend(text.map(|text| (format!("lead:{project}/{}", lead.id), text)));
        self.texts_about(&format!("lead:{project}/{}", lead.id), &mut texts).await?;
        for sha256 in cited(file) {
            self.texts_about(&format!("file:{sha256}"), &mut texts).await?;
        }
        let mut items = vec![("leads", lead.id.clone())];
        items.extend(lead.findings.iter().map(|finding| ("findings", finding.id.clone())));
        let epochs = [&file.before, &file.after].into_iter().flatten();
        items.extend(epochs.map(|epoch| ("epochs", epoch.epoch.clone())));
        for (collection, id) in items {
            let id = format!("{project}~{id}");
            let text: Option<String> =
                sqlx::query_scalar("SELECT document FROM items WHERE collection = $1 AND id = $2")
                    .bind(collection)
                    .bind(&id)
                    .fetch_optional(&self.tables().readers)
                    .await
                    .map_err(|source| self.refused(source))?;
            texts.extend(text.map(|text| (format!("item:{collection}/{id}"), text)));
        }
        Ok(texts)
    }

    /// The documents about a thing: decisions of a lead; the file and reviews of a piece of evidence.
    async fn texts_about(&self, about: &str, texts: &mut BTreeMap<String, String>) -> Result<(), Error> {
        let query = "SELECT kind, key, document FROM documents
                     WHERE kind IN ('decision', 'review', 'file', 'hold') AND about = $1 ORDER BY kind, key";
        let rows = sqlx::query(query)
            .bind(about)
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        for row in rows {
            let read = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
            let (kind, key, text): (String, String, String) =
                read().map_err(|source| self.refused(source))?;
            texts.insert(format!("{kind}:{key}"), text);
        }
        Ok(())
    }

    /// The stored files of a lead: its evidence and the products that it was made from.
    async fn files_of(&self, file: &LeadFile) -> Result<Vec<StoredFile>, Error> {
        let mut files = Vec::new();
        for sha256 in cited(file) {
            files.extend(self.file(&sha256).await?);
        }
        Ok(files)
    }
}

/// Digests of everything that a lead cites.
fn cited(file: &LeadFile) -> BTreeSet<String> {
    let evidence = file.lead.evidence.iter();
    evidence.flat_map(|e| std::iter::once(&e.sha256).chain(&e.derived_from)).cloned().collect()
}
