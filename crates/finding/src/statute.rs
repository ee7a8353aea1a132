use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Bilingual;

/// A provision, by number, with this project's own short description of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Statute {
    /// The law, such as 城乡规划法.
    pub law: String,
    /// The article, such as "64" or "66(3)".
    pub article: String,
    /// What it says, in a few words.
    pub about: Bilingual,
}

/// A provision as it stands in files, its description in two fields: formats without names of fields can hold it too.
#[derive(Serialize, Deserialize)]
struct Written {
    law: String,
    article: String,
    zh: String,
    en: String,
}

impl From<Written> for Statute {
    fn from(Written { law, article, zh, en }: Written) -> Self {
        Self { law, article, about: Bilingual { zh, en } }
    }
}

impl From<Statute> for Written {
    fn from(Statute { law, article, about: Bilingual { zh, en } }: Statute) -> Self {
        Self { law, article, zh, en }
    }
}

impl fmt::Display for Statute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.law, self.article)
    }
}
