use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use plumbline_case::Lead;
use serde_json::{Value, json};
use sqlx::Row;

use super::grading::KIND as GRADE;
use super::tombstone::KIND as TOMBSTONE;
use super::{Grade, GradeFile, Keep, Reason, RetentionRules, Tombstone};
use crate::shared::{Document, Writing, blocking, parsed, parsed_value};
use crate::{Act, Catalog, Error, StoredFile};

/// Items that are looked at together.
const CHUNK: i64 = 1000;

/// Something that is swept, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swept {
    /// The collection.
    pub collection: String,
    /// The item.
    pub id: String,
    /// Its grade.
    pub grade: Grade,
    /// When its time was over.
    pub until: DateTime<Utc>,
    /// Digests of its files that go with it, as far as they were stored.
    pub files: Vec<String>,
    /// Their size, bytes.
    pub bytes: u64,
}

/// Everything that speaks for keeping something.
struct Protection {
    rules: RetentionRules,
    grades: BTreeMap<String, Grade>,
    /// Why each file is kept, by its digest; without the grade, which is the item's.
    leads: Vec<(String, Lead)>,
    cited: BTreeMap<String, Vec<usize>>,
    held: BTreeMap<String, u64>,
    /// Epochs that are kept with their flights: `PROJECT~EPOCH` or `PROJECT~FLIGHT`.
    baselines: BTreeSet<String>,
}

impl Catalog {
    /// Removes what no rule keeps any longer; with `dry_run` it only tells what that would be.
    ///
    /// What a lead cites that is open or became a case, what is held or pinned, and what shows the state before or after of an
    /// open lead stays, whatever its grade. Of all that speaks for a thing the longest counts.
    pub async fn sweep(&self, act: &Act<'_>, dry_run: bool) -> Result<Vec<Swept>, Error> {
        let mut writing = Writing::begin(self, act).await?;
        let protection = self.protection().await?;
        let mut swept = Vec::new();
        let mut doomed = Vec::new();
        for collection in protection.rules.usual.keys() {
            let mut last = 0;
            while let Some(items) = self.next_items(collection, &mut last).await? {
                for item in items {
                    let (grade, keep) = protection.of(collection, &item);
                    let Some(until) = keep.until.filter(|_| keep.is_over(act.at)) else { continue };
                    swept.push(self.going(collection, &item, grade, until).await?);
                    doomed.push(item);
                }
            }
        }
        if dry_run || swept.is_empty() {
            return Ok(swept);
        }
        let mut files = Vec::new();
        for (going, item) in swept.iter().zip(&doomed) {
            files.extend(self.bury(&mut writing, going, item, &protection.rules).await?);
        }
        writing.commit().await?;
        let store = self.store().clone();
        blocking(move || files.iter().try_for_each(|file| Ok(store.remove(&file.stored()?)?))).await?;
        Ok(swept)
    }

    /// How long an item is kept, and why.
    pub async fn keep(&self, collection: &str, id: &str) -> Result<Option<Keep>, Error> {
        let item = self.item(collection, id).await?;
        let protection = self.protection().await?;
        Ok(item.map(|item| protection.of(collection, &item).1))
    }

    async fn protection(&self) -> Result<Protection, Error> {
        let grades: Vec<GradeFile> = self.documents(GRADE, None).await?;
        let mut protection = Protection {
            rules: self.rules()?,
            grades: grades.into_iter().map(|grade| (grade.subject, grade.grade)).collect(),
            leads: self.all_leads().await?,
            cited: BTreeMap::new(),
            held: self.holds().await?.into_iter().map(|hold| (hold.subject, hold.id)).collect(),
            baselines: self.pins().await?.into_iter().map(|pin| pin.epoch).collect(),
        };
        protection.note_leads();
        let epochs = self.items_after("epochs", 0, i64::MAX).await?;
        protection.note_flights(epochs.iter().map(|(_, epoch)| epoch));
        Ok(protection)
    }

    /// What goes with an item: its files that no other item has.
    async fn going(
        &self,
        collection: &str,
        item: &Value,
        grade: Grade,
        until: DateTime<Utc>,
    ) -> Result<Swept, Error> {
        let id = item["id"].as_str().unwrap_or_default().to_owned();
        let mut swept =
            Swept { collection: collection.to_owned(), id, grade, until, files: Vec::new(), bytes: 0 };
        for sha256 in digests(item).into_values() {
            if let Some(file) = self.file(&sha256).await?
                && !self.is_shared(&sha256, &swept).await?
            {
                swept.bytes += file.size;
                swept.files.push(sha256);
            }
        }
        Ok(swept)
    }

    /// Whether another item is about a file too.
    async fn is_shared(&self, sha256: &str, swept: &Swept) -> Result<bool, Error> {
        let others: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM items WHERE sha256 = $1 AND NOT (collection = $2 AND id = $3)",
        )
        .bind(sha256)
        .bind(&swept.collection)
        .bind(&swept.id)
        .fetch_one(&self.tables().readers)
        .await
        .map_err(|source| self.refused(source))?;
        Ok(others > 0)
    }

    /// Writes a tombstone in place of an item; returns the files to erase.
    async fn bury(
        &self,
        writing: &mut Writing,
        swept: &Swept,
        item: &Value,
        rules: &RetentionRules,
    ) -> Result<Vec<StoredFile>, Error> {
        let subject = format!("item:{}/{}", swept.collection, swept.id);
        let rule = format!("{} {} until {}", rules.name, swept.grade.code(), crate::stac::utc(swept.until));
        let tombstone = Tombstone {
            subject: subject.clone(),
            sha256: digests(item),
            metadata: item["properties"].clone(),
            rule: rule.clone(),
            approved_by: writing.act().by.to_owned(),
            at: writing.act().at,
        };
        let document = Document::new(TOMBSTONE, &subject, &subject, &tombstone)?;
        writing.put("BURIED", &document, json!({ "rule": rule })).await?;
        writing.remove_item("SWEPT", &swept.collection, &swept.id, json!({ "rule": rule })).await?;
        let mut files = Vec::new();
        for sha256 in &swept.files {
            if let Some(file) = self.file(sha256).await? {
                writing.remove("SWEPT", "file", sha256, json!({ "rule": rule, "item": subject })).await?;
                files.push(file);
            }
        }
        Ok(files)
    }

    async fn all_leads(&self) -> Result<Vec<(String, Lead)>, Error> {
        let rows = sqlx::query("SELECT project, document FROM leads ORDER BY project, id")
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        let lead = |row: &sqlx::any::AnyRow| {
            let read = || Ok((row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?));
            let (project, text) = read().map_err(|source| self.refused(source))?;
            Ok((project, parsed("lead", &text)?))
        };
        rows.iter().map(lead).collect()
    }

    /// The next items of a collection that are looked at together, and `last` behind them; none at its end.
    pub(super) async fn next_items(
        &self,
        collection: &str,
        last: &mut i64,
    ) -> Result<Option<Vec<Value>>, Error> {
        let chunk = self.items_after(collection, *last, CHUNK).await?;
        let Some((key, _)) = chunk.last() else { return Ok(None) };
        *last = *key;
        Ok(Some(chunk.into_iter().map(|(_, item)| item).collect()))
    }

    /// The items of a collection after a number, with theirs.
    async fn items_after(&self, collection: &str, key: i64, most: i64) -> Result<Vec<(i64, Value)>, Error> {
        let query =
            "SELECT key, document FROM items WHERE collection = $1 AND key > $2 ORDER BY key LIMIT $3";
        let rows = sqlx::query(query)
            .bind(collection)
            .bind(key)
            .bind(most)
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        let item = |row: &sqlx::any::AnyRow| {
            let read = || Ok((row.try_get::<i64, _>(0)?, row.try_get::<String, _>(1)?));
            let (key, text) = read().map_err(|source| self.refused(source))?;
            Ok((key, parsed_value("item", &text)?))
        };
        rows.iter().map(item).collect()
    }
}

impl Protection {
    /// Notes what leads cite, and the epochs before and after of those that are open.
    fn note_leads(&mut self) {
        for (i, (project, lead)) in self.leads.iter().enumerate() {
            for evidence in &lead.evidence {
                for sha256 in std::iter::once(&evidence.sha256).chain(&evidence.derived_from) {
                    self.cited.entry(sha256.clone()).or_default().push(i);
                }
            }
            if lead.state().holds_evidence() {
                let shown = lead.findings.iter().flat_map(|f| f.earlier_epoch.iter().chain([&f.epoch]));
                self.baselines.extend(shown.map(|epoch| format!("{project}~{epoch}")));
            }
        }
    }

    /// Notes the flights of the epochs that are kept.
    fn note_flights<'a>(&mut self, epochs: impl Iterator<Item = &'a Value>) {
        for epoch in epochs {
            let project = epoch["properties"]["plumbline:project"].as_str().unwrap_or_default();
            let is_kept = epoch["id"].as_str().is_some_and(|id| self.baselines.contains(id));
            if let Some(flight) = epoch["properties"]["plumbline:flight"].as_str().filter(|_| is_kept) {
                self.baselines.insert(format!("{project}~{flight}"));
            }
        }
    }

    /// The grade of an item, and how long it is kept.
    fn of(&self, collection: &str, item: &Value) -> (Grade, Keep) {
        let properties = &item["properties"];
        let id = item["id"].as_str().unwrap_or_default();
        let subject = format!("item:{collection}/{id}");
        let grade = self.grades.get(&subject).copied().unwrap_or_else(|| self.rules.usual(collection));
        let moment = |name: &str| properties[name].as_str()?.parse::<DateTime<Utc>>().ok();
        // Without a moment of capture nothing ends.
        let captured =
            moment("end_datetime").or_else(|| moment("datetime")).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let mut keep = Keep::by_grade(&self.rules, grade, captured);
        let project = properties["plumbline:project"].as_str().unwrap_or_default();
        let own_lead = properties["plumbline:lead"].as_str();
        let cited = digests(item).into_values().filter_map(|sha256| self.cited.get(&sha256)).flatten();
        let linked =
            self.leads.iter().position(|(of, lead)| of == project && Some(lead.id.as_str()) == own_lead);
        let cited: BTreeSet<usize> = cited.copied().chain(linked).collect();
        for i in cited {
            let (of, lead) = &self.leads[i];
            keep = keep.or_longer(Keep::for_lead(&self.rules, grade, of, lead));
            if let Some(&hold) = self.held.get(&format!("lead:{of}/{}", lead.id)) {
                keep = keep.or_longer(Keep::for_good(Reason::Held { hold }));
            }
        }
        for held in [&subject, &format!("project:{project}")] {
            if let Some(&hold) = self.held.get(held) {
                keep = keep.or_longer(Keep::for_good(Reason::Held { hold }));
            }
        }
        let flight = properties["plumbline:flight"].as_str().map(|flight| format!("{project}~{flight}"));
        let epoch = (collection == "epochs").then(|| id.to_owned());
        let baseline = [epoch, flight.filter(|_| collection == "flights")].into_iter().flatten();
        for epoch in baseline.filter(|name| self.baselines.contains(name)) {
            keep = keep.or_longer(Keep::for_good(Reason::Baseline { epoch }));
        }
        (grade, keep)
    }
}

/// Digests of an item's files, by their names.
pub(super) fn digests(item: &Value) -> BTreeMap<String, String> {
    let assets = item["assets"].as_object().into_iter().flatten();
    let digest = |(name, asset): (&String, &Value)| {
        Some((name.clone(), asset["href"].as_str()?.strip_prefix("sha256:")?.to_owned()))
    };
    assets.filter_map(digest).collect()
}
