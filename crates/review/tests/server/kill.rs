//! A real client over a real socket, links that break, and servers that are killed.

#![allow(clippy::print_stdout, reason = "what a judge says is worth reading")]
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::process::{Process, judges, settled};
use crate::common::{PASSWORD, catalog};
use plumbline_custody::Digest;

#[test]
fn a_real_client_loses_no_byte_through_lost_links_and_killed_servers() {
    through_breaks(64 << 20, 8, 6, 2);
}

#[test]
#[ignore = "2 GB: minutes, and the space for them"]
fn two_gigabytes_through_twenty_lost_links_and_killed_servers_lose_no_byte() {
    through_breaks(2 << 30, 16, 20, 3);
}

/// Sends `bytes` in `files` files through links that break, while the server is killed and started again.
fn through_breaks(bytes: u64, files: u64, breaks: usize, kills: usize) {
    let Some(venv) = judges(&["tuspy", "requests"]) else { return };
    let (card, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let digests = fill(card.path(), bytes / files, files);
    settled(folder.path());
    let mut server = Some(Process::start(folder.path(), 0));
    let port = folder.path().join("port");
    fs::write(&port, server.as_ref().unwrap().port.to_string()).unwrap();
    let mut client = Command::new(venv.join("bin/python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/server/judges/upload.py"))
        .arg(card.path())
        .args(["big", "pilot", PASSWORD, &breaks.to_string()])
        .arg(&port)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    for kill in 1..=kills as u64 {
        let wanted = bytes * kill / (kills as u64 + 1);
        until(|| arrived(folder.path()) >= wanted || client.try_wait().unwrap().is_some());
        server.take().unwrap().kill();
        let next = Process::start(folder.path(), 0);
        fs::write(&port, next.port.to_string()).unwrap();
        server = Some(next);
    }
    let output = client.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{said}");
    assert!(output.status.success(), "{said}");
    drop(server);
    for (name, digest) in &digests {
        let file = folder.path().join("flights/big/photos").join(name);
        assert_eq!(Digest::of_file(&file).unwrap().0, *digest, "{name}");
    }
    once_each(folder.path(), digests.len());
}

/// Photos of a size, no two alike.
fn fill(card: &Path, size: u64, files: u64) -> Vec<(String, Digest)> {
    let photo = |number: u64| {
        let name = format!("DJI_{number:04}.JPG");
        let mut state = number + 1;
        let mut bytes: Vec<u8> = Vec::with_capacity(size as usize);
        bytes.extend([0xff, 0xd8, 0xff, 0xe0]);
        while (bytes.len() as u64) < size {
            // SplitMix64, so that no two blocks are alike.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            bytes.extend((z ^ (z >> 31)).to_le_bytes());
        }
        bytes.truncate(size as usize);
        fs::write(card.join(&name), &bytes).unwrap();
        (name, Digest::of(&bytes))
    };
    (0..files).map(photo).collect()
}

/// Bytes that the server has, finished or not.
fn arrived(folder: &Path) -> u64 {
    ["flights/big/photos", "uploads"]
        .iter()
        .flat_map(|name| fs::read_dir(folder.join(name)).into_iter().flatten().flatten())
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jpg")))
        .filter_map(|entry| entry.metadata().ok().map(|metadata| metadata.len()))
        .sum()
}

/// Every file is in the store, in the flight and in the log once, and nothing is left over.
fn once_each(folder: &Path, files: usize) {
    let lines = fs::read_to_string(folder.join("flights/big/files.jsonl")).unwrap();
    let mut names: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), files);
    let stored = fs::read_dir(folder.join("store/sha256")).unwrap().flatten();
    let stored: usize = stored
        .filter(|entry| entry.path().is_dir())
        .map(|entry| fs::read_dir(entry.path()).unwrap().count())
        .sum();
    assert_eq!(stored, files);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let uploaded = runtime.block_on(async {
        let events = catalog(folder).await.events(0..u64::MAX / 4).await.unwrap();
        events.iter().filter(|event| event.action == "UPLOADED").count()
    });
    assert_eq!(uploaded, files);
    let left = fs::read_dir(folder.join("uploads")).unwrap().flatten();
    assert_eq!(left.filter(|entry| entry.file_name().to_string_lossy().contains(".part.")).count(), 0);
}

fn until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_mins(15), "nothing happens");
        std::thread::sleep(Duration::from_millis(20));
    }
}
