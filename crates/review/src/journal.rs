use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::Error;

/// Name of the server's own log, for whoever keeps the machine.
const NAME: &str = "server.log";

/// Lines of what went wrong inside the server; clients see none of it.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// The journal in a catalog's folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let file = OpenOptions::new().create(true).append(true).open(&path);
        Ok(Self { file: file.map_err(|source| Error::Folder { path, source })? })
    }

    /// Adds a line; a journal that cannot be written must not stop the work.
    pub fn note(&self, at: DateTime<Utc>, text: &str) {
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let line = format!("{at} {}\n", text.replace(['\n', '\r'], " "));
        (&self.file).write_all(line.as_bytes()).ok();
    }
}
