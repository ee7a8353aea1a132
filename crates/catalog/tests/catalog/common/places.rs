//! Each test of the shared catalog runs on SQLite and on `PostgreSQL`.

use std::path::Path;

use plumbline_catalog::{Catalog, Place};

use super::server::fresh_database;

/// Runs a test on a fresh catalog in a SQLite file.
pub fn on_sqlite(test: impl AsyncFnOnce(Catalog, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    run(&Place::folder(folder.path().join("shared")), folder.path(), test);
}

/// Runs a test on a fresh catalog in `PostgreSQL`, where that can be had.
pub fn on_postgres(test: impl AsyncFnOnce(Catalog, &Path)) {
    if let Some(url) = fresh_database() {
        let folder = tempfile::tempdir().unwrap();
        run(&Place::postgres(url, folder.path().join("shared")), folder.path(), test);
    }
}

fn run(place: &Place, folder: &Path, test: impl AsyncFnOnce(Catalog, &Path)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let catalog = Catalog::create(place, "plumbline.test/custody", [7; 32]).await.unwrap();
        test(catalog, folder).await;
    });
}

/// Makes of each function a test on either database.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { $crate::common::places::on_sqlite(super::$test); })*
        }
        mod postgres {
            $(#[test] fn $test() { $crate::common::places::on_postgres(super::$test); })*
        }
    };
}
