//! A filed run: its links, its checksums, its bytes, and what happens to it when somebody touches it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plumbline_catalog::stac::{Collection, Item, Root, href_to_path};
use plumbline_catalog::{Fault, RunCatalog};
use plumbline_custody::Digest;
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(path: &Path) -> T {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every item that can be reached from the top, with its path.
fn items(catalog: &RunCatalog) -> Vec<(PathBuf, Item)> {
    let top = catalog.path();
    let root: Root = read(&top);
    let mut items = Vec::new();
    for child in root.links.iter().filter(|link| link.rel == "child") {
        let path = top.parent().unwrap().join(href_to_path(&child.href));
        let collection: Collection = read(&path);
        for link in collection.links.iter().filter(|link| link.rel == "item") {
            let path = path.parent().unwrap().join(href_to_path(&link.href));
            let item = read(&path);
            items.push((path, item));
        }
    }
    items
}

#[test]
fn every_link_leads_to_a_document_and_every_item_knows_its_collection() {
    let run = tempfile::tempdir().unwrap();
    let items = items(&crate::common::filed(run.path()));
    assert_eq!(items.len(), 3 + 1 + 1 + 1 + 2);
    for (path, item) in &items {
        let folder = path.parent().unwrap();
        for link in &item.links {
            assert!(folder.join(href_to_path(&link.href)).is_file(), "{} -> {}", path.display(), link.href);
        }
        let collection = item.links.iter().find(|link| link.rel == "collection").unwrap();
        let collection: Collection = read(&folder.join(&collection.href));
        assert_eq!(collection.id, item.collection);
    }
}

#[test]
fn every_asset_is_there_with_the_checksum_and_size_it_claims() {
    let run = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for (path, item) in items(&crate::common::filed(run.path())) {
        for asset in item.assets.values() {
            let file = path.parent().unwrap().join(href_to_path(&asset.href));
            let (digest, size) = Digest::of_file(&file).unwrap();
            assert_eq!(asset.fields["file:checksum"], digest.multihash());
            assert_eq!(asset.fields["file:size"], size);
            seen += 1;
        }
    }
    assert_eq!(seen, 3 + 4 + 2 + 2);
}

#[test]
fn evidence_links_to_the_items_it_was_made_from() {
    let run = tempfile::tempdir().unwrap();
    let items = items(&crate::common::filed(run.path()));
    let sources: BTreeSet<String> = items
        .iter()
        .filter(|(_, item)| item.collection == "evidence")
        .flat_map(|(_, item)| item.links.iter().filter(|link| link.rel == "derived_from"))
        .map(|link| href_to_path(&link.href))
        .collect();
    let expected = ["../epochs/2025-06-12.json", "../flights/2025-06-12/DJI_0001.JPG.json"];
    assert_eq!(sources, expected.map(str::to_owned).into());
}

#[test]
fn a_moved_run_verifies_where_it_stands() {
    let home = tempfile::tempdir().unwrap();
    let (here, there) = (home.path().join("here"), home.path().join("there"));
    fs::create_dir(&here).unwrap();
    crate::common::filed(&here);
    fs::create_dir(&there).unwrap();
    for part in ["catalog", "epochs"] {
        fs::rename(here.join(part), there.join(part)).unwrap();
    }
    assert_eq!(RunCatalog::open(&there).unwrap().verify().unwrap(), []);
}

#[test]
fn the_same_run_files_the_same_bytes() {
    let runs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [first, second] = runs.each_ref().map(|run| {
        crate::common::filed(run.path());
        crate::common::filed(run.path());
        files(&run.path().join("catalog"))
    });
    let names = |files: &[(PathBuf, Digest)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert!(names(&first).contains(&PathBuf::from("catalog.sqlite")));
    assert_eq!(first, second);
}

/// Every file under a folder with its digest, links not followed.
fn files(folder: &Path) -> Vec<(PathBuf, Digest)> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                let name = entry.path().strip_prefix(folder).unwrap().to_owned();
                found.push((name, Digest::of_file(&entry.path()).unwrap().0));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn one_flipped_byte_in_any_filed_file_is_named() {
    let run = tempfile::tempdir().unwrap();
    let catalog = crate::common::filed(run.path());
    assert_eq!(catalog.verify().unwrap(), []);
    let all = files(run.path());
    let filed = all.iter().map(|(name, _)| name).filter(|name| {
        !name.starts_with("pictures") && !name.starts_with("flights") && !name.ends_with("catalog.sqlite")
    });
    for name in filed {
        let path = run.path().join(name);
        let original = fs::read(&path).unwrap();
        let mut altered = original.clone();
        *altered.last_mut().unwrap() ^= 1;
        overwrite(&path, &altered);
        let faults = catalog.verify();
        overwrite(&path, &original);
        // A catalog.json that is no JSON any more cannot even be opened: the error names it.
        match faults {
            Ok(faults) => {
                assert!(matches!(&faults[..], [Fault::Altered { path, .. }] if path == name), "{faults:?}");
            }
            Err(error) => assert!(error.to_string().contains("catalog.json")),
        }
    }
    assert_eq!(catalog.verify().unwrap(), []);
}

fn overwrite(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_removed_original_and_an_altered_original_are_named() {
    let run = tempfile::tempdir().unwrap();
    let catalog = crate::common::filed(run.path());
    let flight = run.path().join("flights/2025-06-12");
    fs::remove_file(flight.join("DJI 0002.JPG")).unwrap();
    fs::write(flight.join("DJI 0003.JPG"), b"other").unwrap();
    let faults = catalog.verify().unwrap();
    assert!(matches!(&faults[0], Fault::Missing { path } if path.ends_with("DJI 0002.JPG")));
    assert!(matches!(&faults[1], Fault::Altered { path, .. } if path.ends_with("DJI 0003.JPG")));
}

#[test]
fn a_changed_row_of_the_log_breaks_the_chain_there_and_a_cut_tail_misses_the_head() {
    let run = tempfile::tempdir().unwrap();
    let catalog = crate::common::filed(run.path());
    change(run.path(), "UPDATE custody SET subject = 'x' WHERE seq = 2");
    assert_eq!(catalog.verify().unwrap(), [Fault::LogBroken { seq: 2 }]);
    let catalog = crate::common::filed(run.path());
    change(run.path(), "DELETE FROM custody WHERE seq = (SELECT max(seq) FROM custody)");
    assert!(matches!(catalog.verify().unwrap()[..], [Fault::LogHead { .. }]));
}

fn change(run: &Path, statement: &'static str) {
    use sqlx::{ConnectOptions, Connection};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(run.join("catalog/catalog.sqlite"));
        let mut db = options.connect().await.unwrap();
        sqlx::query(statement).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
    });
}

#[test]
fn leads_come_back_as_they_were_filed() {
    let run = tempfile::tempdir().unwrap();
    let leads = crate::common::filed(run.path()).leads().unwrap();
    assert_eq!(leads.len(), 1);
    assert_eq!((leads[0].evidence.len(), leads[0].findings[0].measure.measured), (2, 80.0));
}
