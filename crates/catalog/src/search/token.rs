use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// Where a page begins: what the last row of the page before is sorted by. Rows that come and go elsewhere do not shift it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token from the text that it was given out as; it is checked when it is used.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The place after a row.
    pub(crate) fn after(row: &impl Serialize) -> Result<Self, Error> {
        Ok(Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(row).map_err(Error::Unwritable)?)))
    }

    /// What the row before is sorted by.
    pub(crate) fn row<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok();
        let row = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        row.ok_or_else(|| Error::BadToken { token: self.0.clone() })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
