use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, Months, Utc};
use serde::{Deserialize, Serialize};

use super::{DiscRules, Grade};
use crate::Error;

/// The rules that are built in.
const SAMPLE: &str = include_str!("../../packs/retention.toml");
/// Name of a catalog's own rules in its folder.
const OWN: &str = "retention.toml";

/// How long things are kept, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRules {
    /// Short name; it stands on tombstones.
    pub name: String,
    /// Grade of what nobody has graded, by collection. What is in no list here is never swept.
    pub usual: BTreeMap<String, Grade>,
    /// Months that a grade lasts; one that is not here has no end.
    pub months: BTreeMap<Grade, u32>,
    /// The discs of what has no end.
    #[serde(default)]
    pub disc: DiscRules,
}

impl RetentionRules {
    /// The rules of a catalog: its own file, or those that are built in.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(OWN);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                Self::parse(SAMPLE, Path::new("packs/retention.toml"))
            }
            Err(source) => Err(Error::Read { path, source }),
        }
    }

    /// Rules from their text; `path` is for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        toml::from_str(text).map_err(|source| Error::Pack { path: path.to_owned(), source: Box::new(source) })
    }

    /// Grade of what nobody has graded.
    pub fn usual(&self, collection: &str) -> Grade {
        self.usual.get(collection).copied().unwrap_or(Grade::High)
    }

    /// When a grade ends that began at a moment; never where it has no end.
    pub fn end(&self, grade: Grade, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        from.checked_add_months(Months::new(*self.months.get(&grade)?))
    }
}
