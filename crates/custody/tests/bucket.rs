//! The store in a bucket, against somebody else's S3 server.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::fs;
use std::time::Duration;

use plumbline_custody::{Digests, Error, EvidenceStore, StoreFault, Stored};
use s3::Server;

#[path = "common/s3.rs"]
mod s3;

fn machine(server: &Server, name: &str) -> EvidenceStore {
    let settings = server.settings().map(|(key, value)| (key.to_owned(), value));
    EvidenceStore::in_bucket(&server.folder.path().join(name), Server::BUCKET, settings).unwrap()
}

#[test]
fn what_one_machine_stores_another_reads_and_every_byte_is_the_same() {
    let Some(server) = Server::start() else { return };
    let (station, office) = (machine(&server, "station"), machine(&server, "office"));
    let large: Vec<u8> = (0..6_000_000_u32).flat_map(u32::to_le_bytes).collect();
    for content in [&b"photo"[..], b"", &large] {
        let stored = station.store(content, "jpg").unwrap();
        assert_eq!(fs::read(server.object(&stored.path())).unwrap(), content);
        assert_eq!(office.read(&stored).unwrap(), content);
        assert_eq!(office.open(&stored).unwrap().size(), content.len() as u64);
        assert_eq!(office.store(content, "jpg").unwrap(), stored);
    }
    let listing = office.list().unwrap();
    assert_eq!((listing.files.len(), listing.strange), (3, Vec::new()));
    let photo = Stored::new(Digests::of(b"photo"), "jpg");
    station.remove(&photo).unwrap();
    station.remove(&photo).unwrap();
    assert!(!server.object(&photo.path()).exists());
    assert_eq!(office.check(&photo), Some(StoreFault::Missing { path: photo.path() }));
}

#[test]
fn an_object_that_was_altered_removed_or_added_is_named_and_never_handed_out() {
    let Some(mut server) = Server::start() else { return };
    let (station, office) = (machine(&server, "station"), machine(&server, "office"));
    let known = ["whole", "altered", "missing"].map(|text| station.store(text.as_bytes(), "txt").unwrap());
    assert_eq!(office.check_all(known.clone(), office.list().unwrap()), []);
    fs::write(server.object(&known[1].path()), "alterex").unwrap();
    fs::remove_file(server.object(&known[2].path())).unwrap();
    fs::write(server.object(&known[0].path()).with_file_name("notes.txt"), "x").unwrap();
    server.kill_and_restart(); // or it answers from what it listed before
    let faults = office.check_all(known.clone(), office.list().unwrap());
    let altered = StoreFault::Altered { path: known[1].path(), found: Digests::of(b"alterex").sha256 };
    let missing = StoreFault::Missing { path: known[2].path() };
    assert_eq!(faults[..2], [altered, missing]);
    assert!(
        matches!(&faults[2..], [StoreFault::Stray { path }] if path.ends_with("notes.txt")),
        "{faults:?}"
    );
    assert!(matches!(office.read(&known[1]), Err(Error::Altered { .. })));
    assert!(matches!(office.read(&known[2]), Err(Error::Read { .. })));
    assert!(matches!(station.store(b"altered", "txt"), Err(Error::Altered { .. })), "the copy here is whole");
    assert_eq!(
        fs::read(server.object(&known[1].path())).unwrap(),
        b"alterex",
        "what is there is evidence too"
    );
    let copy = station.file(&known[0]).unwrap();
    fs::remove_file(&copy).unwrap();
    fs::write(&copy, "whxle").unwrap();
    assert!(matches!(station.check(&known[0]), Some(StoreFault::Altered { .. })), "the copy here is not");
}

#[test]
fn a_server_that_is_killed_leaves_a_file_whole_or_refused() {
    let Some(mut server) = Server::start() else { return };
    let card = server.folder.path().join("DJI_0001.JPG");
    let content: Vec<u8> =
        (0..16_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    fs::write(&card, &content).unwrap();
    let (station, mut refused) = (machine(&server, "station"), 0);
    let stored = loop {
        let storing = std::thread::spawn({
            let (station, card) = (station.clone(), card.clone());
            move || station.store_file(&card)
        });
        if refused < 3 {
            std::thread::sleep(Duration::from_millis(150 * (refused + 1)));
            server.kill_and_restart();
        }
        match storing.join().unwrap() {
            Ok(stored) => break stored,
            Err(error) => assert!(matches!(error, Error::Bucket { .. }), "{error}"),
        }
        refused += 1;
        assert!(refused < 10, "it never came through");
    };
    assert_eq!(fs::read(server.object(&stored.path())).unwrap(), content);
    assert_eq!(machine(&server, "office").check(&stored), None);
}

#[test]
fn an_address_that_is_none_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["evidence", "ftp://evidence", "s3://"] {
        let error = EvidenceStore::in_bucket(folder.path(), url, []).unwrap_err();
        assert!(error.to_string().contains("s3://bucket/prefix"), "{error}");
    }
    let misspelt = [("aws_endpiont".to_owned(), "http://127.0.0.1".to_owned())];
    let error = EvidenceStore::in_bucket(folder.path(), Server::BUCKET, misspelt).unwrap_err();
    assert!(error.to_string().contains("aws_endpiont"), "{error}");
}
