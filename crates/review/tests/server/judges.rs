//! What independent programs say of the STAC API.

#![allow(clippy::print_stdout, reason = "what a judge says is worth reading")]
use std::path::Path;
use std::process::{Command, Output};

use crate::common::process::{Process, judges, settled};
use crate::common::{PASSWORD, catalog, folders, run};
use chrono::Utc;
use plumbline_catalog::Act;
use serde_json::Value;

const PACKAGES: [&str; 3] = ["stac-api-validator", "pystac-client", "stac-validator"];

/// A polygon around the demo.
const POLYGON: &str =
    r#"{"type":"Polygon","coordinates":[[[114.4,37],[114.6,37],[114.6,37.2],[114.4,37.2],[114.4,37]]]}"#;

/// A server with a filed run, its address and a token of the bureau.
fn served(folder: &Path) -> (Process, String, String) {
    let run = folder.join("a-run");
    run::write(&run);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let catalog = catalog(folder).await;
        catalog.file_run(&Act { by: "plumbline", at: Utc::now() }, &run).await.unwrap();
        catalog.close().await;
    });
    settled(folder);
    let server = Process::start(folder, 0);
    let root = format!("http://127.0.0.1:{}/stac/", server.port);
    let token = token(server.port);
    (server, root, token)
}

/// Signs in with curl, as anybody may.
fn token(port: u16) -> String {
    let body = serde_json::json!({ "name": "bureau", "password": PASSWORD }).to_string();
    let said = Command::new("curl")
        .args(["-s", "-i", "-H", "Content-Type: application/json", "-H", "X-Plumbline: 1", "-d", &body])
        .arg(format!("http://127.0.0.1:{port}/api/session"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let token = said.split_once("plumbline=").and_then(|(_, rest)| rest.split_once(';'));
    token.unwrap_or_else(|| panic!("{said}")).0.to_owned()
}

fn judge(venv: &Path, arguments: &[&str]) -> Output {
    Command::new(venv.join("bin/python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/server/judges/offline.py"))
        .args(arguments)
        .output()
        .unwrap()
}

fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_stac_api_passes_its_validator() {
    let Some(venv) = judges(&PACKAGES) else { return };
    for (database, folder) in folders() {
        let (_server, root, token) = served(folder.path());
        let bearer = format!("Authorization:Bearer {token}");
        let mut arguments = vec!["--root-url", &root, "--auth-bearer-token", &token, "--headers", &bearer];
        arguments.extend(["--collection", "flights"]);
        arguments.extend(["--geometry", POLYGON]);
        for class in ["core", "collections", "features", "item-search", "item-search#sort", "filter"] {
            arguments.extend(["--conformance", class]);
        }
        let output = judge(&venv, &arguments);
        println!("{database}: {}", shown(&output));
        assert!(output.status.success(), "{database}: {}", shown(&output));
    }
}

#[test]
fn every_item_passes_the_stac_validator() {
    let Some(venv) = judges(&PACKAGES) else { return };
    for (database, folder) in folders() {
        let (_server, root, token) = served(folder.path());
        let output = judge(&venv, &["items", &root, &token]);
        println!("{database}: {}", shown(&output));
        assert!(output.status.success(), "{database}: {}", shown(&output));
    }
}

#[test]
fn pystac_client_searches_it() {
    let Some(venv) = judges(&PACKAGES) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_server, root, token) = served(folder.path());
    let output = judge(&venv, &["client", &root, &token]);
    assert!(output.status.success(), "{}", shown(&output));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    println!("{said}");
    assert_eq!(said["epochs"], serde_json::json!(["demo~2025-06-12", "demo~2025-03-10"]));
    for (what, count) in [("shed", 1), ("text", 1), ("june", 1), ("near", 2)] {
        assert_eq!(said[what], count, "{what}");
    }
    assert!(said["all"].as_u64().unwrap() >= 10 && said["collections"].as_array().unwrap().len() == 6);
}

#[test]
fn curl_reads_a_map_by_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, root, token) = served(folder.path());
    let curl = |url: &str, more: &[&str]| {
        let bearer = format!("Authorization: Bearer {token}");
        Command::new("curl").args(["-s", "-H", &bearer]).args(more).arg(url).output().unwrap().stdout
    };
    let search = format!("{root}search?collections=epochs&limit=1");
    let found: Value = serde_json::from_slice(&curl(&search, &[])).unwrap();
    let href = found["features"][0]["assets"]["ortho"]["href"].as_str().unwrap();
    let whole = curl(href, &[]);
    let piece = curl(href, &["-i", "-H", "Range: bytes=0-15"]);
    let piece = String::from_utf8_lossy(&piece).into_owned();
    assert!(
        piece.starts_with("HTTP/1.1 206")
            && piece.contains(&format!("content-range: bytes 0-15/{}", whole.len())),
        "{piece}"
    );
    assert_eq!(curl(href, &["-r", "100-4195"]), whole[100..4196.min(whole.len())]);
}
