use std::time::Instant;

use axum::extract::State as FromState;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use plumbline_catalog::{Account, Catalog};
use plumbline_custody::Digest;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::guard::{COOKIE, token};
use crate::password::{self, LONGEST, password_hash};
use crate::state::{State, act, blocking};
use crate::throttle::Throttle;
use crate::who::{Who, tier};
use crate::{Error, Problem, chance};

/// Passwords that are hashed at the same time: each takes memory and a core.
const AT_ONCE: usize = 2;

/// Who is signed in, and how often a name was tried.
pub(crate) struct Sessions {
    throttle: Throttle,
    turns: Semaphore,
    /// A hash that no password fits: a name without account costs the same work as one with.
    decoy: String,
}

/// What `POST /api/session` takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Name of the account.
    name: String,
    /// Its password.
    password: String,
}

impl Sessions {
    /// Nobody is signed in by this server yet; sessions in the catalog go on.
    pub fn new() -> Result<Self, Error> {
        let decoy = password_hash(&chance::name(), &chance::bytes::<16>())?;
        Ok(Self { throttle: Throttle::default(), turns: Semaphore::new(AT_ONCE), decoy })
    }

    /// Who has a token; nobody where its session has ended.
    pub async fn find(&self, state: &State, token: &str) -> Result<Who, Problem> {
        let account = state.catalog.session(&kept(token), Utc::now()).await?;
        let who = |account| Who::of(&account, &state.config.administrators);
        Ok(account.map_or_else(Who::anonymous, who))
    }

    /// The account of a name and password.
    async fn sign_in(&self, catalog: &Catalog, given: Credentials) -> Result<Account, Problem> {
        let Credentials { name, password } = given;
        if name.chars().count() > 128 || password.len() > LONGEST {
            return Err(wrong());
        }
        if let Some(wait) = self.throttle.wait(&name, Instant::now()) {
            return Err(Problem::too_many(wait.as_secs() + 1));
        }
        self.throttle.attempt(&name, Instant::now());
        let account = catalog.account(&name).await?;
        let hash = account.as_ref().map_or(&self.decoy, |account| &account.password_hash).clone();
        let _turn = self.turns.acquire().await.map_err(Problem::internal)?;
        let fits = blocking(move || Ok(password::fits(&password, &hash))).await?;
        let account = account.filter(|_| fits).ok_or_else(wrong)?;
        self.throttle.forget(&name);
        Ok(account)
    }
}

/// `POST /api/session`: signs in.
pub(crate) async fn open(
    FromState(state): FromState<State>,
    Json(given): Json<Credentials>,
) -> Result<Response, Problem> {
    let account = state.sessions.sign_in(&state.catalog, given).await?;
    let cookie = begun(&state, &account).await?;
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(shown(&Who::of(&account, &state.config.administrators))))
        .into_response())
}

/// Begins a session of an account; returns its cookie.
pub(crate) async fn begun(state: &State, account: &Account) -> Result<String, Problem> {
    let token = URL_SAFE_NO_PAD.encode(chance::bytes::<32>());
    let until = Utc::now() + state.config.limits.session;
    state.catalog.open_session(&act(&account.name), &kept(&token), &account.name, until).await?;
    let secure = if state.config.behind_https { "; Secure" } else { "" };
    let age = state.config.limits.session.as_secs();
    Ok(format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age}{secure}"))
}

/// `GET /api/session`: who is signed in.
pub(crate) async fn show(who: Who) -> axum::Json<Value> {
    axum::Json(shown(&who))
}

/// `DELETE /api/session`: signs out.
pub(crate) async fn close(
    FromState(state): FromState<State>,
    who: Who,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(token) = token(&headers) {
        state.catalog.close_session(&act(&who.name), &kept(token)).await?;
    }
    let cookie = format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

fn shown(who: &Who) -> Value {
    let (role, zh, en) = who.role.map_or(("", "", ""), |role| {
        let (zh, en) = tier(role);
        (role.code(), zh, en)
    });
    json!({ "name": who.name, "role": role, "admin": who.admin, "zh": zh, "en": en })
}

/// What the catalog keeps of a token: whoever reads the catalog cannot sign in with it.
fn kept(token: &str) -> String {
    Digest::of(token.as_bytes()).to_string()
}

/// Says nothing of whether the name or the password was wrong.
fn wrong() -> Problem {
    let (zh, en) = ("用户名或密码不正确", "the name or the password is wrong");
    Problem::new(StatusCode::UNAUTHORIZED, "WrongCredentials", zh, en)
}
