use plumbline_custody::Digest;
use serde_json::{Value, json};

use super::{Record, RecordTemplates};
use crate::shared::{IncomingFile, Writing, bbox_of, blocking};
use crate::stac::{Asset, Item, extension, file_name, utc};
use crate::{Act, Catalog, Error, FileKind};

/// The collection of records.
const COLLECTION: &str = "records";

impl Catalog {
    /// Files a record: its original is copied into the store, and an item describes it; returns the name of the item.
    pub async fn file_record(&self, act: &Act<'_>, record: Record) -> Result<String, Error> {
        let templates = self.templates()?;
        checked(&record, &templates)?;
        let _filing = self.filing().await?;
        let (path, store) = (record.file.clone(), self.store().clone());
        let stored = blocking(move || Ok(store.store_file(&path)?)).await?;
        let item = item(&record, &stored.sha256, stored.size, &templates)?;
        let id = item.id.clone();
        if let Some(known) = self.item(COLLECTION, &id).await?
            && known["assets"]["file"]["href"] != item.assets["file"].href
        {
            return Err(Error::Duplicate { collection: COLLECTION.to_owned(), id });
        }
        let name = record.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = IncomingFile {
            path: record.file,
            sha256: stored.sha256,
            name,
            media_type: record.media_type,
            kind: FileKind::Original,
            captured: record.captured.0,
            made_by: record.made_by,
        };
        let mut writing = Writing::begin(self, act).await?;
        self.file_file(&mut writing, &file, &stored).await?;
        let item = serde_json::to_value(item).map_err(Error::Unwritable)?;
        writing.put_item("RECORDED", &item, json!({})).await?;
        writing.commit().await?;
        Ok(id)
    }

    /// What records must show here.
    pub fn templates(&self) -> Result<RecordTemplates, Error> {
        RecordTemplates::of(self.place().path())
    }
}

/// Fails unless a record says what its sort needs.
fn checked(record: &Record, templates: &RecordTemplates) -> Result<(), Error> {
    let producer = templates.producer(&record.producer)?;
    let lacks = |name: &&String| record.details.get(name.as_str()).is_none_or(Value::is_null);
    if let Some(name) = producer.needs.iter().find(lacks) {
        return Err(Error::RecordLacks { record: record.id.clone(), needs: format!("details.{name}") });
    }
    if let Some(trigger) = &record.trigger {
        templates.trigger(trigger)?;
    }
    if let Some(step) = &record.step {
        let known = templates.template(&step.template)?.step(&step.step)?;
        if step.repeat_no == 0 || (step.repeat_no > 1 && !known.repeats) {
            let needs = format!("a repeat_no of 1: the step {} comes once", step.step);
            return Err(Error::RecordLacks { record: record.id.clone(), needs });
        }
    }
    let blank = [("id", &record.id), ("project", &record.project), ("subject", &record.subject)]
        .into_iter()
        .find(|(_, text)| text.trim().is_empty());
    let backwards = record.captured.1 < record.captured.0;
    let unexplained = record.gaps.iter().any(|gap| gap.reason.trim().is_empty());
    let needs = match (blank, backwards, unexplained) {
        (Some((name, _)), ..) => name,
        (None, true, _) => "an end that is not before its beginning",
        (None, false, true) => "a reason for each gap",
        _ => return Ok(()),
    };
    Err(Error::RecordLacks { record: record.id.clone(), needs: needs.to_owned() })
}

fn item(record: &Record, sha256: &Digest, size: u64, templates: &RecordTemplates) -> Result<Item, Error> {
    let project = file_name(&record.project);
    let (from, to) = record.captured;
    let version =
        record.step.as_ref().map(|step| templates.template(&step.template)).transpose()?.map(|t| t.version);
    let asset = Asset::new(format!("sha256:{sha256}"), &record.id, &record.media_type, "data")
        .checked(sha256, size)
        .with("plumbline:stored", json!(true));
    let mut item = Item::new(COLLECTION, &format!("{project}~{}", file_name(&record.id)), from, "")
        .extended(&[extension::FILE, extension::PLUMBLINE])
        .at(record.place.clone(), bbox_of(&record.place))
        .with("start_datetime", json!(utc(from)))
        .with("end_datetime", json!(utc(to)))
        .with("plumbline:project", json!(project))
        .with("plumbline:producer", json!(record.producer))
        .with("plumbline:device", json!(record.device))
        .with("plumbline:unit_path", json!(record.unit))
        .with("plumbline:operators", json!(record.operators))
        .with("plumbline:subject", json!(record.subject))
        .with("plumbline:lead", json!(record.lead))
        .with("plumbline:trigger", json!(record.trigger))
        .with("plumbline:template", json!(record.step.as_ref().map(|step| &step.template)))
        .with("plumbline:template_version", json!(version))
        .with("plumbline:step", json!(record.step.as_ref().map(|step| &step.step)))
        .with("plumbline:repeat_no", json!(record.step.as_ref().map(|step| step.repeat_no)))
        .with("plumbline:address", json!(record.address))
        .with("plumbline:proves", json!(record.proves))
        .with("plumbline:made_by", json!(record.made_by))
        .with("plumbline:gaps", json!(record.gaps))
        .with("plumbline:details", json!(record.details))
        .file("file", asset);
    item.links.clear();
    Ok(item)
}
