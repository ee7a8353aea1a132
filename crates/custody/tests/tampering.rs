//! Whatever is altered in a log's folder is found, and named.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use common::{Files, entry, files, grown, signer, written};
use plumbline_custody::{Checkpoint, Log, LogCheck, LogFault, Signer};
use proptest::prelude::*;
use proptest::sample::Index;

mod common;

/// Sizes of the logs that are altered: with one tile and with several, full and not.
const SIZES: [u64; 8] = [1, 2, 5, 255, 256, 257, 600, 1024];

static LOGS: LazyLock<Vec<Files>> = LazyLock::new(|| SIZES.map(|size| grown(&[size]).1.remove(0)).into());

/// A log that grows, at each of its sizes.
static GROWTH: LazyLock<Vec<Files>> = LazyLock::new(|| grown(&SIZES).1);

fn check(files: &Files, kept: Option<&Checkpoint>) -> Vec<LogFault> {
    LogCheck::of(written(files).path(), signer().verifier(), kept)
}

fn checkpoint(files: &Files) -> Checkpoint {
    Checkpoint::parse(&files["checkpoint"], signer().verifier()).unwrap()
}

/// The files that faults name, and whether one speaks of the log as a whole.
fn named(faults: &[LogFault]) -> BTreeSet<String> {
    faults.iter().filter_map(|fault| fault.path().map(str::to_owned)).collect()
}

/// Name of one of the files.
fn any_name(files: &Files, which: Index) -> String {
    files.keys().nth(which.index(files.len())).unwrap().clone()
}

/// The entries of a bundle, each with its length before it.
fn framed(bundle: &[u8]) -> Vec<&[u8]> {
    let (mut entries, mut rest) = (Vec::new(), bundle);
    while let [high, low, ..] = rest {
        let (entry, after) = rest.split_at(2 + usize::from(u16::from_be_bytes([*high, *low])));
        entries.push(entry);
        rest = after;
    }
    entries
}

/// Number of the entry that a byte of a bundle belongs to.
fn entry_at(name: &str, bundle: &[u8], offset: usize) -> u64 {
    let number: String = name.split(".p/").next().unwrap().chars().filter(char::is_ascii_digit).collect();
    let ends = framed(bundle).into_iter().scan(0, |end, entry| {
        *end += entry.len();
        Some(*end)
    });
    number.parse::<u64>().unwrap() * 256 + ends.take_while(|end| *end <= offset).count() as u64
}

/// The bundles of a log with two entries, by their numbers, in each other's place.
fn swapped(files: &Files, a: u64, b: u64) -> Files {
    let bundles: Vec<&String> = files.keys().filter(|name| name.starts_with("tile/entries/")).collect();
    let mut entries: Vec<&[u8]> = bundles.iter().flat_map(|name| framed(&files[*name])).collect();
    entries.swap(a as usize, b as usize);
    let mut altered = files.clone();
    for (name, entries) in bundles.iter().zip(entries.chunks(256)) {
        altered.insert((*name).clone(), entries.concat());
    }
    altered
}

#[test]
fn untouched_logs_are_whole_however_they_grew() {
    for (alone, grown) in LOGS.iter().zip(&*GROWTH) {
        assert!(alone == grown, "the same entries make the same files");
        assert_eq!(check(alone, None), []);
        assert_eq!(check(GROWTH.last().unwrap(), Some(&checkpoint(alone))), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_flipped_byte_anywhere_is_found_and_only_its_file_named(
        log in 0..SIZES.len(), which: Index, place: Index, flip in 1..=255_u8,
    ) {
        let mut files = LOGS[log].clone();
        let name = any_name(&files, which);
        let bytes = files.get_mut(&name).unwrap();
        let (original, offset) = (bytes.clone(), place.index(bytes.len()));
        bytes[offset] ^= flip;
        let faults = check(&files, None);
        prop_assert_eq!(named(&faults), BTreeSet::from([name.clone()]), "{:?}", faults);
        if name.starts_with("tile/entries/") {
            let number = entry_at(&name, &original, offset);
            let first = faults.iter().filter_map(|fault| match fault {
                LogFault::Entries { entries, .. } => Some(entries.start),
                LogFault::Moved { entry, .. } => Some(*entry),
                _ => None,
            });
            prop_assert_eq!(first.min(), Some(number), "{:?}", faults);
        }
    }

    #[test]
    fn a_deleted_file_is_named(log in 0..SIZES.len(), which: Index) {
        let mut files = LOGS[log].clone();
        let name = any_name(&files, which);
        files.remove(&name);
        let missing = match name.as_str() {
            "checkpoint" => LogFault::NoCheckpoint,
            _ => LogFault::Missing { path: name },
        };
        prop_assert_eq!(check(&files, None), [missing]);
    }

    #[test]
    fn a_cut_or_lengthened_file_is_named(log in 0..SIZES.len(), which: Index, place: Index, more in 0..3_usize) {
        let mut files = LOGS[log].clone();
        let name = any_name(&files, which);
        let bytes = files.get_mut(&name).unwrap();
        if more == 0 { bytes.truncate(place.index(bytes.len())) } else { bytes.resize(bytes.len() + more, 0) }
        prop_assert_eq!(named(&check(&files, None)), BTreeSet::from([name]));
    }

    #[test]
    fn two_entries_in_each_others_place_are_both_named(log in 1..SIZES.len(), a: Index, b: Index) {
        let size = SIZES[log] as usize;
        let (a, b) = (a.index(size) as u64, b.index(size) as u64);
        prop_assume!(a != b);
        let mut moved: Vec<(u64, u64)> = check(&swapped(&LOGS[log], a, b), None).iter().map(|fault| match fault {
            LogFault::Moved { entry, logged, .. } => (*entry, *logged),
            fault => panic!("{fault}"),
        }).collect();
        moved.sort_unstable();
        prop_assert_eq!(moved, [(a.min(b), a.max(b)), (a.max(b), a.min(b))]);
    }

    #[test]
    fn of_several_altered_files_every_one_is_named(
        log in 0..SIZES.len(), changes in prop::collection::vec((any::<Index>(), any::<Index>(), 1..=255_u8, 0..5_u8), 2..5),
    ) {
        let mut files = LOGS[log].clone();
        let mut altered = BTreeSet::new();
        for (which, place, flip, kind) in changes {
            let name = any_name(&LOGS[log], which);
            if altered.insert(name.clone()) {
                let bytes = files.get_mut(&name).unwrap();
                let offset = place.index(bytes.len());
                bytes[offset] ^= flip;
                if kind == 0 {
                    files.remove(&name);
                }
            }
        }
        // Where the checkpoint is among them, one that was kept is needed to say how long the log was.
        let kept = altered.contains("checkpoint").then(|| checkpoint(&LOGS[log]));
        let faults = check(&files, kept.as_ref());
        let all: BTreeSet<String> = altered.difference(&named(&faults)).cloned().collect();
        prop_assert_eq!(all, BTreeSet::new(), "{:?}", faults);
    }

    #[test]
    fn a_log_put_back_to_any_earlier_state_is_rolled_back_to_whoever_kept_a_newer_checkpoint(
        earlier in 0..SIZES.len() - 1, by in 1..SIZES.len(), only_checkpoint: bool,
    ) {
        let later = (earlier + by).min(SIZES.len() - 1);
        let kept = checkpoint(&GROWTH[later]);
        let rolled_back = LogFault::RolledBack { kept: SIZES[later], size: SIZES[earlier] };
        if only_checkpoint {
            let mut files = GROWTH[later].clone();
            files.insert("checkpoint".into(), GROWTH[earlier]["checkpoint"].clone());
            let faults = check(&files, Some(&kept));
            prop_assert!(faults.contains(&rolled_back), "{:?}", faults);
            prop_assert!(!check(&files, None).is_empty(), "the tiles beyond give it away");
        } else {
            prop_assert_eq!(check(&GROWTH[earlier], Some(&kept)), [rolled_back]);
        }
    }
}

#[test]
fn a_log_rewritten_with_the_stolen_key_does_not_continue_the_one_that_was_kept() {
    let kept = checkpoint(&GROWTH[4]);
    for size in [256, 257, 700] {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::create(folder.path(), signer()).unwrap();
        log.append(
            &(0..size).map(|n| if n == 17 { b"forged".to_vec() } else { entry(n) }).collect::<Vec<_>>(),
        )
        .unwrap();
        assert_eq!(check(&files(folder.path()), None), [], "by itself it is whole");
        assert_eq!(check(&files(folder.path()), Some(&kept)), [LogFault::NotContinued { kept: 256 }]);
    }
}

#[test]
fn a_log_rewritten_without_the_key_does_not_fit_its_checkpoint() {
    let thief = Signer::from_seed("bureau.example/custody", [6; 32]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::create(folder.path(), thief).unwrap();
    log.append(&(0..600).map(|n| entry(n + 1)).collect::<Vec<_>>()).unwrap();
    let mut forged = files(folder.path());
    assert!(matches!(check(&forged, None)[..], [LogFault::Checkpoint { .. }]));
    forged.insert("checkpoint".into(), LOGS[6]["checkpoint"].clone());
    assert_eq!(check(&forged, None), [LogFault::Root]);
}

#[test]
fn a_bundle_and_its_hashes_rewritten_together_do_not_fit_the_tree_above() {
    let mut files = LOGS[6].clone();
    let forged = {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::create(folder.path(), signer()).unwrap();
        log.append(
            &(0..600).map(|n| if n == 300 { b"forged".to_vec() } else { entry(n) }).collect::<Vec<_>>(),
        )
        .unwrap();
        common::files(folder.path())
    };
    for name in ["tile/entries/001", "tile/0/001"] {
        files.insert(name.into(), forged[name].clone());
    }
    let rewritten = LogFault::Rewritten { path: "tile/0/001".into(), entries: 256..512 };
    assert_eq!(check(&files, None), [rewritten]);
}

#[test]
fn foreign_files_and_unfinished_ones_are_told_apart() {
    let mut files = LOGS[2].clone();
    for name in ["notes.txt", "tile/0/000.p/6", "tile/0/000.p/4", "checkpoint.part"] {
        files.insert(name.into(), vec![0; 32]);
    }
    let unfinished = |path: &str| LogFault::Unfinished { path: path.into() };
    assert_eq!(
        check(&files, None),
        [
            unfinished("checkpoint.part"),
            LogFault::Stray { path: "notes.txt".into() },
            unfinished("tile/0/000.p/4"),
            unfinished("tile/0/000.p/6"),
        ]
    );
}

#[test]
fn a_log_that_is_not_there_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let faults = LogCheck::of(&home.path().join("log"), signer().verifier(), None);
    assert_eq!(faults, [LogFault::NoCheckpoint]);
    fs::write(home.path().join("log"), b"a file").unwrap();
    assert!(matches!(
        LogCheck::of(&home.path().join("log"), signer().verifier(), None)[..],
        [LogFault::Unreadable { .. }]
    ));
}
