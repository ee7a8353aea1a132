use std::fs::File;
use std::io::{Error, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::shapefile;
use crate::vector::extension;

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

/// SHA-256, hexadecimal, of a plan file: of all parts of a Shapefile, of all files of a folder in the order of their names.
pub(crate) fn sha256(path: &Path) -> Result<String, Error> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE];
    for part in parts(path)? {
        let mut file = File::open(part)?;
        loop {
            match file.read(&mut piece)? {
                0 => break,
                read => digest.update(&piece[..read]),
            }
        }
    }
    Ok(hexadecimal(&digest.finalize()))
}

fn parts(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        let is_shapefile = extension(path) == "shp";
        return Ok(if is_shapefile { shapefile::parts(path) } else { vec![path.to_owned()] });
    }
    let mut files =
        path.read_dir()?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('0')));
        text
    })
}
