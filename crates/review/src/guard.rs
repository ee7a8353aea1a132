use axum::extract::{Request, State as FromState};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::Problem;
use crate::access::Thing;
use crate::route::{Pace, Route};
use crate::state::State;
use crate::who::Who;

/// Name of the session cookie.
pub(crate) const COOKIE: &str = "plumbline";

/// Header that a page of another site cannot send: it tells that a change was asked for by the page or by a program.
pub(crate) const OWN_PAGE: &str = "x-plumbline";

/// Stands in front of every route: finds out who asks, whether the policies let them, and whether they meant it.
pub(crate) async fn guard(
    FromState((state, route)): FromState<(State, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let who = match token(request.headers()) {
        Some(token) => state.sessions.find(&state, token).await?,
        None => Who::anonymous(),
    };
    state.access.require(&who, route.action, &Thing::any(route.kind))?;
    if route.changes() && !request.headers().contains_key(OWN_PAGE) {
        let (zh, en) = ("缺少 X-Plumbline 请求头", "send the header X-Plumbline: 1 with every change");
        return Err(Problem::new(StatusCode::FORBIDDEN, "ForeignPage", zh, en));
    }
    request.extensions_mut().insert(who);
    match route.pace {
        Pace::Flowing => Ok(next.run(request).await),
        Pace::Usual => {
            let limit = state.config.limits.request;
            tokio::time::timeout(limit, next.run(request)).await.map_err(|_| too_slow())
        }
    }
}

fn too_slow() -> Problem {
    let (zh, en) = ("处理超时，请稍后再试", "it took too long: try again later");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TooSlow", zh, en)
}

/// The session's token: from the cookie of the page, or as a program sends it.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    bearer.or_else(|| cookies(headers).find(|(name, _)| *name == COOKIE).map(|(_, value)| value))
}

/// The cookies of a request: names and values.
pub(crate) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_token_is_found_among_other_cookies_and_as_a_bearer() {
        let cookie = (header::COOKIE, "lang=zh; plumbline=abc; x=plumbline=no");
        assert_eq!(token(&headers(&[cookie])), Some("abc"));
        assert_eq!(token(&headers(&[(header::AUTHORIZATION, "Bearer xyz")])), Some("xyz"));
        assert_eq!(token(&headers(&[(header::AUTHORIZATION, "Basic xyz")])), None);
        assert_eq!(token(&headers(&[(header::COOKIE, "plumblinex=abc")])), None);
    }
}
