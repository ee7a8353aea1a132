use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Bilingual;

/// A provision, by number, with this project's own short description of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statute {
    /// The law, such as 城乡规划法.
    pub law: String,
    /// The article, such as "64" or "66(3)".
    pub article: String,
    /// What it says, in a few words.
    #[serde(flatten)]
    pub about: Bilingual,
}

impl fmt::Display for Statute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.law, self.article)
    }
}
