//! A log as those see it who append to it, read it and prove with it.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::fs;

use common::{entry, files, grown, signer};
use plumbline_custody::{Error, Log, Receipt, Signer};

mod common;

/// Sizes about which trees and tiles change their shape.
const SIZES: [u64; 14] = [0, 1, 2, 3, 4, 7, 8, 255, 256, 257, 511, 512, 513, 770];

#[test]
fn entries_come_back_from_anywhere() {
    let (folder, _) = grown(&[770]);
    let log = Log::open(folder.path(), signer()).unwrap();
    for range in [0..0, 0..770, 3..4, 250..520, 769..770] {
        let read: Vec<_> = log.entries(range.clone()).map(Result::unwrap).collect();
        assert_eq!(read, range.map(entry).collect::<Vec<_>>());
    }
    let beyond: Vec<_> = log.entries(769..772).collect();
    assert!(matches!(beyond[..], [Ok(_), Err(Error::BeyondEnd { number: 770, size: 770 })]));
}

#[test]
fn every_entry_is_proved_under_every_size_and_no_other_entry_is() {
    for size in SIZES {
        let (folder, _) = grown(&[size]);
        let log = Log::open(folder.path(), signer()).unwrap();
        for index in 0..size {
            let proof = log.inclusion(index).unwrap();
            assert!(proof.proves(&entry(index), log.checkpoint()), "{index} of {size}");
            assert!(!proof.proves(&entry(index + 1), log.checkpoint()));
        }
        assert!(matches!(log.inclusion(size), Err(Error::BeyondEnd { .. })));
    }
}

#[test]
fn a_changed_proof_proves_nothing() {
    let (folder, _) = grown(&[770]);
    let log = Log::open(folder.path(), signer()).unwrap();
    let proof = log.inclusion(300).unwrap();
    let fails = |change: &dyn Fn(&mut plumbline_custody::InclusionProof)| {
        let mut changed = proof.clone();
        change(&mut changed);
        assert!(!changed.proves(&entry(300), log.checkpoint()), "{changed:?}");
    };
    fails(&|proof| proof.index ^= 1);
    fails(&|proof| proof.size += 1);
    fails(&|proof| proof.path.swap(0, 1));
    fails(&|proof| proof.path.truncate(5));
    fails(&|proof| proof.path.push(proof.path[0]));
}

#[test]
fn every_size_continues_every_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::create(folder.path(), signer()).unwrap();
    let mut kept = vec![log.checkpoint().clone()];
    for size in &SIZES[1..] {
        kept.push(log.append(&(log.size()..*size).map(entry).collect::<Vec<_>>()).unwrap());
        for (earlier, checkpoint) in kept.iter().enumerate() {
            let proof = log.consistency(checkpoint.size()).unwrap();
            assert!(proof.proves(checkpoint, log.checkpoint()), "{} to {size}", checkpoint.size());
            assert!(log.require_continues(checkpoint).is_ok());
            if let Some(other) = kept[..earlier].last() {
                assert!(!proof.proves(other, log.checkpoint()));
            }
        }
    }
    let newest = log.checkpoint().clone();
    let (shorter, _) = grown(&[512]);
    let error = Log::open(shorter.path(), signer()).unwrap().require_continues(&newest).unwrap_err();
    assert!(matches!(error, Error::NotContinued { kept: 770, size: 512 }));
}

#[test]
fn a_receipt_proves_its_entry_without_the_log_and_no_byte_of_it_can_be_changed() {
    for (size, index) in [(1, 0), (5, 3), (770, 300)] {
        let (folder, _) = grown(&[size]);
        let text = Log::open(folder.path(), signer()).unwrap().receipt(index).unwrap().encode();
        drop(folder);
        let receipt = Receipt::parse(&text, signer().verifier()).unwrap();
        assert_eq!((receipt.entry(), receipt.index()), (&entry(index)[..], index));
        assert_eq!(receipt.checkpoint().size(), size);
        assert_eq!(receipt.encode(), text);
        for place in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[place] ^= 1;
            let altered = String::from_utf8_lossy(&altered);
            assert!(Receipt::parse(&altered, signer().verifier()).is_err(), "byte {place} of\n{text}");
        }
    }
}

#[test]
fn what_a_server_answers_is_the_folder_and_narrower_tiles_of_earlier_checkpoints() {
    let (folder, states) = grown(&[5, 300, 600]);
    let log = Log::open(folder.path(), signer()).unwrap();
    for (name, bytes) in &states[2] {
        assert_eq!(log.resource(name).unwrap().as_ref(), Some(bytes), "{name}");
    }
    for (name, bytes) in states[..2].iter().flatten().filter(|(name, _)| *name != "checkpoint") {
        assert_eq!(log.resource(name).unwrap().as_ref(), Some(bytes), "{name}");
    }
    for name in [
        "",
        "tile",
        "tile/0/003",
        "tile/0/002.p/89",
        "tile/9/000",
        "../keys/log.key",
        "tile/0/../../checkpoint",
    ] {
        assert_eq!(log.resource(name).unwrap(), None, "{name}");
    }
}

#[test]
fn only_the_tiles_of_the_checkpoint_lie_in_the_folder() {
    let (_, states) = grown(&[5, 256]);
    let names = |state: usize| states[state].keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(names(0), ["checkpoint", "tile/0/000.p/5", "tile/entries/000.p/5"]);
    assert_eq!(names(1), ["checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
}

#[test]
fn two_writers_cannot_part() {
    let (folder, _) = grown(&[5]);
    let [mut first, mut second] = [(); 2].map(|()| Log::open(folder.path(), signer()).unwrap());
    first.append(&[b"first".to_vec()]).unwrap();
    let error = second.append(&[b"second".to_vec()]).unwrap_err();
    assert!(matches!(error, Error::Grown { had: 5, has: 6 }));
    assert_eq!(second.size(), 6);
    second.append(&[b"second".to_vec()]).unwrap();
    let read: Vec<_> = second.entries(5..7).map(Result::unwrap).collect();
    assert_eq!(read, [b"first".to_vec(), b"second".to_vec()]);
}

#[test]
fn a_log_that_is_rolled_back_while_it_is_open_takes_nothing_more() {
    let (folder, states) = grown(&[5, 6]);
    let mut log = Log::open(folder.path(), signer()).unwrap();
    let path = folder.path().join("checkpoint");
    fs::remove_file(&path).unwrap();
    fs::write(&path, &states[0]["checkpoint"]).unwrap();
    assert!(matches!(log.append(&[vec![1]]), Err(Error::NotContinued { kept: 6, size: 5 })));
    assert_eq!(files(folder.path())["checkpoint"], states[0]["checkpoint"]);
}

#[test]
fn a_damaged_log_is_not_opened_for_more_and_a_log_is_not_created_over_another() {
    let (folder, states) = grown(&[5]);
    assert!(matches!(Log::create(folder.path(), signer()), Err(Error::Exists { .. })));
    let other = Signer::from_seed("bureau.example/custody", [6; 32]).unwrap();
    assert!(matches!(Log::open(folder.path(), other), Err(Error::BadCheckpoint { .. })));
    for name in ["tile/0/000.p/5", "tile/entries/000.p/5"] {
        let path = folder.path().join(name);
        let mut bytes = states[0][name].clone();
        bytes[7] ^= 1;
        fs::remove_file(&path).unwrap();
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(Log::open(folder.path(), signer()), Err(Error::Damaged { .. })), "{name}");
        fs::write(&path, &states[0][name]).unwrap();
    }
    assert!(Log::open(folder.path(), signer()).is_ok());
}

#[test]
fn an_entry_that_is_too_long_leaves_the_log_as_it_was() {
    let (folder, states) = grown(&[5]);
    let mut log = Log::open(folder.path(), signer()).unwrap();
    let error = log.append(&[vec![1], vec![0; 65_536]]).unwrap_err();
    assert!(matches!(error, Error::EntryTooLong { number: 6, .. }));
    assert_eq!(files(folder.path()), states[0]);
    log.append(&[vec![0; 65_535]]).unwrap();
    assert_eq!(log.entries(5..6).next().unwrap().unwrap().len(), 65_535);
}
