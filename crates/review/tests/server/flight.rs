//! A flight from its last file to its findings.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::common::{Answer, House};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_custody::Digest;
use plumbline_review::Config;
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// A program that stands for `plumbline`: it writes down how it was called and behaves as files beside it say.
fn program(folder: &Path) -> PathBuf {
    let path = folder.join("plumbline-stand-in");
    let script = r#"#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/calls"
case $1 in
check)
  [ -f "$here/unfit" ] && { echo '{"summary":{"georeference":"NO"},"problems":[]}'; exit 2; }
  [ -f "$here/broken" ] && { echo "cannot read" >&2; exit 1; }
  echo '{"summary":{"georeference":"YES"},"problems":[]}' ;;
run)
  echo "working <b>on it</b>" >&2
  while [ -f "$here/hold" ]; do sleep 0.05; done
  [ -f "$here/fails" ] && { echo "no overlap" >&2; exit 1; }
  mkdir -p "$4/work"
  echo '{"state":"finished","step":"ortho","done":1,"of":1}' > "$4/work/status.json"
  echo '{}' ;;
esac
"#;
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

async fn upload(house: &House, flight: &str, name: &str, bytes: &[u8]) {
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    let about = [pair("flight", flight), pair("project", "demo"), pair("filename", name)].join(",");
    let length = bytes.len().to_string();
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("content-type", "application/offset+octet-stream"),
        ("upload-length", length.as_str()),
        ("upload-metadata", about.as_str()),
    ];
    let answer = house.raw("pilot", Method::POST, "/api/uploads", &headers, Body::from(bytes.to_vec())).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

async fn complete(house: &House, flight: &str, said: Value) -> Answer {
    house.send("pilot", Method::POST, &format!("/api/flights/{flight}/complete"), said).await
}

/// Asks until a flight is in a state; a flight that never gets there fails the test.
async fn reaches(house: &House, flight: &str, state: &str) -> Value {
    let begun = Instant::now();
    loop {
        let shown = house.get("pilot", &format!("/api/flights/{flight}")).await.json();
        if shown["state"] == state {
            return shown;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "not {state}: {shown}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn photo(number: u8) -> Vec<u8> {
    vec![0xff, 0xd8, 0xff, number]
}

/// A house whose queue works, and what stops it.
async fn working() -> (House, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let folder = tempfile::tempdir().unwrap();
    let program = program(folder.path());
    let house = House::over(folder, |config| Config { program, ..config }).await;
    let (stop, work) = house.server.work();
    (house, stop, work)
}

fn calls(house: &House, command: &str) -> usize {
    let calls = fs::read_to_string(house.folder.path().join("calls")).unwrap_or_default();
    calls.lines().filter(|line| line.starts_with(command)).count()
}

#[tokio::test]
async fn a_complete_flight_is_checked_at_once_and_run_in_its_turn() {
    let (house, _stop, _work) = working().await;
    upload(&house, "f1", "a.jpg", &photo(1)).await;
    upload(&house, "f1", "b.jpg", &photo(2)).await;
    upload(&house, "f1", "a.MRK", b"1 2 3").await;
    let short = complete(&house, "f1", json!({ "expected": 4 })).await;
    assert_eq!((short.status, short.code().as_str()), (StatusCode::CONFLICT, "Incomplete"));
    let digests: Vec<String> =
        [&photo(2)[..], &photo(1), b"1 2 3"].map(|bytes| Digest::of(bytes).to_string()).to_vec();
    let others = vec![Digest::of(b"x").to_string(); 3];
    let wrong = complete(&house, "f1", json!({ "expected": 3, "sha256s": others })).await;
    assert_eq!(wrong.code(), "DigestMismatch");
    let said = json!({ "expected": 3, "project": "demo", "sha256s": digests });
    assert_eq!(complete(&house, "f1", said.clone()).await.status, StatusCode::ACCEPTED);
    let done = reaches(&house, "f1", "DONE").await;
    assert_eq!(done["check"]["summary"]["georeference"], "YES");
    assert_eq!((done["photos"].as_u64(), done["files"].as_u64()), (Some(2), Some(3)));
    assert_eq!(done["run"]["state"], "DONE");
    assert_eq!(done["run"]["progress"], 1.0);
    assert_eq!(done["run"]["log"][0], "working <b>on it</b>");
    let project = fs::read_to_string(house.folder.path().join("runs/f1/project.toml")).unwrap();
    assert!(project.contains("name = \"demo f1\"") && project.contains("id = \"f1\""), "{project}");
    let log = house.get("pilot", "/api/flights/f1/log").await;
    assert!(log.header("content-type").starts_with("text/plain"), "markup in a log is text");
    assert_eq!(complete(&house, "f1", said).await.status, StatusCode::ACCEPTED, "said again");
    assert_eq!((calls(&house, "check"), calls(&house, "run")), (1, 1));
    let events = house.get("curator", "/api/custody?subject=flight:f1").await.json();
    let actions: Vec<_> = events["events"].as_array().unwrap().iter().map(|event| &event["action"]).collect();
    assert_eq!(actions, ["FLIGHT_COMPLETED", "RUN_DONE"]);
}

#[tokio::test]
async fn a_complete_flight_takes_no_more_files() {
    let (house, _stop, _work) = working().await;
    upload(&house, "f1", "a.jpg", &photo(1)).await;
    complete(&house, "f1", json!({ "expected": 1 })).await;
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    let about = [pair("flight", "f1"), pair("project", "demo"), pair("filename", "late.jpg")].join(",");
    let headers = [("tus-resumable", "1.0.0"), ("upload-length", "4"), ("upload-metadata", about.as_str())];
    let late = house.raw("pilot", Method::POST, "/api/uploads", &headers, Body::empty()).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "FlightComplete"));
}

#[tokio::test]
async fn an_unfit_flight_is_not_run_and_a_check_or_run_that_fails_says_so() {
    let (house, _stop, _work) = working().await;
    for (file, state) in [("unfit", "UNFIT"), ("broken", "FAILED"), ("fails", "FAILED")] {
        let marker = house.folder.path().join(file);
        fs::write(&marker, "").unwrap();
        upload(&house, file, "a.jpg", &photo(1)).await;
        complete(&house, file, json!({ "expected": 1 })).await;
        let shown = reaches(&house, file, state).await;
        assert_eq!(shown["check"].is_null(), file == "broken", "{shown}");
        assert_eq!(shown["run"].is_null(), file == "unfit", "{shown}");
        fs::remove_file(marker).unwrap();
    }
    let failed = house.get("pilot", "/api/flights/fails").await.json();
    assert_eq!(failed["run"]["log"][1], "no overlap");
    assert_eq!(calls(&house, "run"), 1);
}

#[tokio::test]
async fn one_run_at_a_time_and_what_a_stopped_server_left_is_taken_up_by_the_next() {
    let (house, stop, work) = working().await;
    let hold = house.folder.path().join("hold");
    fs::write(&hold, "").unwrap();
    for flight in ["f1", "f2"] {
        upload(&house, flight, "a.jpg", &photo(1)).await;
        complete(&house, flight, json!({ "expected": 1 })).await;
    }
    reaches(&house, "f1", "RUNNING").await;
    assert_eq!(reaches(&house, "f2", "QUEUED").await["run"]["state"], "QUEUED");
    assert_eq!(calls(&house, "run"), 1);
    stop.send(()).unwrap();
    work.await.unwrap();
    let program = house.folder.path().join("plumbline-stand-in");
    let house = house.reopened(|config| Config { program, ..config }).await;
    fs::remove_file(&hold).unwrap();
    let (_stop, _work) = house.server.work();
    reaches(&house, "f1", "DONE").await;
    reaches(&house, "f2", "DONE").await;
    assert_eq!(calls(&house, "run"), 3, "the first one again");
}

#[tokio::test]
async fn the_next_server_waits_for_the_process_of_a_killed_one() {
    let (house, _stop, work) = working().await;
    upload(&house, "f1", "a.jpg", &photo(1)).await;
    // A process that a killed server left behind still holds the log of its run.
    let run = house.folder.path().join("runs/f1");
    fs::create_dir_all(&run).unwrap();
    let orphan = fs::File::create(run.join("run.log")).unwrap();
    orphan.lock().unwrap();
    complete(&house, "f1", json!({ "expected": 1 })).await;
    reaches(&house, "f1", "RUNNING").await;
    assert_eq!(calls(&house, "run"), 0);
    orphan.unlock().unwrap();
    reaches(&house, "f1", "DONE").await;
    assert_eq!(calls(&house, "run"), 1);
    work.abort();
}
