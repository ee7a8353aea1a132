//! One byte altered or one thing removed, of every kind that is kept, is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use plumbline_catalog::{BundleFault, Catalog, Decision, Fault, Outcome, verify_bundle};
use plumbline_custody::{LogFault, StoreFault};
use sqlx::Executor;

use crate::common::{LEAD, PROJECT, act};

crate::on_both!(
    an_untouched_catalog_has_no_faults,
    what_is_being_filed_is_no_fault_and_what_is_slipped_in_is,
    every_kind_of_row_that_is_altered_or_removed_is_named,
    events_that_are_reordered_are_named,
    every_stored_file_that_is_altered_or_removed_is_named,
    a_flipped_byte_in_any_file_of_the_log_is_found,
    a_catalog_that_is_rolled_back_is_found_out_by_a_kept_checkpoint,
    a_bundle_verifies_without_its_catalog_and_names_what_was_altered,
);

async fn filled(catalog: &Catalog, folder: &Path) -> u64 {
    let run = folder.join("run");
    crate::common::filed(&run);
    catalog.file_run(&act("plumbline"), &run).await.unwrap();
    decide(catalog).await
}

async fn decide(catalog: &Catalog) -> u64 {
    let decision = Decision {
        project: PROJECT.into(),
        lead: LEAD.into(),
        finding: "NO_PERMIT-3#楼".into(),
        outcome: Outcome::Confirmed,
        reason: "<b>属实</b>".into(),
        permit_no: None,
    };
    catalog.decide(&act("甲"), decision).await.unwrap()
}

async fn change(catalog: &Catalog, statement: &'static str) {
    let changed = catalog.database().execute(statement).await.unwrap();
    assert!(changed.rows_affected() > 0, "{statement}");
}

async fn an_untouched_catalog_has_no_faults(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    assert_eq!(catalog.verify(Some(&catalog.checkpoint())).await.unwrap(), []);
}

async fn what_is_being_filed_is_no_fault_and_what_is_slipped_in_is(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let filing = catalog.filing().await.unwrap();
    let stored = catalog.store().store(b"under way", "jpg").unwrap();
    let verified = tokio::spawn({
        let catalog = catalog.clone();
        async move { catalog.verify(None).await.unwrap() }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    catalog.file_original(&act("甲"), &stored, "DJI_0100.JPG").await.unwrap();
    drop(filing);
    assert_eq!(verified.await.unwrap(), []);
    let slipped_in = catalog.store().store(b"slipped in", "jpg").unwrap();
    let stray = StoreFault::Stray { path: slipped_in.path() };
    assert_eq!(catalog.verify(None).await.unwrap(), [Fault::File { name: None, fault: stray }]);
}

async fn every_kind_of_row_that_is_altered_or_removed_is_named(catalog: Catalog, folder: &Path) {
    let id = filled(&catalog, folder).await;
    let decision = format!("decision:{id}");
    let lead = format!("lead:{PROJECT}/{LEAD}");
    let epoch = format!("item:epochs/{PROJECT}~2025-06-12");
    let altered: [(&'static str, &'static str, &str); 3] = [
        (
            "UPDATE items SET document = replace(document, 'EPSG:4547', 'EPSG:4548') WHERE collection = 'epochs'",
            "UPDATE items SET document = replace(document, 'EPSG:4548', 'EPSG:4547') WHERE collection = 'epochs'",
            &epoch,
        ),
        (
            "UPDATE leads SET document = replace(document, '80.0', '8.0')",
            "UPDATE leads SET document = replace(document, '\":8.0', '\":80.0')",
            &lead,
        ),
        (
            "UPDATE documents SET document = replace(document, 'CONFIRMED', 'NEEDS_SURVEY') WHERE kind = 'decision'",
            "UPDATE documents SET document = replace(document, 'NEEDS_SURVEY', 'CONFIRMED') WHERE kind = 'decision'",
            &decision,
        ),
    ];
    for (forge, undo, expected) in altered {
        change(&catalog, forge).await;
        let faults = catalog.verify(None).await.unwrap();
        let named = matches!(&faults[..], [Fault::Document { subject, .. }] if subject == expected);
        assert!(named, "{expected}: {faults:?}");
        change(&catalog, undo).await;
        assert_eq!(catalog.verify(None).await.unwrap(), [], "{undo}");
    }
    change(&catalog, "UPDATE items SET west = west + 1 WHERE collection = 'epochs'").await;
    assert_eq!(catalog.verify(None).await.unwrap(), [Fault::Columns { subject: epoch.clone() }]);
    change(&catalog, "UPDATE items SET west = west - 1 WHERE collection = 'epochs'").await;
    change(&catalog, "UPDATE leads SET urgency = urgency + 1").await;
    assert!(catalog.verify(None).await.unwrap().contains(&Fault::Columns { subject: lead.clone() }));
    for (statement, subject) in [
        ("DELETE FROM items WHERE collection = 'epochs'", epoch),
        ("DELETE FROM leads", lead),
        ("DELETE FROM documents WHERE kind = 'decision'", decision),
    ] {
        change(&catalog, statement).await;
        assert!(catalog.verify(None).await.unwrap().contains(&Fault::Gone { subject }), "{statement}");
    }
    let insert =
        "INSERT INTO documents (kind, key, about, document) VALUES ('account', 'x', 'account:x', '{}')";
    change(&catalog, insert).await;
    let faults = catalog.verify(None).await.unwrap();
    assert!(faults.contains(&Fault::Unlogged { subject: "account:x".into() }), "{faults:?}");
}

async fn events_that_are_reordered_are_named(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    change(&catalog, "UPDATE events SET seq = 900 WHERE seq = 3").await;
    change(&catalog, "UPDATE events SET seq = 3 WHERE seq = 4").await;
    change(&catalog, "UPDATE events SET seq = 4 WHERE seq = 900").await;
    let faults = catalog.verify(None).await.unwrap();
    assert_eq!(faults, [Fault::Event { seq: 3 }, Fault::Event { seq: 4 }]);
    change(&catalog, "DELETE FROM events WHERE seq = 3").await;
    let faults = catalog.verify(None).await.unwrap();
    assert_eq!(faults, [Fault::EventGone { seq: 3 }, Fault::Event { seq: 4 }]);
}

async fn every_stored_file_that_is_altered_or_removed_is_named(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let files = files(&catalog.place().store());
    assert_eq!(
        files.len(),
        5,
        "three products (heights and their sigma have the same bytes), a picture and a photo"
    );
    for path in files {
        let bytes = flip(&path);
        let faults = catalog.verify(None).await.unwrap();
        let altered =
            matches!(&faults[..], [Fault::File { name: Some(_), fault: StoreFault::Altered { .. } }]);
        assert!(altered, "{}: {faults:?}", path.display());
        fs::remove_file(&path).unwrap();
        let faults = catalog.verify(None).await.unwrap();
        let missing =
            matches!(&faults[..], [Fault::File { name: Some(_), fault: StoreFault::Missing { .. } }]);
        assert!(missing, "{}: {faults:?}", path.display());
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_flipped_byte_in_any_file_of_the_log_is_found(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    for path in files(&catalog.place().log()) {
        let bytes = flip(&path);
        let faults = catalog.verify(None).await.unwrap();
        assert!(faults.iter().any(|fault| matches!(fault, Fault::Log(_))), "{}: {faults:?}", path.display());
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_catalog_that_is_rolled_back_is_found_out_by_a_kept_checkpoint(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let log = catalog.place().log();
    let old = folder.join("old");
    copy(&log, &old);
    let id = decide(&catalog).await;
    let kept = catalog.checkpoint();
    fs::remove_dir_all(&log).unwrap();
    copy(&old, &log);
    change(&catalog, "DELETE FROM documents WHERE kind = 'decision' AND key = (SELECT max(key) FROM documents WHERE kind = 'decision')").await;
    change(&catalog, "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)").await;
    let back = Catalog::open(catalog.place()).await.unwrap();
    assert!(back.decision(id).await.unwrap().is_none());
    assert_eq!(back.verify(None).await.unwrap(), [], "nothing tells without the checkpoint");
    let faults = back.verify(Some(&kept)).await.unwrap();
    assert!(matches!(faults[..], [Fault::Log(LogFault::RolledBack { .. })]), "{faults:?}");
}

async fn a_bundle_verifies_without_its_catalog_and_names_what_was_altered(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let (bundle, zip) = (folder.join("bundle"), folder.join("bundle.zip"));
    let verifier = catalog.verifier().unwrap();
    for out in [&bundle, &zip] {
        catalog.bundle(&act("甲"), PROJECT, LEAD, out).await.unwrap();
        assert_eq!(verify_bundle(out, Some(&verifier)).unwrap(), [], "{}", out.display());
    }
    let page = fs::read_to_string(bundle.join("index.html")).unwrap();
    assert!(page.contains("&lt;b&gt;属实") && !page.contains("<b>属实"));
    assert!(page.contains("Evidence of a lead") && page.contains("线索证据包"));
    for path in files(&bundle).iter().filter(|path| !path.ends_with("index.html")) {
        let bytes = flip(path);
        let faults = verify_bundle(&bundle, Some(&verifier)).unwrap();
        assert!(!faults.is_empty(), "{}", path.display());
        fs::remove_file(path).unwrap();
        let is_receipt = path.parent().unwrap().ends_with("receipts");
        let faults = verify_bundle(&bundle, Some(&verifier)).unwrap();
        // An export leaves no document: its receipt alone can go unseen.
        assert!(!faults.is_empty() || is_receipt, "{}", path.display());
        fs::write(path, bytes).unwrap();
    }
    fs::write(bundle.join("files/extra.jpg"), "x").unwrap();
    let stray = BundleFault::Stray { path: "files/extra.jpg".into() };
    assert_eq!(verify_bundle(&bundle, None).unwrap(), [stray]);
}

/// Flips the last bit of a file; returns what it was before.
fn flip(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let mut altered = bytes.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::remove_file(path).unwrap();
    fs::write(path, altered).unwrap();
    bytes
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}
