//! Blocks in the files of other programs.

mod colmap;
mod geojson;
mod opensfm;

use std::path::Path;

use crate::Error;

pub use colmap::write_colmap;
pub use geojson::write_geojson;
pub use opensfm::write_opensfm;

/// Writes a file into a folder, which is made where it is missing.
fn write(folder: &Path, name: &str, text: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    written.map_err(|source| Error::Io { path, source })
}
