use plumbline_custody::Digest;
use serde::Serialize;
use serde_json::Value;

use crate::Error;

/// A thing that the catalog keeps as JSON text: a decision, review, account, hold, project, file.
///
/// All but items and leads lie in one table, so that each is written, logged and verified in the same way.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Sort, such as `decision`.
    pub kind: &'static str,
    /// Name among its sort.
    pub key: String,
    /// Subject of the thing that it is about; its own where it is about nothing else.
    pub about: String,
    /// JSON, keys sorted.
    pub text: String,
}

impl Document {
    /// A document of a value.
    pub fn new(
        kind: &'static str,
        key: impl Into<String>,
        about: impl Into<String>,
        value: &impl Serialize,
    ) -> Result<Self, Error> {
        Ok(Self { kind, key: key.into(), about: about.into(), text: canonical(value)? })
    }

    /// What events call it.
    pub fn subject(&self) -> String {
        format!("{}:{}", self.kind, self.key)
    }

    /// Digest of the text.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }
}

/// The JSON of a value: keys in the order of their bytes, no blanks; the same value always gives the same text.
pub(crate) fn canonical(value: &impl Serialize) -> Result<String, Error> {
    let mut value = serde_json::to_value(value).map_err(Error::Unwritable)?;
    value.sort_all_objects();
    serde_json::to_string(&value).map_err(Error::Unwritable)
}

/// A value from a document that the catalog wrote itself.
pub(crate) fn parsed<T: serde::de::DeserializeOwned>(subject: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| Error::Document { subject: subject.to_owned(), source })
}

/// A JSON value from a document that the catalog wrote itself.
pub(crate) fn parsed_value(subject: &str, text: &str) -> Result<Value, Error> {
    parsed(subject, text)
}
