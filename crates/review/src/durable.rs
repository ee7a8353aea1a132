//! Small records that are there whole or not at all, whenever the machine stops.

use std::fs;
use std::io;
use std::path::Path;

use plumbline_custody::durable::write;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Writes a record; when this returns it stays.
pub(crate) fn write_json(path: &Path, record: &impl Serialize) -> io::Result<()> {
    write(path, &serde_json::to_vec_pretty(record)?)
}

/// Reads a record back; none where there is none.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
