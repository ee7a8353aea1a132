use std::fs;
use std::io;
use std::path::Path;

use openidconnect::core::CoreIdTokenClaims;
use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use serde::Deserialize;

use crate::Error;

/// Name of the settings in the catalog's folder.
const NAME: &str = "provider.toml";

/// `provider.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// What the button says, in Chinese and in English.
    pub zh: String,
    pub en: String,
    /// Address under which the provider describes itself.
    pub issuer: IssuerUrl,
    /// This server's name there, and its secret if it has one.
    pub client_id: ClientId,
    pub client_secret: Option<ClientSecret>,
    /// Address of this server as browsers see it.
    pub server: String,
    /// What of a person names their account.
    #[serde(default)]
    pub claim: Claim,
}

/// What a provider says of a person. Only `sub` is theirs for good; some providers let people choose the other.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Claim {
    #[default]
    Sub,
    PreferredUsername,
}

impl Settings {
    /// Those of a catalog's folder, if it has any.
    pub fn of(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(NAME);
        match fs::read_to_string(&path) {
            Ok(text) => match toml::from_str(&text) {
                Ok(settings) => Ok(Some(settings)),
                Err(error) => Err(Error::Provider { path, reason: error.to_string() }),
            },
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::Folder { path, source }),
        }
    }
}

impl Claim {
    /// The name that a provider's claims give somebody; none where they lack it.
    pub fn of(self, claims: &CoreIdTokenClaims) -> Option<String> {
        match self {
            Self::Sub => Some(claims.subject().to_string()),
            Self::PreferredUsername => claims.preferred_username().map(|name| name.to_string()),
        }
    }
}
