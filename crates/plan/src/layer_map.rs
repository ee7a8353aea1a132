use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::raw::RawLayer;
use crate::{Error, LayerKind};

/// What each layer of one source means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerMap {
    /// By layer name in the source.
    pub layers: BTreeMap<String, MappedLayer>,
}

/// What one layer means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedLayer {
    /// What its features are.
    pub kind: LayerKind,
    /// Other names of the layer in sources of this kind.
    #[serde(default)]
    pub also: Vec<String>,
    /// Source field by field of the kind, such as `building_no = "楼号"`; a field without entry goes by its own name.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldNames>,
    /// What holds for every feature of the layer, by field of the kind, such as `level = "basement"` in a drawing.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// Names of one field in the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldNames {
    /// Its name.
    One(String),
    /// Its name in one source or another: a layer may have one of them.
    Any(Vec<String>),
}

impl FieldNames {
    fn all(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Any(names) => names,
        }
    }
}

impl LayerMap {
    /// Reads a layer map from a TOML file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        let map: Self = toml::from_str(&text)
            .map_err(|source| Error::LayerMap { path: path.to_owned(), source: Box::new(source) })?;
        map.require_distinct(path)?;
        Ok(map)
    }

    /// The entry for a layer of the source, by its name or another that it goes by.
    pub fn entry(&self, layer: &str) -> Option<&MappedLayer> {
        let other = || self.layers.values().find(|entry| entry.also.iter().any(|name| name == layer));
        self.layers.get(layer).or_else(other)
    }

    /// Layers of the map of which a source has neither the name nor another.
    pub(crate) fn absent<'a>(
        &'a self,
        is_there: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a String> {
        let missing = move |(name, entry): &(&String, &MappedLayer)| {
            !is_there(name) && !entry.also.iter().any(|other| is_there(other))
        };
        self.layers.iter().filter(missing).map(|(name, _)| name)
    }

    fn require_distinct(&self, path: &Path) -> Result<(), Error> {
        let mut seen: Vec<&str> = self.layers.keys().map(String::as_str).collect();
        for other in self.layers.values().flat_map(|entry| &entry.also) {
            if seen.contains(&other.as_str()) {
                return Err(Error::LayerTwice { path: path.to_owned(), layer: other.clone() });
            }
            seen.push(other);
        }
        Ok(())
    }
}

impl MappedLayer {
    /// The source field by field of the kind. Refuses fields that the kind does not have, source fields that the layer does
    /// not have, and two source fields for one.
    pub(crate) fn names(&self, path: &Path, layer: &RawLayer) -> Result<BTreeMap<String, String>, Error> {
        let known = &layer.fields;
        let mut mapped = self.fields.keys().chain(self.values.keys());
        if let Some(field) = mapped.find(|field| !self.kind.fields().contains(&field.as_str())) {
            return Err(Error::UnknownField {
                path: path.to_owned(),
                layer: layer.name.clone(),
                kind: self.kind.name(),
                field: field.clone(),
                known: self.kind.fields().join(", "),
            });
        }
        let mut names = BTreeMap::new();
        for (field, sources) in &self.fields {
            let there: Vec<&String> = sources.all().iter().filter(|name| known.contains(name)).collect();
            if there.is_empty() && layer.is_bare {
                continue;
            }
            let [name] = there[..] else {
                return Err(Error::MappedField {
                    path: path.to_owned(),
                    layer: layer.name.clone(),
                    found: there.len(),
                    field: sources.all().join(", "),
                    known: known.join(", "),
                });
            };
            names.insert(field.clone(), name.clone());
        }
        Ok(names)
    }
}
