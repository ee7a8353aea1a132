//! Discs of what is kept for good: planned, burned, read again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plumbline_catalog::{Catalog, Disc, Error, Grade, MANIFEST};

use crate::common::act;

crate::on_both!(
    what_has_the_high_grade_is_planned_once_and_burned_discs_are_read_again,
    a_disc_holds_no_more_than_it_can,
);

/// A photo that no lead cites.
const FREE: &str = "示范_demo~2025-06-12_DJI_0002.JPG";

async fn filled(catalog: &Catalog, folder: &Path) {
    let run = folder.join("run");
    crate::common::filed(&run);
    catalog.file_run_with_originals(&act("plumbline"), &run).await.unwrap();
}

/// Burns a disc: its files and its list, as they lie on it.
fn burn(catalog: &Catalog, disc: &Disc, folder: &Path) -> PathBuf {
    let burned = folder.join(&disc.volume);
    for file in &disc.files {
        let to = burned.join(file.stored.path());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, catalog.store().read(&file.stored).unwrap()).unwrap();
    }
    fs::write(burned.join(MANIFEST), disc.manifest()).unwrap();
    burned
}

async fn what_has_the_high_grade_is_planned_once_and_burned_discs_are_read_again(
    catalog: Catalog,
    folder: &Path,
) {
    filled(&catalog, folder).await;
    let before = catalog.plan_discs(2025).await.unwrap();
    let is_free = |disc: &Disc| disc.files.iter().any(|file| file.item == format!("flights/{FREE}"));
    assert!(!before.iter().any(is_free), "its grade is low");
    catalog.grade(&act("甲"), "flights", FREE, Grade::High, "复议在即").await.unwrap();
    let planned = catalog.plan_discs(2025).await.unwrap();
    assert_eq!((planned.len(), planned[0].volume.as_str()), (1, "PL-2025-001"));
    assert!(is_free(&planned[0]));
    let burned = burn(&catalog, &planned[0], folder);
    let judged =
        Command::new("sha256sum").args(["--check", "--strict", MANIFEST]).current_dir(&burned).output();
    assert!(judged.unwrap().status.success(), "the list is one that sha256sum reads");
    for times in [1, 2] {
        let read = catalog.check_disc(&act("乙"), "PL-2025-001", &burned, "一柜 3 格").await.unwrap();
        assert_eq!((read.checks.len(), read.files.len()), (times, planned[0].files.len()));
    }
    assert_eq!(catalog.plan_discs(2026).await.unwrap(), []);
    let first = burned.join(planned[0].files[0].stored.path());
    fs::write(&first, "scratched").unwrap();
    let scratched = catalog.check_disc(&act("乙"), "PL-2025-001", &burned, "一柜 3 格").await;
    assert!(matches!(scratched, Err(Error::Altered { path, .. }) if path == first));
    fs::write(burned.join(MANIFEST), "").unwrap();
    let other = catalog.check_disc(&act("乙"), "PL-2025-001", &burned, "一柜 3 格").await;
    assert!(matches!(other, Err(Error::OtherDisc { .. })));
    assert_eq!(catalog.discs().await.unwrap()[0].checks.len(), 2);
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_disc_holds_no_more_than_it_can(catalog: Catalog, folder: &Path) {
    filled(&catalog, folder).await;
    let whole = catalog.plan_discs(2025).await.unwrap().remove(0);
    let largest = whole.files.iter().map(|file| file.stored.size).max().unwrap();
    let sample = include_str!("../../packs/retention.toml");
    let hold = |bytes: u64| {
        let rules = sample.replace("24_500_000_000", &bytes.to_string());
        fs::write(catalog.place().path().join("retention.toml"), rules).unwrap();
    };
    hold(largest);
    let planned = catalog.plan_discs(2025).await.unwrap();
    assert!(planned.len() > 1 && planned.iter().all(|disc| disc.bytes() <= largest));
    let files: Vec<_> = planned.iter().flat_map(|disc| disc.files.clone()).collect();
    assert_eq!(files, whole.files);
    assert_eq!(planned.last().unwrap().volume, format!("PL-2025-{:03}", planned.len()));
    hold(largest - 1);
    assert!(matches!(catalog.plan_discs(2025).await, Err(Error::TooLargeForDisc { .. })));
}
