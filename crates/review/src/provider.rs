use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State as FromState;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Utc;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _, reqwest,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::extract::Query;
use crate::problem::chain;
use crate::state::State;
use crate::{Error, Problem, session};

/// Name of the settings in the catalog's folder.
const SETTINGS: &str = "provider.toml";
/// Where the provider sends people back to.
const RETURN: &str = "/api/session/provider/return";
/// The cookie that ties a journey to the browser it began in.
const JOURNEY: &str = "plumbline-journey";
/// How long somebody may take to sign in there.
const PATIENCE: Duration = Duration::from_mins(10);
/// People who may be on their way at the same time.
const ON_THEIR_WAY: usize = 10_000;

/// The identity provider of the bureau (统一身份认证), by `OpenID` Connect: it says who somebody is; the account of that name says what
/// they may do here.
pub(crate) struct Provider {
    settings: Settings,
    http: reqwest::Client,
    /// What the provider says of itself, asked for when the first person comes.
    client: OnceCell<Client>,
    journeys: Mutex<BTreeMap<String, Journey>>,
}

/// `provider.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// What the button says, in Chinese and in English.
    zh: String,
    en: String,
    /// Address under which the provider describes itself.
    issuer: IssuerUrl,
    /// This server's name there, and its secret if it has one.
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    /// Address of this server as browsers see it.
    server: String,
    /// What of a person names their account.
    #[serde(default)]
    claim: Claim,
}

/// What a provider says of a person. Only `sub` is theirs for good; some providers let people choose the other.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Claim {
    #[default]
    Sub,
    PreferredUsername,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Somebody on their way to the provider and back.
struct Journey {
    verifier: PkceCodeVerifier,
    nonce: Nonce,
    until: Instant,
}

/// What the provider sends somebody back with.
#[derive(Deserialize)]
pub(crate) struct Returned {
    state: String,
    code: Option<String>,
}

/// Why somebody is not signed in; the page has a text for each.
enum Refused {
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
        let path = folder.join(SETTINGS);
        let text = match fs::read_to_string(&path) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|source| Error::Folder { path: path.clone(), source })?,
        };
        let faulty = |reason: String| Error::Provider { path: path.clone(), reason };
        let settings = toml::from_str(&text).map_err(|error| faulty(error.to_string()))?;
        // Who follows redirects can be sent anywhere inside the house.
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE / 60);
        let http = http.build().map_err(|error| faulty(error.to_string()))?;
        Ok(Some(Self { settings, http, client: OnceCell::new(), journeys: Mutex::default() }))
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
    async fn begin(&self) -> Result<(String, String), Problem> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let asked = self.client().await?.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let (url, state, nonce) =
            asked.add_scope(Scope::new("profile".to_owned())).set_pkce_challenge(challenge).url();
        let now = Instant::now();
        let mut journeys = self.journeys.lock().unwrap_or_else(PoisonError::into_inner);
        journeys.retain(|_, journey| now < journey.until);
        if journeys.len() >= ON_THEIR_WAY {
            return Err(Problem::too_many(PATIENCE.as_secs()));
        }
        journeys.insert(state.secret().clone(), Journey { verifier, nonce, until: now + PATIENCE });
        Ok((url.into(), state.secret().clone()))
    }

    /// Takes up the journey of somebody who came back; each is taken up once.
    fn journey(&self, name: &str) -> Option<Journey> {
        let mut journeys = self.journeys.lock().unwrap_or_else(PoisonError::into_inner);
        journeys.remove(name).filter(|journey| Instant::now() < journey.until)
    }

    /// Who came back: the name of their account, as the provider vouches for it.
    async fn end(&self, returned: Returned) -> Result<String, Refused> {
        let Journey { verifier, nonce, .. } = self.journey(&returned.state).ok_or(Refused::Lost)?;
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

impl Claim {
    fn of(self, claims: &CoreIdTokenClaims) -> Option<String> {
        match self {
            Self::Sub => Some(claims.subject().to_string()),
            Self::PreferredUsername => claims.preferred_username().map(|name| name.to_string()),
        }
    }
}

/// `GET /api/session/ways`: how one can sign in, besides with a password.
pub(crate) async fn ways(FromState(state): FromState<State>) -> axum::Json<Value> {
    let provider = state.provider.as_ref().map(|provider| &provider.settings);
    axum::Json(json!({ "provider": provider.map(|p| json!({ "zh": p.zh, "en": p.en })) }))
}

/// `GET /api/session/provider`: sends somebody to the identity provider.
pub(crate) async fn begin(FromState(state): FromState<State>) -> Result<Response, Problem> {
    let provider = state.provider.as_ref().ok_or_else(Problem::not_found)?;
    let (url, journey) = provider.begin().await?;
    let cookie = journey_cookie(&state, &journey, PATIENCE.as_secs());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&url)).into_response())
}

/// `GET /api/session/provider/return`: takes somebody back, signed in or with the reason why not.
pub(crate) async fn end(
    FromState(state): FromState<State>,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Problem> {
    let provider = state.provider.as_ref().ok_or_else(Problem::not_found)?;
    let signed_in = if began_here(&headers, &returned.state) {
        enter(&state, provider, returned).await?
    } else {
        Err(Refused::Lost)
    };
    let mut response = match signed_in {
        Ok(cookie) => ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        Err(refused) => Redirect::to(&format!("/?refused={}", refused.told(&state))).into_response(),
    };
    let over = journey_cookie(&state, "", 0);
    let over = HeaderValue::try_from(over).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, over);
    Ok(response)
}

/// The cookie of a session of whoever came back.
async fn enter(
    state: &State,
    provider: &Provider,
    returned: Returned,
) -> Result<Result<String, Refused>, Problem> {
    let name = match provider.end(returned).await {
        Ok(name) => name,
        Err(refused) => return Ok(Err(refused)),
    };
    match state.catalog.account(&name).await? {
        Some(account) => Ok(Ok(session::begun(state, &account).await?)),
        None => Ok(Err(Refused::NoAccount(name))),
    }
}

impl Refused {
    /// Code for the page; what lies behind it goes into the journal.
    fn told(self, state: &State) -> &'static str {
        let (code, why) = match self {
            Self::Lost => return "lost",
            Self::Unknown(why) => ("unknown", why),
            Self::NoAccount(name) => ("no-account", format!("no account is named {name:?}")),
        };
        state.note(Utc::now(), &format!("sign-in by the provider refused: {why}"));
        code
    }
}

/// Whether a journey began in this browser: a link that somebody else sends signs nobody in.
fn began_here(headers: &HeaderMap, journey: &str) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.any(|(name, value)| name == JOURNEY && value == journey)
}

fn journey_cookie(state: &State, journey: &str, age_s: u64) -> String {
    let secure = if state.config.behind_https { "; Secure" } else { "" };
    format!("{JOURNEY}={journey}; HttpOnly; SameSite=Lax; Path={RETURN}; Max-Age={age_s}{secure}")
}
