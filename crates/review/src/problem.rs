use std::fmt::Display;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request was not done, for people in two languages and for programs by its code.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Code that programs can tell problems by.
    pub code: &'static str,
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
    /// After how many seconds it may be tried again.
    pub retry_after_s: Option<u64>,
    /// What lies behind a fault of the server: for its journal, never for the client.
    pub cause: Option<Cause>,
}

/// What the journal is told of a fault; carried by the response.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub String);

impl Problem {
    /// A problem from its parts.
    pub fn new(status: StatusCode, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status, code, zh: zh.into(), en: en.into(), retry_after_s: None, cause: None }
    }

    /// The request itself is wrong.
    pub fn bad_request(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", zh, en)
    }

    /// Nothing lies there.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "没有这一项", "there is no such thing here")
    }

    /// The state of things does not allow it.
    pub fn conflict(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, zh, en)
    }

    /// Nobody is signed in.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "请先登录", "sign in first")
    }

    /// The account may not.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "该账号无权进行此操作", "this account may not do that")
    }

    /// Larger than allowed.
    pub fn too_large(limit: u64) -> Self {
        let (zh, en) = (format!("超过上限 {limit} 字节"), format!("larger than the limit of {limit} bytes"));
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "TooLarge", zh, en)
    }

    /// Tried too often.
    pub fn too_many(after_s: u64) -> Self {
        let zh = format!("尝试次数过多，请在 {after_s} 秒后再试");
        let en = format!("too many attempts: try again in {after_s} seconds");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyAttempts", zh, en);
        Self { retry_after_s: Some(after_s), ..problem }
    }

    /// The server failed; the client learns no more than that.
    pub fn internal(cause: impl Display) -> Self {
        let problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal",
            "服务器内部错误，已记入运行日志",
            "the server failed; its journal says why",
        );
        Self { cause: Some(Cause(cause.to_string())), ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Json(json!({ "code": self.code, "description": self.en, "zh": self.zh }));
        let mut response = (self.status, body).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"plumbline\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

/// An error with everything behind it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
