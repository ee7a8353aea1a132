use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::durable::{self, create_folder, seal, sync_folder};

/// The few ways in which a log changes its folder; tests put one in place that fails.
pub(crate) trait Disk: Send + Sync {
    /// Writes a file anew and flushes its content to the disk.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file another name, in place of what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file, if it is there.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Creates a folder and those above it, durably.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder if nothing is left in it.
    fn remove_empty_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// The machine's own disk.
#[derive(Debug)]
pub(crate) struct LocalDisk;

impl Disk for LocalDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.remove(path)?;
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        seal(&file)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        durable::remove(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        create_folder(path)
    }

    fn remove_empty_folder(&self, path: &Path) -> io::Result<()> {
        let gone = [io::ErrorKind::NotFound, io::ErrorKind::DirectoryNotEmpty];
        match fs::remove_dir(path) {
            Err(error) if !gone.contains(&error.kind()) => Err(error),
            _ => Ok(()),
        }
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        sync_folder(path)
    }
}
