use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Act, Catalog, Document, Writing};
use crate::Error;

/// Sort of the documents.
const KIND: &str = "account";

/// Somebody who works with the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Name to sign in with; it stands in events.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their password as a PHC string, such as `$argon2id$…`.
    pub password_hash: String,
    /// Number of their enforcement certificate (执法证号), of officers.
    pub cert_no: Option<String>,
}

/// The three tiers (三级平台).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Team: brings in.
    Ingest,
    /// Detachment: classifies, decides, reviews.
    Curate,
    /// Bureau: reads all and changes nothing.
    Supervise,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Ingest, Self::Curate, Self::Supervise];

    /// Code in capitals, as in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ingest => "INGEST",
            Self::Curate => "CURATE",
            Self::Supervise => "SUPERVISE",
        }
    }
}

impl Catalog {
    /// Makes an account, or gives an account another role, password or certificate.
    pub async fn create_account(&self, act: &Act<'_>, account: Account) -> Result<(), Error> {
        if account.name.trim().is_empty() || account.name != account.name.trim() {
            return Err(Error::Incomplete { what: "account", needs: "a name without blanks around it" });
        }
        let mut writing = Writing::begin(self, act).await?;
        let document = Document::new(KIND, &account.name, format!("account:{}", account.name), &account)?;
        let detail = json!({ "role": account.role, "cert_no": account.cert_no });
        writing.put("ACCOUNT_SET", &document, detail).await?;
        writing.commit().await
    }

    /// The account of a name.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, Error> {
        self.document(KIND, name).await
    }

    /// Every account, by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.documents(KIND, None).await
    }
}
