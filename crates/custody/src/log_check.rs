use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::judge::Judge;
use crate::log_files::{CHECKPOINT, UNDER_WAY};
use crate::merkle::{leaf_hash, root_of};
use crate::prover::Prover;
use crate::seen::Seen;
use crate::tile::{self, Row, Tile, WIDTH};
use crate::tile_folder::TileFolder;
use crate::walk::files_under;
use crate::{Checkpoint, Digest, Error, LogFault, Verifier, bundle};

/// Checks a log with nothing but its folder and its public key.
#[derive(Debug)]
pub struct LogCheck {
    folder: PathBuf,
    faults: Vec<LogFault>,
}

impl LogCheck {
    /// Reads every byte of a log and names what is not as its checkpoint says; against a checkpoint that was kept from earlier, also
    /// whether the log was rolled back or rewritten since. Nobody can append meanwhile.
    pub fn of(folder: &Path, verifier: &Verifier, kept: Option<&Checkpoint>) -> Vec<LogFault> {
        let mut check = Self { folder: folder.to_owned(), faults: Vec::new() };
        let locked = File::open(folder).and_then(|folder| folder.lock_shared().map(|()| folder));
        let listed = locked.and_then(|lock| files_under(folder).map(|files| (lock, files)));
        match listed {
            Ok((_lock, files)) => check.all(&files, verifier, kept),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                check.faults.push(LogFault::NoCheckpoint);
            }
            Err(error) => check.unreadable(".", &error),
        }
        check.faults
    }

    fn all(&mut self, files: &[String], verifier: &Verifier, kept: Option<&Checkpoint>) {
        let checkpoint = self.checkpoint(verifier);
        let least = size_by_names(files);
        // Where the log's own checkpoint is lost, one that was kept vouches for as much as lies there.
        let vouching = checkpoint.as_ref().or(kept.filter(|kept| kept.size() >= least));
        let size = vouching.map_or(least, Checkpoint::size);
        let levels = self.levels(size);
        let root = vouching.map(|checkpoint| *checkpoint.root());
        self.faults.extend(Judge::faults(size, &levels, root));
        self.strangers(files, size);
        if let (Some(now), Some(kept)) = (&checkpoint, kept) {
            self.continues(now, kept);
        }
    }

    fn checkpoint(&mut self, verifier: &Verifier) -> Option<Checkpoint> {
        match fs::read(self.folder.join(CHECKPOINT)) {
            Ok(bytes) => match Checkpoint::parse(&bytes, verifier) {
                Ok(checkpoint) => return Some(checkpoint),
                Err(Error::BadCheckpoint { why, .. }) => {
                    self.faults.push(LogFault::Checkpoint { why: why.to_owned() });
                }
                Err(error) => self.faults.push(LogFault::Checkpoint { why: error.to_string() }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.faults.push(LogFault::NoCheckpoint),
            Err(error) => self.unreadable(CHECKPOINT, &error),
        }
        None
    }

    /// All tiles of hashes, each held against what lies below it, the lowest level first.
    fn levels(&mut self, size: u64) -> Vec<Vec<Seen>> {
        let mut levels: Vec<Vec<Seen>> = Vec::new();
        for tile in Tile::all(size) {
            let Row::Hashes(level) = tile.row else { continue };
            let below = match level.checked_sub(1) {
                None => self.hashes_of_entries(Tile { row: Row::Entries, ..tile }),
                Some(below) => {
                    let children = levels[below as usize].iter().skip((tile.index * WIDTH) as usize);
                    children.take(tile.width as usize).map(Seen::claim).collect()
                }
            };
            let seen = Seen::new(tile, self.hashes(&tile), below);
            levels.resize_with(levels.len().max(level as usize + 1), Vec::new);
            levels[level as usize].push(seen);
        }
        levels
    }

    /// The hashes that a tile holds.
    fn hashes(&mut self, tile: &Tile) -> Option<Vec<Digest>> {
        let bytes = self.read(&tile.path())?;
        let hashes = tile::from_bytes(&bytes).filter(|hashes| hashes.len() as u64 == tile.width);
        if hashes.is_none() {
            self.faults.push(LogFault::Length { path: tile.path() });
        }
        hashes
    }

    /// The hashes of the entries in a bundle; that of no tree for those that cannot be told apart any more.
    fn hashes_of_entries(&mut self, tile: Tile) -> Vec<Option<Digest>> {
        let width = tile.width as usize;
        let Some(bytes) = self.read(&tile.path()) else { return vec![None; width] };
        let (entries, whole) = bundle::entries(&bytes);
        if entries.len() > width || (entries.len() == width && !whole) {
            self.faults.push(LogFault::Length { path: tile.path() });
        }
        let mut hashes: Vec<_> = entries.into_iter().map(|entry| Some(leaf_hash(entry))).collect();
        hashes.resize(width, Some(root_of(&[])));
        hashes
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        match fs::read(self.folder.join(path)) {
            Ok(bytes) => return Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.faults.push(LogFault::Missing { path: path.to_owned() });
            }
            Err(error) => self.unreadable(path, &error),
        }
        None
    }

    fn unreadable(&mut self, path: &str, error: &io::Error) {
        self.faults.push(LogFault::Unreadable { path: path.to_owned(), why: error.to_string() });
    }

    /// Names files that are no part of a log of this size.
    fn strangers(&mut self, files: &[String], size: u64) {
        for path in files.iter().filter(|path| *path != CHECKPOINT) {
            match Tile::at_path(path) {
                Some(tile) if Tile::of(tile.row, tile.index, size) == Some(tile) => {}
                Some(_) => self.faults.push(LogFault::Unfinished { path: path.clone() }),
                None if path == UNDER_WAY => self.faults.push(LogFault::Unfinished { path: path.clone() }),
                None => self.faults.push(LogFault::Stray { path: path.clone() }),
            }
        }
    }

    fn continues(&mut self, now: &Checkpoint, kept: &Checkpoint) {
        if kept.size() > now.size() {
            self.faults.push(LogFault::RolledBack { kept: kept.size(), size: now.size() });
            return;
        }
        let tiles = TileFolder::at(&self.folder);
        let proof = Prover::new(&tiles, now.size()).consistency(kept.size());
        if !proof.is_ok_and(|proof| proof.proves(kept, now)) {
            self.faults.push(LogFault::NotContinued { kept: kept.size() });
        }
    }
}

/// How many entries a log has by the names of its files; no more than so many could hold.
fn size_by_names(files: &[String]) -> u64 {
    let tiles = files.iter().filter_map(|path| Tile::at_path(path));
    let lowest = tiles.filter(|tile| tile.row.level() == 0);
    let size = lowest.map(|tile| tile.index.saturating_mul(WIDTH).saturating_add(tile.width)).max();
    size.unwrap_or(0).min(files.len() as u64 * WIDTH)
}
