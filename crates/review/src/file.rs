use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::SeekFrom;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Body;
use axum::extract::State as FromState;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use plumbline_catalog::{FileKind, StoredFile};
use plumbline_custody::Digest;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::Problem;
use crate::extract::Path;
use crate::range::Piece;
use crate::state::{State, act, blocking};
use crate::upload::digest;
use crate::who::Who;

/// How long a file that was hashed and has not been touched since counts as looked at: a map asks for hundreds of its tiles.
const FRESH: Duration = Duration::from_mins(10);

/// Files that are remembered.
const REMEMBERED: usize = 10_000;

/// What a stored file answers to a browser: it is shown or saved, and nothing in it runs.
const STILL: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Stored files whose content was hashed and fitted their name.
#[derive(Debug, Default)]
pub(crate) struct Checked(Mutex<BTreeMap<String, Look>>);

/// What a file was like when it was hashed.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    size: u64,
    modified: Option<SystemTime>,
    at: Instant,
}

/// `GET /api/files/{sha256}`: a file of the store, whole or a piece of it.
pub(crate) async fn get(
    FromState(state): FromState<State>,
    who: Who,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sha256 = digest(&sha256).map_err(|_| Problem::not_found())?;
    let file = state.catalog.file(&sha256).await?.ok_or_else(Problem::not_found)?;
    let etag = format!("\"{sha256}\"");
    let sent = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let known = sent(header::IF_NONE_MATCH).is_some_and(|tags| {
        tags == "*" || tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
    });
    if known {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let path = state.catalog.file_path(&file).await?;
    require_whole(&state, &sha256, &path).await?;
    let range = sent(header::RANGE).filter(|_| sent(header::IF_RANGE).is_none_or(|tag| tag == etag));
    let piece = Piece::read(range, file.size);
    if file.kind == FileKind::Original && matches!(piece, Piece::Whole | Piece::Of(0, _)) {
        let act = act(&who.name);
        state.catalog.note(&act, "ACCESSED", &format!("file:{sha256}"), json!({})).await?;
    }
    send(&path, &file, &etag, piece).await
}

/// Fails if the content of a stored file is no longer that of its name.
async fn require_whole(state: &State, sha256: &str, path: &FilePath) -> Result<(), Problem> {
    let metadata = tokio::fs::metadata(path).await.map_err(|source| altered(path, &source.to_string()))?;
    if state.checked.is_fresh(sha256, &metadata) {
        return Ok(());
    }
    let place: PathBuf = path.to_owned();
    let (found, _) = blocking(move || Digest::of_file(&place).map_err(Problem::internal)).await?;
    if found.to_string() == sha256 {
        state.checked.remember(sha256, &metadata);
        Ok(())
    } else {
        Err(altered(path, &format!("its content hashes to {found}")))
    }
}

fn altered(path: &FilePath, why: &str) -> Problem {
    let (zh, en) =
        ("存储文件已被改动或缺失，请核验", "the stored file was altered or has gone: verify the catalog");
    let cause = Problem::internal(format!("{}: {why}", path.display())).cause;
    Problem { cause, ..Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "FileAltered", zh, en) }
}

async fn send(path: &FilePath, file: &StoredFile, etag: &str, piece: Piece) -> Result<Response, Problem> {
    let said = [
        (header::ETAG, etag.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (header::CONTENT_TYPE, file.media_type.clone()),
    ];
    let (first, last) = match piece {
        Piece::Whole => (0, file.size.saturating_sub(1)),
        Piece::Of(first, last) => (first, last),
        Piece::Nowhere => {
            let size = [(header::CONTENT_RANGE, format!("bytes */{}", file.size))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, size).into_response());
        }
    };
    let length = if file.size == 0 { 0 } else { last - first + 1 };
    let mut source = tokio::fs::File::open(path).await.map_err(Problem::internal)?;
    source.seek(SeekFrom::Start(first)).await.map_err(Problem::internal)?;
    let body = Body::from_stream(ReaderStream::with_capacity(source.take(length), 1 << 16));
    let mut response = (said, [(header::CONTENT_LENGTH, length.to_string())], body).into_response();
    if matches!(piece, Piece::Of(..)) {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {first}-{last}/{}", file.size).parse().map_err(Problem::internal)?;
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    if file.media_type != "application/pdf" {
        let still = header::HeaderValue::from_static(STILL);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, still);
    }
    Ok(response)
}

impl Checked {
    fn is_fresh(&self, sha256: &str, metadata: &Metadata) -> bool {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.get(sha256).is_some_and(|look| {
            let same = look.size == metadata.len() && look.modified == metadata.modified().ok();
            same && look.at.elapsed() < FRESH
        })
    }

    fn remember(&self, sha256: &str, metadata: &Metadata) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|_, look| look.at.elapsed() < FRESH);
        if looks.len() < REMEMBERED {
            let look = Look { size: metadata.len(), modified: metadata.modified().ok(), at: Instant::now() };
            looks.insert(sha256.to_owned(), look);
        }
    }
}
