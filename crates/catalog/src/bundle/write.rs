use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Part, Parts};
use crate::Error;

/// Writes a bundle: a folder, or a zip where the name ends so. Nothing is written over.
pub(super) fn write(parts: &Parts, out: &Path) -> Result<(), Error> {
    let written = if out.extension().is_some_and(|ending| ending == "zip") {
        File::create_new(out).and_then(|file| zipped(parts, file))
    } else {
        fs::create_dir(out).and_then(|()| folder(parts, out))
    };
    written.map_err(|source| Error::Write { path: out.to_owned(), source })
}

fn folder(parts: &Parts, out: &Path) -> io::Result<()> {
    for (name, part) in &parts.0 {
        let path = out.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        match part {
            Part::Bytes(bytes) => fs::write(path, bytes)?,
            Part::File(file) => drop(fs::copy(file, path)?),
        }
    }
    Ok(())
}

/// Pictures and rasters are compressed as they are: everything is only stored.
fn zipped(parts: &Parts, file: impl Write + Seek) -> io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    let mut zip = ZipWriter::new(file);
    for (name, part) in &parts.0 {
        zip.start_file(name.as_str(), options)?;
        match part {
            Part::Bytes(bytes) => zip.write_all(bytes)?,
            Part::File(file) => drop(io::copy(&mut File::open(file)?, &mut zip)?),
        }
    }
    zip.finish()?.flush()
}
