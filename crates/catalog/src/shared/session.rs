use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Account, Act, Catalog, Document, Writing};
use crate::Error;

/// Sort of the documents.
const KIND: &str = "session";

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Name of the account.
    pub account: String,
    /// SHA-256 of the token, in hexadecimal; the token itself is never kept.
    pub token_sha256: String,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
}

impl Catalog {
    /// Opens a session of an account.
    pub async fn open_session(
        &self,
        act: &Act<'_>,
        token_sha256: &str,
        account: &str,
        until: DateTime<Utc>,
    ) -> Result<(), Error> {
        let session = Session { account: account.to_owned(), token_sha256: token_sha256.to_owned(), until };
        let document = Document::new(KIND, token_sha256, format!("account:{account}"), &session)?;
        let mut writing = Writing::begin(self, act).await?;
        writing.put("SIGNED_IN", &document, json!({ "account": account, "until": until })).await?;
        writing.commit().await
    }

    /// The account of a session that is open at a moment.
    pub async fn session(&self, token_sha256: &str, now: DateTime<Utc>) -> Result<Option<Account>, Error> {
        let session: Option<Session> = self.document(KIND, token_sha256).await?;
        match session.filter(|session| now < session.until) {
            Some(session) => self.account(&session.account).await,
            None => Ok(None),
        }
    }

    /// Ends a session; one that is not open stays so.
    pub async fn close_session(&self, act: &Act<'_>, token_sha256: &str) -> Result<(), Error> {
        let Some(session) = self.document::<Session>(KIND, token_sha256).await? else { return Ok(()) };
        let mut writing = Writing::begin(self, act).await?;
        writing.remove("SIGNED_OUT", KIND, token_sha256, json!({ "account": session.account })).await?;
        writing.commit().await
    }
}
