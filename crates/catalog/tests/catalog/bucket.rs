//! A catalog whose files lie in a bucket.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use plumbline_catalog::{Catalog, Fault, Place, verify_bundle};
use plumbline_custody::StoreFault;

use crate::common::s3::Server;
use crate::common::{LEAD, PROJECT, act, filed};

async fn opened(server: &Server, folder: &Path) -> Catalog {
    let mut settings = format!("[store]\nurl = {:?}\n", Server::BUCKET);
    server.settings().iter().for_each(|(key, value)| writeln!(settings, "{key} = {value:?}").unwrap());
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("catalog.toml"), settings).unwrap();
    Catalog::create(&Place::folder(folder), "plumbline.test/custody", [7; 32]).await.unwrap()
}

#[tokio::test]
async fn files_lie_in_the_bucket_and_are_read_verified_and_handed_over_from_there() {
    let Some(mut server) = Server::start() else { return };
    let (folder, run) = (server.folder.path().join("shared"), server.folder.path().join("run"));
    let catalog = opened(&server, &folder).await;
    filed(&run);
    assert!(catalog.file_run(&act("plumbline"), &run).await.unwrap().files > 3);
    assert_eq!(catalog.verify(None).await.unwrap(), []);
    // Another machine has nothing but the bucket.
    fs::remove_dir_all(catalog.place().store()).unwrap();
    assert_eq!(catalog.verify(None).await.unwrap(), []);
    let bundle = server.folder.path().join("bundle");
    catalog.bundle(&act("甲"), PROJECT, LEAD, &bundle).await.unwrap();
    assert_eq!(verify_bundle(&bundle, None).unwrap(), []);
    let lead = catalog.lead(PROJECT, LEAD).await.unwrap().unwrap();
    let file = catalog.file(&lead.lead.evidence[0].sha256).await.unwrap().unwrap();
    let path = file.stored().unwrap().path();
    fs::write(server.object(&path), "another picture").unwrap();
    server.kill_and_restart(); // or it answers from what it listed before
    let faults = catalog.verify(None).await.unwrap();
    let [Fault::File { name: Some(name), fault: StoreFault::Altered { path: found, .. } }] = &faults[..]
    else {
        panic!("{faults:?}")
    };
    assert_eq!((name, found), (&file.name, &path));
}
