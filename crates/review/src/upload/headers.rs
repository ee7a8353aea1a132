//! The headers of tus 1.0.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::Problem;

/// The version of the protocol.
const VERSION: &str = "1.0.0";

pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const VERSIONS: HeaderName = HeaderName::from_static("tus-version");
pub(super) const EXTENSIONS: HeaderName = HeaderName::from_static("tus-extension");
pub(super) const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(super) const CHECKSUMS: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
pub(super) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(super) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
pub(super) const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// What tus can do here.
pub(super) const OFFERED: &str = "creation,creation-with-upload,checksum,termination,expiration";

/// The media type of a piece of a file.
const PIECE: &str = "application/offset+octet-stream";

/// Every answer names the protocol, problems too.
pub(crate) async fn named(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert(VERSIONS, HeaderValue::from_static(VERSION));
    }
    response
}

/// Fails unless the client speaks the same version.
pub(super) fn require_version(headers: &HeaderMap) -> Result<(), Problem> {
    if text(headers, &RESUMABLE) == Some(VERSION) {
        return Ok(());
    }
    let (zh, en) = ("须使用 tus 1.0.0 协议", "send Tus-Resumable: 1.0.0");
    Err(Problem::new(StatusCode::PRECONDITION_FAILED, "TusVersion", zh, en))
}

/// Fails unless the body is a piece of a file.
pub(super) fn require_piece(headers: &HeaderMap) -> Result<(), Problem> {
    if is_piece(headers) {
        return Ok(());
    }
    let en = format!("send the bytes with Content-Type: {PIECE}");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "ContentType", "请求体类型不符", en))
}

/// Whether the body is a piece of a file.
pub(super) fn is_piece(headers: &HeaderMap) -> bool {
    text(headers, &header::CONTENT_TYPE) == Some(PIECE)
}

/// A header that is a whole number of bytes.
pub(super) fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let digits = text(headers, name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok()).ok_or_else(|| {
        Problem::bad_request(format!("{name} 请求头缺失或有误"), format!("{name} must be a whole number"))
    })
}

/// A header as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A time as HTTP writes it.
pub(super) fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
