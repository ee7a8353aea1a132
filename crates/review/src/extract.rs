//! What handlers take from a request, with problems in two languages.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Problem;
use crate::who::Who;

/// Longest text of a person, in characters.
const LONGEST_TEXT: usize = 4000;

/// Longest name of a person, project or thing, in characters.
const LONGEST_NAME: usize = 128;

/// The body, as JSON.
pub(crate) struct Json<T>(pub T);

/// The query.
pub(crate) struct Query<T>(pub T);

/// Parts of the path.
pub(crate) struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = axum::Json::from_request(request, state).await;
        body.map(|axum::Json(value)| Self(value)).map_err(|refused| {
            let zh = "请求体不是所需的 JSON";
            Problem::new(refused.status(), "BadRequest", zh, refused.body_text())
        })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        let query = query.map(|axum::extract::Query(value)| Self(value));
        query.map_err(|refused| Problem::bad_request("查询参数有误", refused.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;

    /// The guard in front of every route has put it there.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unauthorized)
    }
}

/// A text that a person wrote: not empty, not endless, without control characters; markup in it stays text.
pub(crate) fn text(what: &str, value: &str) -> Result<String, Problem> {
    let value = value.trim();
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    checked(what, value, LONGEST_TEXT, control)
}

/// The same where nothing need be said.
pub(crate) fn optional_text(what: &str, value: Option<&str>) -> Result<Option<String>, Problem> {
    value.filter(|value| !value.trim().is_empty()).map(|value| text(what, value)).transpose()
}

/// A name on one line.
pub(crate) fn name(what: &str, value: &str) -> Result<String, Problem> {
    checked(what, value.trim(), LONGEST_NAME, |c| c.is_control() || is_invisible(c))
}

fn checked(
    what: &str,
    value: &str,
    longest: usize,
    refused: impl Fn(char) -> bool,
) -> Result<String, Problem> {
    let fits = !value.is_empty() && value.chars().count() <= longest && !value.contains(refused);
    fits.then(|| value.to_owned()).ok_or_else(|| {
        let zh = format!("{what} 须为 1 至 {longest} 个字符，不得含控制字符");
        let en = format!("{what} needs 1 to {longest} characters and no control characters");
        Problem::bad_request(zh, en)
    })
}

/// Characters that reorder or hide others: a name must look like what it is.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
