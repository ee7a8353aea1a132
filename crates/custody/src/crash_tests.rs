//! A log that is killed, or loses its power, at every step of an append.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::failing_disk::{FailingDisk, Loss, Progress};
use crate::walk::files_under;
use crate::{Error, Log, LogCheck, LogFault, Signer};

const PROGRESS: [Progress; 3] = [Progress::Nothing, Progress::Half, Progress::All];
const LOSSES: [Loss; 3] = [Loss::Nothing, Loss::Everything, Loss::AllButCheckpoint];

/// Entries before and in the append that is interrupted: an empty log, a partial tile that grows, one that is filled, a full one
/// that is left alone, several that are filled at once, and a second level that is filled.
const CASES: [(usize, usize); 8] =
    [(0, 1), (1, 7), (250, 6), (255, 300), (256, 1), (511, 2), (700, 600), (65_535, 2)];

fn signer() -> Signer {
    Signer::from_seed("bureau.example/custody", [5; 32]).unwrap()
}

fn entries(range: std::ops::Range<usize>) -> Vec<Vec<u8>> {
    range.map(|number| format!("event {number}").into_bytes()).collect()
}

/// A log in a folder of its own.
fn log_of(count: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::create_on(Box::new(FailingDisk::default()), folder.path(), signer()).unwrap();
    log.append(&entries(0..count)).unwrap();
    folder
}

fn open(folder: &Path, disk: &FailingDisk) -> Log {
    Log::open_on(Box::new(disk.clone()), folder, signer()).unwrap()
}

fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = files_under(folder).unwrap().into_iter();
    names.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

fn copy_of(content: &BTreeMap<String, Vec<u8>>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in content {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn check(folder: &Path) -> Vec<LogFault> {
    LogCheck::of(folder, signer().verifier(), None)
}

fn all_entries(log: &Log) -> Vec<Vec<u8>> {
    log.entries(0..log.size()).map(Result::unwrap).collect()
}

/// Interrupts an append at every step, in every way, and hands over what is left: the folder, the disk, the number of entries
/// before, and whether the append was acknowledged.
fn interrupted(
    before: usize,
    added: usize,
    (progress, losses): (&[Progress], &[Loss]),
    mut then: impl FnMut(&Path, &FailingDisk, Log, bool),
) {
    let base = content(log_of(before).path());
    let steps = {
        let (folder, disk) = (copy_of(&base), FailingDisk::default());
        let mut log = open(folder.path(), &disk);
        let start = disk.steps();
        log.append(&entries(before..before + added)).unwrap();
        disk.steps() - start
    };
    assert!(steps > 6);
    for step in 0..steps {
        for &progress in progress {
            for &loss in losses {
                let (folder, disk) = (copy_of(&base), FailingDisk::default());
                let mut log = open(folder.path(), &disk);
                disk.die_after(step, progress);
                let acknowledged = log.append(&entries(before..before + added)).is_ok();
                disk.lose(loss);
                disk.revive();
                then(folder.path(), &disk, log, acknowledged);
            }
        }
    }
}

#[test]
fn a_killed_append_leaves_the_log_of_the_last_checkpoint_and_again_makes_the_same_bytes() {
    for (before, added) in CASES {
        let whole = content(log_of(before + added).path());
        // A large log takes its time: it is killed at every step in the worst way only.
        let small = before < 1000;
        let ways: (&[Progress], &[Loss]) =
            if small { (&PROGRESS, &LOSSES) } else { (&[Progress::Half], &[Loss::AllButCheckpoint]) };
        interrupted(before, added, ways, |folder, disk, dead, acknowledged| {
            drop(dead);
            let unfinished = |fault: &LogFault| matches!(fault, LogFault::Unfinished { .. });
            assert!(check(folder).iter().all(unfinished), "{:?}", check(folder));
            let mut log = open(folder, disk);
            let size = log.size() as usize;
            assert!(size == before + added || (size == before && !acknowledged));
            if small {
                assert_eq!(all_entries(&log), entries(0..size));
            }
            log.append(&entries(size..before + added)).unwrap();
            assert!(content(folder) == whole, "{before} + {added}");
            assert_eq!(check(folder), []);
        });
    }
}

#[test]
fn after_a_killed_append_other_entries_make_the_log_of_those() {
    for (before, added) in [(1, 7), (250, 6), (255, 300)] {
        let others = vec![b"other".to_vec(), b"and another".to_vec()];
        let whole = {
            let (folder, disk) = (log_of(before), FailingDisk::default());
            open(folder.path(), &disk).append(&others).unwrap();
            content(folder.path())
        };
        interrupted(before, added, (&PROGRESS, &LOSSES), |folder, disk, _, _| {
            let mut log = open(folder, disk);
            if log.size() as usize == before {
                log.append(&others).unwrap();
                assert!(content(folder) == whole, "{before} + {added}");
                assert_eq!(check(folder), []);
            }
        });
    }
}

#[test]
fn a_full_disk_that_is_cleared_takes_the_same_entries_again() {
    for (before, added) in [(1, 7), (255, 300)] {
        let whole = content(log_of(before + added).path());
        interrupted(before, added, (&PROGRESS, &[Loss::Nothing]), |folder, _, mut log, acknowledged| {
            if !acknowledged {
                match log.append(&entries(before..before + added)) {
                    Ok(_) => {}
                    Err(Error::Grown { had, has }) => {
                        assert_eq!((had as usize, has as usize), (before, before + added));
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            assert_eq!(log.size() as usize, before + added);
            log.append(&[]).unwrap();
            drop(log);
            assert!(content(open(folder, &FailingDisk::default()).folder()) == whole);
        });
    }
}

#[test]
fn a_killed_creation_can_be_done_again() {
    for step in 0..4 {
        for progress in PROGRESS {
            for loss in LOSSES {
                let (home, disk) = (tempfile::tempdir().unwrap(), FailingDisk::default());
                let folder = home.path().join("log");
                disk.die_after(step, progress);
                let created = Log::create_on(Box::new(disk.clone()), &folder, signer()).is_ok();
                disk.lose(loss);
                disk.revive();
                match Log::create_on(Box::new(disk.clone()), &folder, signer()) {
                    Ok(_) => assert!(!created),
                    Err(error) => assert!(matches!(error, Error::Exists { .. }), "{error}"),
                }
                open(&folder, &disk);
                assert_eq!(check(&folder), []);
            }
        }
    }
}
