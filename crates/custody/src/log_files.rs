use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::tile::Tile;
use crate::tile_folder::TileFolder;
use crate::walk::files_under;
use crate::{Checkpoint, Error, Verifier};

/// Name of the file with the checkpoint inside the log.
pub(crate) const CHECKPOINT: &str = "checkpoint";

/// Name of the checkpoint while it is being written.
pub(crate) const UNDER_WAY: &str = "checkpoint.part";

/// The files of a log and the order in which they change.
///
/// Tiles beyond the checkpoint are nobody's: they may be torn, and are written anew. What the checkpoint covers is never written again.
pub(crate) struct LogFiles {
    disk: Box<dyn Disk>,
    folder: PathBuf,
    tiles: TileFolder,
}

impl LogFiles {
    pub fn at(disk: Box<dyn Disk>, folder: &Path) -> Self {
        Self { disk, folder: folder.to_owned(), tiles: TileFolder::at(folder) }
    }

    /// Creates the folder.
    pub fn create(disk: Box<dyn Disk>, folder: &Path) -> Result<Self, Error> {
        disk.create_folder(folder).map_err(|source| write_error(folder, source))?;
        Ok(Self::at(disk, folder))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn tiles(&self) -> &TileFolder {
        &self.tiles
    }

    /// Keeps other writers away for as long as the file lives.
    pub fn lock(&self) -> Result<File, Error> {
        let locked = File::open(&self.folder).and_then(|folder| folder.lock().map(|()| folder));
        locked.map_err(|source| Error::Read { path: self.folder.clone(), source })
    }

    pub fn has_checkpoint(&self) -> bool {
        self.folder.join(CHECKPOINT).exists()
    }

    pub fn checkpoint(&self, verifier: &Verifier) -> Result<Checkpoint, Error> {
        let path = self.folder.join(CHECKPOINT);
        let bytes = fs::read(&path).map_err(|source| Error::Read { path, source })?;
        Checkpoint::parse(&bytes, verifier)
    }

    /// Puts a checkpoint in place of the one before: the one step that makes what was written part of the log.
    pub fn publish(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        let (path, part) = (self.folder.join(CHECKPOINT), self.folder.join(UNDER_WAY));
        let written = self.disk.write(&part, checkpoint.as_str().as_bytes());
        let published = written.and_then(|()| self.disk.rename(&part, &path));
        published
            .and_then(|()| self.disk.sync_folder(&self.folder))
            .map_err(|source| write_error(&path, source))
    }

    /// Begins to write tiles.
    pub fn writing(&self) -> Writing<'_> {
        Writing { files: self, folders: BTreeSet::new() }
    }

    /// Removes partial tiles that wider ones have superseded, and a checkpoint that was never published.
    pub fn remove_superseded(&self, size: u64) -> Result<(), Error> {
        self.disk.remove(&self.folder.join(UNDER_WAY)).map_err(|source| write_error(&self.folder, source))?;
        self.remove(|tile| Tile::of(tile.row, tile.index, size).is_some_and(|now| now.width > tile.width))
    }

    /// Removes all tiles that a log of `size` entries does not have: left by an append that was interrupted.
    pub fn remove_unfinished(&self, size: u64) -> Result<(), Error> {
        self.remove(|tile| Tile::of(tile.row, tile.index, size).is_none_or(|now| now.width < tile.width))
    }

    /// Removes the unfinished tiles of the log when it had `before` entries, as far as they have grown since.
    pub fn remove_edge(&self, before: u64, size: u64) -> Result<(), Error> {
        let grown = |tile: &Tile| Tile::of(tile.row, tile.index, size) != Some(*tile);
        Tile::edge(before).filter(grown).try_for_each(|tile| self.remove_tile(&tile))
    }

    fn remove(&self, unwanted: impl Fn(&Tile) -> bool) -> Result<(), Error> {
        let names =
            files_under(&self.folder).map_err(|source| Error::Read { path: self.folder.clone(), source })?;
        let tiles = names.iter().filter_map(|name| Tile::at_path(name));
        tiles.filter(unwanted).try_for_each(|tile| self.remove_tile(&tile))
    }

    fn remove_tile(&self, tile: &Tile) -> Result<(), Error> {
        let path = self.tiles.path(tile);
        let mut removed = self.disk.remove(&path);
        if let Some(folder) = path.parent().filter(|_| !tile.is_full()) {
            removed = removed.and_then(|()| self.disk.remove_empty_folder(folder));
        }
        removed.map_err(|source| write_error(&path, source))
    }
}

/// Tiles being written; not safe before `finish`.
pub(crate) struct Writing<'a> {
    files: &'a LogFiles,
    folders: BTreeSet<PathBuf>,
}

impl Writing<'_> {
    pub fn write(&mut self, tile: &Tile, bytes: &[u8]) -> Result<(), Error> {
        let path = self.files.tiles.path(tile);
        let folder = path.parent().unwrap_or(&self.files.folder);
        let ready = if self.folders.insert(folder.to_owned()) {
            self.files.disk.create_folder(folder)
        } else {
            Ok(())
        };
        ready.and_then(|()| self.files.disk.write(&path, bytes)).map_err(|source| write_error(&path, source))
    }

    /// Makes the names of all that was written durable.
    pub fn finish(self) -> Result<(), Error> {
        let sync = |folder: &PathBuf| self.files.disk.sync_folder(folder).map_err(|e| write_error(folder, e));
        self.folders.iter().try_for_each(sync)
    }
}

fn write_error(path: &Path, source: io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}
