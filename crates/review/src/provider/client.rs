use std::path::Path;
use std::time::Duration;

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce, PkceCodeChallenge,
    RedirectUrl, Scope, TokenResponse as _, reqwest,
};
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::RETURN;
use super::journey::{Journey, Journeys, PATIENCE};
use super::settings::Settings;
use crate::problem::chain;
use crate::{Error, Problem};

/// How long the provider may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// The identity provider of the bureau (统一身份认证), by `OpenID` Connect: it says who somebody is; the account of that name says what
/// they may do here.
pub(crate) struct Provider {
    settings: Settings,
    http: reqwest::Client,
    /// What the provider says of itself, asked for when the first person comes.
    client: OnceCell<Client>,
    journeys: Journeys,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What the provider sends somebody back with.
#[derive(Deserialize)]
pub(crate) struct Returned {
    /// Name of the journey.
    pub state: String,
    code: Option<String>,
}

/// Why somebody is not signed in; the page has a text for each.
pub(super) enum Refused {
    /// They began elsewhere, took too long or came back twice.
    Lost,
    /// The provider did not say who they are, or nobody can be sure that it did.
    Unknown(String),
    /// There is no account of their name.
    NoAccount(String),
}

impl Provider {
    /// The provider that a catalog's folder names, if it names one.
    pub fn open(folder: &Path) -> Result<Option<Self>, Error> {
        let Some(settings) = Settings::of(folder)? else { return Ok(None) };
        // Who follows redirects can be sent anywhere inside the house.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(ANSWER);
        let faulty =
            |error: reqwest::Error| Error::Provider { path: folder.into(), reason: error.to_string() };
        let http = http.build().map_err(faulty)?;
        Ok(Some(Self { settings, http, client: OnceCell::new(), journeys: Journeys::default() }))
    }

    /// What the button of the page says, in Chinese and in English.
    pub fn title(&self) -> (&str, &str) {
        (&self.settings.zh, &self.settings.en)
    }

    async fn client(&self) -> Result<&Client, Problem> {
        let found = self.client.get_or_try_init(async || {
            let Settings { issuer, client_id, client_secret, server, .. } = &self.settings;
            let found = CoreProviderMetadata::discover_async(issuer.clone(), &self.http).await;
            let found = found.map_err(|error| chain(&error))?;
            let back = format!("{}{RETURN}", server.trim_end_matches('/'));
            let back = RedirectUrl::new(back).map_err(|error| error.to_string())?;
            Ok(CoreClient::from_provider_metadata(found, client_id.clone(), client_secret.clone())
                .set_redirect_uri(back))
        });
        found.await.map_err(|why: String| Problem::internal(why))
    }

    /// The address to send somebody to, and the name of their journey.
    pub async fn begin(&self) -> Result<(String, String), Problem> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let asked = self.client().await?.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let (url, state, nonce) =
            asked.add_scope(Scope::new("profile".to_owned())).set_pkce_challenge(challenge).url();
        if !self.journeys.set_out(state.secret(), verifier, nonce) {
            return Err(Problem::too_many(PATIENCE.as_secs()));
        }
        Ok((url.into(), state.secret().clone()))
    }

    /// Who came back: the name of their account, as the provider vouches for it.
    pub(super) async fn end(&self, returned: Returned) -> Result<String, Refused> {
        let Journey { verifier, nonce, .. } = self.journeys.end(&returned.state).ok_or(Refused::Lost)?;
        let unknown = |why: &str| Refused::Unknown(why.to_owned());
        let code = returned.code.ok_or_else(|| unknown("the provider sent no code"))?;
        let client = self.client().await.map_err(|_| unknown("the provider cannot be reached"))?;
        let asked = client.exchange_code(AuthorizationCode::new(code));
        let asked = asked.map_err(|error| Refused::Unknown(error.to_string()))?.set_pkce_verifier(verifier);
        let token = asked.request_async(&self.http).await.map_err(|error| Refused::Unknown(chain(&error)))?;
        let id = token.id_token().ok_or_else(|| unknown("the provider sent no ID token"))?;
        let claims = id.claims(&client.id_token_verifier(), &nonce);
        let claims = claims.map_err(|error| Refused::Unknown(chain(&error)))?;
        self.settings
            .claim
            .of(claims)
            .ok_or_else(|| unknown("the ID token lacks the claim that names accounts"))
    }
}
