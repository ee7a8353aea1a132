use axum::extract::State as FromState;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Utc;
use serde_json::{Value, json};

use super::RETURN;
use super::client::{Provider, Refused, Returned};
use super::journey::PATIENCE;
use crate::extract::Query;
use crate::guard::cookies;
use crate::state::State;
use crate::{Problem, session};

/// The cookie that ties a journey to the browser it began in.
const JOURNEY: &str = "plumbline-journey";

/// `GET /api/session/ways`: how one can sign in, besides with a password.
pub(crate) async fn ways(FromState(state): FromState<State>) -> axum::Json<Value> {
    let title = state.provider.as_ref().map(Provider::title);
    axum::Json(json!({ "provider": title.map(|(zh, en)| json!({ "zh": zh, "en": en })) }))
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
    cookies(headers).any(|(name, value)| name == JOURNEY && value == journey)
}

fn journey_cookie(state: &State, journey: &str, age_s: u64) -> String {
    let secure = if state.config.behind_https { "; Secure" } else { "" };
    format!("{JOURNEY}={journey}; HttpOnly; SameSite=Lax; Path={RETURN}; Max-Age={age_s}{secure}")
}
