//! Resumable uploads: links that break, files that lie about themselves, servers that end.

use std::fs;
use std::path::Path;

use crate::common::{Answer, House};
use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_custody::Digest;
use plumbline_review::{Config, Limits};
use serde_json::json;
use sha1::Digest as _;
use tokio_util::io::ReaderStream;

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");

fn metadata(pairs: &[(&str, &str)]) -> String {
    let pair = |(key, value): &(&str, &str)| format!("{key} {}", STANDARD.encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join(",")
}

fn about(name: &str) -> String {
    metadata(&[("flight", "2025-06-12"), ("project", "demo"), ("filename", name)])
}

async fn begin(house: &House, who: &str, length: usize, about: &str) -> Answer {
    let length = length.to_string();
    let headers = [TUS, ("upload-length", length.as_str()), ("upload-metadata", about)];
    house.raw(who, Method::POST, "/api/uploads", &headers, Body::empty()).await
}

/// Begins an upload and returns its address.
async fn begun(house: &House, name: &str, length: usize) -> String {
    let answer = begin(house, "pilot", length, &about(name)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.header("location").to_owned()
}

async fn patch(house: &House, path: &str, offset: usize, body: impl Into<Body>) -> Answer {
    patch_with(house, path, offset, &[], body).await
}

async fn patch_with(
    house: &House,
    path: &str,
    offset: usize,
    more: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let offset = offset.to_string();
    let mut headers = vec![TUS, PIECE, ("upload-offset", offset.as_str())];
    headers.extend(more);
    house.raw("pilot", Method::PATCH, path, &headers, body.into()).await
}

async fn offset(house: &House, path: &str) -> Option<usize> {
    let answer = house.raw("pilot", Method::HEAD, path, &[TUS], Body::empty()).await;
    answer.headers.get("upload-offset").map(|value| value.to_str().unwrap().parse().unwrap())
}

fn photo(size: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..size).map(|i| (i * 31 % 251) as u8).collect();
    bytes[..4].copy_from_slice(&[0xff, 0xd8, 0xff, 0xe0]);
    bytes
}

fn landed(house: &House, name: &str) -> Vec<u8> {
    fs::read(house.folder.path().join("flights/2025-06-12/photos").join(name)).unwrap()
}

/// A body that sends some bytes and then breaks, as a lost link does.
fn broken(bytes: &[u8]) -> Body {
    let sent = std::io::Cursor::new(bytes.to_vec());
    let chain = tokio::io::AsyncReadExt::chain(sent, Breaks);
    Body::from_stream(ReaderStream::new(chain))
}

struct Breaks;

impl tokio::io::AsyncRead for Breaks {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Err(std::io::ErrorKind::ConnectionReset.into()))
    }
}

#[tokio::test]
async fn a_file_in_pieces_lands_whole_and_is_in_the_store_once() {
    let house = House::open().await;
    let bytes = photo(1_000_000);
    let path = begun(&house, "DJI_0001.JPG", bytes.len()).await;
    for (i, piece) in bytes.chunks(300_000).enumerate() {
        let answer = patch(&house, &path, i * 300_000, piece.to_vec()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        assert_eq!(answer.header("tus-resumable"), "1.0.0");
    }
    assert_eq!(landed(&house, "DJI_0001.JPG"), bytes);
    let sha256 = Digest::of(&bytes).to_string();
    let stored = house.folder.path().join(format!("store/sha256/{}/{sha256}.jpg", &sha256[..2]));
    assert_eq!(fs::read(&stored).unwrap(), bytes);
    assert!(fs::metadata(&stored).unwrap().permissions().readonly());
    assert_eq!(offset(&house, &path).await, Some(bytes.len()), "asked again afterwards");
    let again = patch(&house, &path, bytes.len(), Vec::new()).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "the last request repeated");
    let events = house.get("curator", "/api/custody?subject=flight:2025-06-12/DJI_0001.JPG").await.json();
    assert_eq!(events["events"].as_array().unwrap().len(), 1);
    assert_eq!(house.get("curator", &format!("/api/files/{sha256}")).await.body, bytes, "it is read again");
    let verified = house.get("bureau", "/api/verify").await.json();
    assert_eq!(verified["faults"], json!([]), "the catalog knows what lies in its store");
    assert_eq!(events["events"][0]["detail"]["sha256"], sha256);
    assert_eq!(parts(house.folder.path()), 0);
}

/// Bytes of uploads that are not in the store yet.
fn parts(folder: &Path) -> usize {
    let names = fs::read_dir(folder.join("uploads")).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().contains(".part.")).count()
}

#[tokio::test]
async fn forty_lost_links_and_five_stops_lose_no_byte() {
    let mut house = House::open().await;
    let bytes = photo(4_000_003);
    let path = begun(&house, "DJI_0002.JPG", bytes.len()).await;
    let mut lost = 0;
    loop {
        let at = offset(&house, &path).await.unwrap();
        if at == bytes.len() {
            break;
        }
        let end = (at + 97_531).min(bytes.len());
        if lost < 40 {
            lost += 1;
            let answer = patch(&house, &path, at, broken(&bytes[at..end])).await;
            assert_eq!(answer.code(), "LinkLost");
            if lost % 8 == 0 {
                house = house.reopened(|config| config).await;
            }
        } else {
            assert_eq!(patch(&house, &path, at, bytes[at..].to_vec()).await.status, StatusCode::NO_CONTENT);
        }
    }
    assert_eq!(lost, 40);
    assert_eq!(landed(&house, "DJI_0002.JPG"), bytes);
}

#[tokio::test]
async fn a_chunk_with_a_checksum_counts_whole_or_not_at_all() {
    let house = House::open().await;
    let bytes = photo(200_000);
    let path = begun(&house, "a.jpg", bytes.len()).await;
    let sha1 = format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(&bytes[..100_000])));
    let sum = [("upload-checksum", sha1.as_str())];
    let wrong = patch_with(&house, &path, 0, &sum, bytes[..99_999].to_vec()).await;
    assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (460, "ChecksumMismatch"));
    assert_eq!(offset(&house, &path).await, Some(0));
    let lost = patch_with(&house, &path, 0, &sum, broken(&bytes[..50_000])).await;
    assert_eq!(lost.code(), "LinkLost");
    assert_eq!(offset(&house, &path).await, Some(0));
    let right = patch_with(&house, &path, 0, &sum, bytes[..100_000].to_vec()).await;
    assert_eq!(right.status, StatusCode::NO_CONTENT);
    let sha256 = format!("sha256 {}", STANDARD.encode(Digest::of(&bytes[100_000..]).as_bytes()));
    let sum = [("upload-checksum", sha256.as_str())];
    let right = patch_with(&house, &path, 100_000, &sum, bytes[100_000..].to_vec()).await;
    assert_eq!(right.status, StatusCode::NO_CONTENT, "{}", right.text());
    assert_eq!(landed(&house, "a.jpg"), bytes);
}

#[tokio::test]
async fn a_server_killed_inside_a_checked_chunk_forgets_that_chunk() {
    let house = House::open().await;
    let bytes = photo(1000);
    let path = begun(&house, "a.jpg", bytes.len()).await;
    patch(&house, &path, 0, bytes[..400].to_vec()).await;
    // What a killed server leaves: the mark of where the chunk began, and half of the chunk.
    let id = path.rsplit('/').next().unwrap();
    let uploads = house.folder.path().join("uploads");
    fs::write(uploads.join(format!("{id}.mark")), "400").unwrap();
    let part = uploads.join(format!("{id}.part.jpg"));
    fs::write(&part, [&bytes[..400], &[9; 77]].concat()).unwrap();
    let house = house.reopened(|config| config).await;
    assert_eq!(offset(&house, &path).await, Some(400));
    assert_eq!(patch(&house, &path, 400, bytes[400..].to_vec()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(landed(&house, "a.jpg"), bytes);
}

#[tokio::test]
async fn a_server_killed_anywhere_in_finishing_finishes_once() {
    let bytes = photo(5000);
    for step in ["bytes", "stored", "linked", "noted"] {
        let house = House::open().await;
        let path = begun(&house, "a.jpg", bytes.len()).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let folder = house.folder.path().to_owned();
        let part = folder.join(format!("uploads/{id}.part.jpg"));
        fs::write(&part, &bytes).unwrap();
        let record = fs::read(folder.join(format!("uploads/{id}.json"))).unwrap();
        if step != "bytes" {
            assert_eq!(offset(&house, &path).await, Some(bytes.len()));
            fs::write(&part, &bytes).unwrap();
            fs::write(folder.join(format!("uploads/{id}.json")), record).unwrap();
        }
        if step == "stored" {
            fs::remove_file(folder.join("flights/2025-06-12/photos/a.jpg")).unwrap();
            fs::remove_file(folder.join("flights/2025-06-12/files.jsonl")).unwrap();
        }
        if step == "linked" {
            fs::write(folder.join("flights/2025-06-12/files.jsonl"), "{\"name\":\"a.jp").unwrap();
        }
        let house = house.reopened(|config| config).await;
        assert_eq!(landed(&house, "a.jpg"), bytes, "{step}");
        let flight = house.get("pilot", "/api/flights/2025-06-12").await.json();
        assert_eq!((flight["files"].as_u64(), flight["bytes"].as_u64()), (Some(1), Some(5000)), "{step}");
        let events = house.get("curator", "/api/custody?subject=flight:2025-06-12/a.jpg").await.json();
        assert_eq!(events["events"].as_array().unwrap().len(), 1, "{step}");
        assert_eq!(parts(&folder), 0, "{step}");
    }
}

#[tokio::test]
async fn creation_takes_the_first_bytes_and_an_empty_file_is_complete_at_once() {
    let house = House::open().await;
    let bytes = photo(3000);
    let about = about("a.jpg");
    let headers = [TUS, PIECE, ("upload-length", "3000"), ("upload-metadata", about.as_str())];
    let answer = house.raw("pilot", Method::POST, "/api/uploads", &headers, Body::from(bytes.clone())).await;
    assert_eq!((answer.status, answer.header("upload-offset")), (StatusCode::CREATED, "3000"));
    assert_eq!(landed(&house, "a.jpg"), bytes);
    let empty = begin(&house, "pilot", 0, &self::about("notes.txt")).await;
    assert_eq!((empty.status, empty.header("upload-offset")), (StatusCode::CREATED, "0"));
    assert_eq!(landed(&house, "notes.txt"), b"");
}

#[tokio::test]
async fn the_protocol_says_what_it_can_do_and_refuses_what_it_cannot() {
    let house = House::open().await;
    let described = house.raw("", Method::OPTIONS, "/api/uploads", &[], Body::empty()).await;
    assert_eq!(described.status, StatusCode::NO_CONTENT);
    assert_eq!(described.header("tus-version"), "1.0.0");
    for extension in ["creation", "creation-with-upload", "checksum", "termination", "expiration"] {
        assert!(described.header("tus-extension").split(',').any(|own| own == extension));
    }
    assert_eq!(described.header("tus-checksum-algorithm"), "sha1,sha256");
    assert_eq!(described.header("tus-max-size"), (4_u64 << 30).to_string());
    let path = begun(&house, "a.jpg", 100).await;
    let old = house.raw("pilot", Method::HEAD, &path, &[("tus-resumable", "0.2.2")], Body::empty()).await;
    assert_eq!((old.status, old.header("tus-version")), (StatusCode::PRECONDITION_FAILED, "1.0.0"));
    let elsewhere = patch(&house, &path, 50, photo(50)).await;
    assert_eq!((elsewhere.status, elsewhere.code().as_str()), (StatusCode::CONFLICT, "OffsetMismatch"));
    let plain = [TUS, ("upload-offset", "0"), ("content-type", "text/plain")];
    let plain = house.raw("pilot", Method::PATCH, &path, &plain, Body::from("x")).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = patch(&house, &path, 0, photo(101)).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let endless =
        patch(&house, &path, 0, Body::from_stream(ReaderStream::new(std::io::Cursor::new(photo(500))))).await;
    assert_eq!(endless.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(offset(&house, &path).await.unwrap() <= 100);
    let ended = house.raw("pilot", Method::DELETE, &path, &[TUS], Body::empty()).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(offset(&house, &path).await, None);
    assert_eq!(parts(house.folder.path()), 0);
}

#[tokio::test]
async fn others_cannot_touch_an_upload_or_a_flight() {
    let house = House::open().await;
    let path = begun(&house, "a.jpg", 100).await;
    for method in [Method::HEAD, Method::DELETE] {
        let answer = house.raw("pilot2", method, &path, &[TUS], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let headers = [TUS, PIECE, ("upload-offset", "0")];
    let answer = house.raw("pilot2", Method::PATCH, &path, &headers, Body::from(photo(100))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let taken = begin(&house, "pilot2", 10, &about("b.jpg")).await;
    assert_eq!((taken.status, taken.code().as_str()), (StatusCode::CONFLICT, "FlightTaken"));
    assert_eq!(house.get("pilot2", "/api/flights/2025-06-12").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.get("pilot2", "/api/flights").await.json(), json!({ "flights": [] }));
}

#[tokio::test]
async fn what_was_announced_must_come_and_what_may_not_come_leaves_nothing() {
    let house = House::open().await;
    let bytes = photo(100);
    let wrong = "0".repeat(64);
    let about = metadata(&[("flight", "f"), ("project", "p"), ("filename", "a.jpg"), ("sha256", &wrong)]);
    let path = begin(&house, "pilot", 100, &about).await.header("location").to_owned();
    let answer = patch(&house, &path, 0, bytes.clone()).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "DigestMismatch"));
    assert_eq!(offset(&house, &path).await, None, "the client begins again");
    let path = begun(&house, "b.jpg", 100).await;
    let answer = patch(&house, &path, 0, vec![b'<'; 100]).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "FileKind"));
    assert!(!house.folder.path().join("flights/2025-06-12/photos/b.jpg").exists());
    assert_eq!(parts(house.folder.path()), 0);
}

#[tokio::test]
async fn the_same_file_again_is_the_same_and_another_of_its_name_is_refused() {
    let house = House::open().await;
    for _ in 0..2 {
        let path = begun(&house, "a.jpg", 100).await;
        assert_eq!(patch(&house, &path, 0, photo(100)).await.status, StatusCode::NO_CONTENT);
    }
    let path = begun(&house, "a.jpg", 100).await;
    let mut other = photo(100);
    other[50] ^= 1;
    let answer = patch(&house, &path, 0, other).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "FileExists"));
    let cased = begin(&house, "pilot", 100, &about("A.JPG")).await;
    assert_eq!(cased.code(), "FileExists", "one name on some systems");
    assert_eq!(landed(&house, "a.jpg"), photo(100));
}

#[tokio::test]
async fn limits_hold_for_files_and_flights_and_old_uploads_lapse() {
    let limits = Limits { file_bytes: 1000, flight_bytes: 1500, flight_files: 2, ..Limits::default() };
    let house = House::with(|config| Config { limits, ..config }).await;
    let large = begin(&house, "pilot", 1001, &about("a.jpg")).await;
    assert_eq!((large.status, large.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "TooLarge"));
    let path = begun(&house, "a.jpg", 1000).await;
    patch(&house, &path, 0, photo(1000)).await;
    assert_eq!(begin(&house, "pilot", 501, &about("b.jpg")).await.code(), "TooLarge");
    let path = begun(&house, "b.jpg", 500).await;
    patch(&house, &path, 0, photo(500)).await;
    assert_eq!(begin(&house, "pilot", 0, &about("c.txt")).await.code(), "TooManyFiles");
    let limits = Limits { upload: std::time::Duration::ZERO, ..Limits::default() };
    let house = house.reopened(|config| Config { limits, ..config }).await;
    let about = metadata(&[("flight", "g"), ("project", "demo"), ("filename", "a.jpg")]);
    let path = begin(&house, "pilot", 100, &about).await.header("location").to_owned();
    assert_eq!(patch(&house, &path, 0, photo(100)).await.status, StatusCode::GONE);
    let house = house.reopened(|config| config).await;
    assert_eq!(offset(&house, &path).await, None);
    assert_eq!(parts(house.folder.path()), 0);
}

#[tokio::test]
async fn two_requests_cannot_write_one_file_at_the_same_time() {
    let house = House::open().await;
    let bytes = photo(1000);
    let path = begun(&house, "a.jpg", 1000).await;
    let (sender, receiver) = tokio::io::duplex(64);
    let slow = Body::from_stream(ReaderStream::new(receiver));
    let first = patch(&house, &path, 0, slow);
    let second = async {
        let mut sender = sender;
        tokio::io::AsyncWriteExt::write_all(&mut sender, &bytes[..500]).await.unwrap();
        let second = patch(&house, &path, 0, Bytes::from(bytes.clone())).await;
        tokio::io::AsyncWriteExt::write_all(&mut sender, &bytes[500..]).await.unwrap();
        drop(sender);
        second
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!((second.status, second.code().as_str()), (StatusCode::LOCKED, "UploadInUse"));
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    assert_eq!(landed(&house, "a.jpg"), bytes);
}
