use std::fs;
use std::path::Path;

use plumbline_finding::Bilingual;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The templates that are built in.
const BUILT_IN: &str = include_str!("../../packs/templates.toml");
/// Name of a catalog's own templates in its folder, beside those that are built in.
const OWN: &str = "templates.toml";

/// What records are of, as data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordTemplates {
    /// When recording is a must (六必录).
    #[serde(rename = "trigger", default)]
    pub triggers: Vec<Trigger>,
    /// What files records.
    #[serde(rename = "producer", default)]
    pub producers: Vec<Producer>,
    /// What a subject's records must show together (一图N录).
    #[serde(rename = "template", default)]
    pub templates: Vec<Template>,
}

/// An occasion at which recording is a must.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Code in capitals.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
}

/// A sort of device or place that files records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Producer {
    /// Code in capitals.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
    /// Details that its records must have.
    pub needs: Vec<String>,
}

/// The steps that the records of one subject must show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Code in capitals.
    pub code: String,
    /// Counts up when the steps change.
    pub version: u32,
    /// What people call it.
    pub title: Bilingual,
    /// The steps, in their order.
    pub steps: Vec<TemplateStep>,
}

/// A step of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateStep {
    /// Code in capitals.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
    /// Whether it comes more than once.
    #[serde(default)]
    pub repeats: bool,
}

impl RecordTemplates {
    /// The templates of a catalog: those that are built in, then those of its own.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let mut all = Self::parse(BUILT_IN, Path::new("packs/templates.toml"))?;
        let path = folder.join(OWN);
        if path.exists() {
            let text =
                fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
            let own = Self::parse(&text, &path)?;
            all.triggers.extend(own.triggers);
            all.producers.extend(own.producers);
            all.templates.extend(own.templates);
        }
        Ok(all)
    }

    /// Templates from their text; `path` is for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        toml::from_str(text).map_err(|source| Error::Pack { path: path.to_owned(), source: Box::new(source) })
    }

    /// The newest version of a template.
    pub fn template(&self, code: &str) -> Result<&Template, Error> {
        let versions = self.templates.iter().filter(|template| template.code == code);
        let newest = versions.max_by_key(|template| template.version);
        newest.ok_or_else(|| Error::Unknown { what: format!("template {code}") })
    }

    /// A sort of producer.
    pub fn producer(&self, code: &str) -> Result<&Producer, Error> {
        let found = self.producers.iter().find(|producer| producer.code == code);
        found.ok_or_else(|| Error::Unknown { what: format!("producer {code}") })
    }

    /// An occasion of recording.
    pub fn trigger(&self, code: &str) -> Result<&Trigger, Error> {
        let found = self.triggers.iter().find(|trigger| trigger.code == code);
        found.ok_or_else(|| Error::Unknown { what: format!("trigger {code}") })
    }
}

impl Template {
    /// A step.
    pub fn step(&self, code: &str) -> Result<&TemplateStep, Error> {
        let found = self.steps.iter().find(|step| step.code == code);
        found.ok_or_else(|| Error::Unknown { what: format!("step {code} of template {}", self.code) })
    }
}
