//! A memory card is taken in whole, or it is said what is not safe yet.

use std::fs;
use std::path::Path;

use plumbline_catalog::Catalog;
use plumbline_custody::Digest;

use crate::common::act;

crate::on_both!(
    a_card_may_be_erased_once_every_file_is_in_the_store,
    a_card_with_a_file_that_cannot_be_read_is_kept_and_the_others_are_safe,
);

const FLIGHT: &str = "2025-06-12";

async fn a_card_may_be_erased_once_every_file_is_in_the_store(catalog: Catalog, folder: &Path) {
    let card = folder.join("card");
    fs::create_dir_all(card.join("101MEDIA")).unwrap();
    let files = [("DJI_0001.JPG", "one"), ("101MEDIA/DJI_0001.JPG", "two"), ("flight.MRK", "three")];
    for (name, text) in files {
        fs::write(card.join(name), text).unwrap();
    }
    let imported = catalog.import_card(&act("pilot"), &card, FLIGHT).await.unwrap();
    assert_eq!((imported.files, imported.new, imported.bytes), (3, 3, 11));
    assert!(imported.may_be_erased());
    for (name, text) in files {
        let file = catalog.file(&Digest::of(text.as_bytes()).to_string()).await.unwrap().unwrap();
        assert_eq!(file.name, format!("{FLIGHT}/{name}"));
    }
    let again = catalog.import_card(&act("pilot"), &card, FLIGHT).await.unwrap();
    assert_eq!((again.files, again.new, again.may_be_erased()), (3, 0, true));
    assert_eq!(catalog.verify(None).await.unwrap(), []);
}

async fn a_card_with_a_file_that_cannot_be_read_is_kept_and_the_others_are_safe(
    catalog: Catalog,
    folder: &Path,
) {
    let card = folder.join("card");
    fs::create_dir(&card).unwrap();
    fs::write(card.join("DJI_0001.JPG"), "one").unwrap();
    std::os::unix::fs::symlink("gone.JPG", card.join("DJI_0002.JPG")).unwrap();
    let imported = catalog.import_card(&act("pilot"), &card, FLIGHT).await.unwrap();
    assert_eq!((imported.files, imported.may_be_erased()), (1, false));
    assert!(imported.faults[0].to_string().contains("DJI_0002.JPG"), "{:?}", imported.faults);
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    let nothing = catalog.import_card(&act("pilot"), &empty, FLIGHT).await.unwrap();
    assert!(!nothing.may_be_erased(), "an empty card is no reason to erase one");
}
