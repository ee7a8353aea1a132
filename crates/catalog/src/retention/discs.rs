use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use plumbline_custody::Digest;
use serde_json::{Value, json};

use super::grading::KIND as GRADE;
use super::sweep::digests;
use super::{BurnedDisc, Disc, DiscCheck, DiscFile, Grade, GradeFile, MANIFEST};
use crate::shared::{Document, Writing, blocking};
use crate::{Act, Catalog, Error};

/// Sort of the documents.
const KIND: &str = "disc";

impl Catalog {
    /// The discs to burn in a year: every stored file of an item of the high grade that is on no disc yet, as many to a disc as it holds.
    pub async fn plan_discs(&self, year: i32) -> Result<Vec<Disc>, Error> {
        let rules = self.rules()?.disc;
        let burned = self.discs().await?;
        let first = burned.iter().filter_map(|disc| number(&disc.volume)).max().map_or(1, |last| last + 1);
        let volume = |idx: usize| format!("{}-{}-{:03}", rules.label, year, first + idx);
        let mut discs: Vec<Disc> = Vec::new();
        let mut room = 0;
        for file in self.kept_for_good(burned.into_iter().flat_map(|disc| disc.files).collect()).await? {
            let size = file.stored.size;
            if size > rules.bytes {
                let what = file.item;
                return Err(Error::TooLargeForDisc { what, size, holds: rules.bytes });
            }
            if size > room || discs.is_empty() {
                discs.push(Disc { volume: volume(discs.len()), files: Vec::new() });
                room = rules.bytes;
            }
            room -= size;
            if let Some(disc) = discs.last_mut() {
                disc.files.push(file);
            }
        }
        Ok(discs)
    }

    /// Reads a disc from end to end and notes that it is right, the first time with the place where it is kept from now on.
    pub async fn check_disc(
        &self,
        act: &Act<'_>,
        volume: &str,
        disc: &Path,
        place: &str,
    ) -> Result<BurnedDisc, Error> {
        let disc = disc.to_owned();
        let (manifest_sha256, files) = blocking(move || read(&disc)).await?;
        for sha256 in &files {
            self.require_file(sha256).await?;
        }
        let mut writing = Writing::begin(self, act).await?;
        let known: Option<BurnedDisc> = self.document(KIND, volume).await?;
        if known.as_ref().is_some_and(|known| known.manifest_sha256 != manifest_sha256) {
            return Err(Error::OtherDisc { volume: volume.to_owned() });
        }
        let volume = volume.to_owned();
        let new = BurnedDisc { volume, manifest_sha256, files, place: String::new(), checks: Vec::new() };
        let mut kept = known.unwrap_or(new);
        place.clone_into(&mut kept.place);
        kept.checks.push(DiscCheck { by: act.by.to_owned(), at: act.at });
        let document = Document::new(KIND, &kept.volume, format!("disc:{}", kept.volume), &kept)?;
        writing.put("DISC_READ", &document, json!({ "place": place, "files": kept.files.len() })).await?;
        writing.commit().await?;
        Ok(kept)
    }

    /// Every disc that was burned.
    pub async fn discs(&self) -> Result<Vec<BurnedDisc>, Error> {
        self.documents(KIND, None).await
    }

    /// Files of items of the high grade, each once and none of those that are known. Collections whose usual grade is lower are not
    /// walked through: what was raised in them is known by its grade.
    async fn kept_for_good(&self, mut known: BTreeSet<String>) -> Result<Vec<DiscFile>, Error> {
        let (rules, grades) = (self.rules()?, self.documents::<GradeFile>(GRADE, None).await?);
        let grades: BTreeMap<String, Grade> =
            grades.into_iter().map(|kept| (kept.subject, kept.grade)).collect();
        let is_high = |collection: &str| rules.usual(collection) == Grade::High;
        let mut files = Vec::new();
        for collection in self.collections().await? {
            let collection = collection["id"].as_str().unwrap_or_default();
            let mut last = 0;
            while is_high(collection)
                && let Some(items) = self.next_items(collection, &mut last).await?
            {
                for item in items {
                    let name = format!("{collection}/{}", item["id"].as_str().unwrap_or_default());
                    if grades.get(&format!("item:{name}")).is_none_or(|grade| *grade == Grade::High) {
                        files.extend(self.files_of_item(&name, &item, &mut known).await?);
                    }
                }
            }
        }
        for (subject, _) in grades.iter().filter(|(_, grade)| **grade == Grade::High) {
            let Some(name) = subject.strip_prefix("item:") else { continue };
            let Some((collection, id)) = name.split_once('/').filter(|(of, _)| !is_high(of)) else {
                continue;
            };
            if let Some(item) = self.item(collection, id).await? {
                files.extend(self.files_of_item(name, &item, &mut known).await?);
            }
        }
        Ok(files)
    }

    /// The stored files of an item that are not known yet.
    async fn files_of_item(
        &self,
        name: &str,
        item: &Value,
        known: &mut BTreeSet<String>,
    ) -> Result<Vec<DiscFile>, Error> {
        let mut files = Vec::new();
        for sha256 in digests(item).into_values() {
            if let Some(file) = self.file(&sha256).await?
                && known.insert(sha256)
            {
                files.push(DiscFile { stored: file.stored()?, item: name.to_owned() });
            }
        }
        Ok(files)
    }
}

/// The number at the end of a volume's name.
fn number(volume: &str) -> Option<usize> {
    volume.rsplit('-').next()?.parse().ok()
}

/// Reads every byte of a disc: digest of its list, and digests of its files.
fn read(disc: &Path) -> Result<(String, Vec<String>), Error> {
    let path = disc.join(MANIFEST);
    let list = fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
    let mut files = Vec::new();
    for line in list.lines() {
        let (sha256, name) = line.split_once("  ").ok_or_else(|| Error::NoManifest { path: path.clone() })?;
        let (found, _) = Digest::of_file(&disc.join(name))?;
        if found.to_string() != sha256 {
            return Err(Error::Altered { path: disc.join(name), found: found.to_string() });
        }
        files.push(sha256.to_owned());
    }
    Ok((Digest::of(list.as_bytes()).to_string(), files))
}
