//! Logs to alter.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plumbline_custody::{Log, Signer};
use tempfile::TempDir;

/// Content of the files of a folder, by their paths from it.
pub type Files = BTreeMap<String, Vec<u8>>;

pub fn signer() -> Signer {
    Signer::from_seed("bureau.example/custody", [5; 32]).unwrap()
}

/// Different entries of different lengths, one of them empty.
pub fn entry(number: u64) -> Vec<u8> {
    if number == 3 {
        Vec::new()
    } else {
        format!("{number}:{}", "x".repeat(number as usize % 40)).into_bytes()
    }
}

/// A log that grew to each of these sizes, and its files then.
pub fn grown(sizes: &[u64]) -> (TempDir, Vec<Files>) {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::create(folder.path(), signer()).unwrap();
    let states = sizes.iter().map(|size| {
        log.append(&(log.size()..*size).map(entry).collect::<Vec<_>>()).unwrap();
        files(folder.path())
    });
    let states = states.collect();
    (folder, states)
}

pub fn files(folder: &Path) -> Files {
    let (mut files, mut open) = (Files::new(), vec![PathBuf::from(folder)]);
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

pub fn written(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}
