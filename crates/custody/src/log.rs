use std::fmt;
use std::ops::Range;
use std::path::Path;

use crate::disk::{Disk, LocalDisk};
use crate::edge::Edge;
use crate::log_files::{CHECKPOINT, LogFiles};
use crate::prover::Prover;
use crate::tile::Tile;
use crate::{Checkpoint, ConsistencyProof, Entries, Error, InclusionProof, Receipt, Signer};

/// An append-only log in a folder: what is in it stays, and anybody with the public key can check that it did.
///
/// The folder is laid out as C2SP tlog-tiles says. It is a function of the key and the entries: however these were
/// appended, and whatever was interrupted, the same entries make the same files.
pub struct Log {
    files: LogFiles,
    signer: Signer,
    checkpoint: Checkpoint,
    edge: Edge,
    /// Whether the folder is known to hold nothing but the log.
    tidy: bool,
}

impl Log {
    /// Creates an empty log, named as its key is, in a folder that holds none.
    pub fn create(folder: &Path, signer: Signer) -> Result<Self, Error> {
        Self::create_on(Box::new(LocalDisk), folder, signer)
    }

    /// Opens a log whose right edge fits its checkpoint.
    ///
    /// What an interrupted append left is not seen; the next append clears it away.
    pub fn open(folder: &Path, signer: Signer) -> Result<Self, Error> {
        Self::open_on(Box::new(LocalDisk), folder, signer)
    }

    pub(crate) fn create_on(disk: Box<dyn Disk>, folder: &Path, signer: Signer) -> Result<Self, Error> {
        let files = LogFiles::create(disk, folder)?;
        let lock = files.lock()?;
        if files.has_checkpoint() {
            return Err(Error::Exists { folder: folder.to_owned() });
        }
        let edge = Edge::default();
        let checkpoint = Checkpoint::sign(&signer, edge.size(), edge.root());
        files.publish(&checkpoint)?;
        drop(lock);
        Ok(Self { files, signer, checkpoint, edge, tidy: false })
    }

    pub(crate) fn open_on(disk: Box<dyn Disk>, folder: &Path, signer: Signer) -> Result<Self, Error> {
        let files = LogFiles::at(disk, folder);
        let lock = files.lock()?;
        let checkpoint = files.checkpoint(signer.verifier())?;
        let edge = read_edge(&files, &checkpoint)?;
        files.remove_superseded(checkpoint.size())?;
        drop(lock);
        Ok(Self { files, signer, checkpoint, edge, tidy: false })
    }

    /// The folder of the log.
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Number of entries.
    pub fn size(&self) -> u64 {
        self.checkpoint.size()
    }

    /// The last checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Appends entries, all or none, and returns the checkpoint over them once it is safe on the disk.
    ///
    /// Where another process has appended meanwhile, nothing is appended: `Error::Grown` says so, and this log then knows
    /// what is there.
    pub fn append(&mut self, entries: &[Vec<u8>]) -> Result<Checkpoint, Error> {
        let _lock = self.files.lock()?;
        self.require_newest()?;
        if entries.is_empty() {
            return Ok(self.checkpoint.clone());
        }
        if !self.tidy {
            self.files.remove_unfinished(self.size())?;
        }
        self.tidy = false;
        let edge = self.write_tiles(entries)?;
        let checkpoint = Checkpoint::sign(&self.signer, edge.size(), edge.root());
        self.files.publish(&checkpoint)?;
        let before = self.size();
        (self.edge, self.checkpoint) = (edge, checkpoint);
        // The entries are safe by now; tiles that stay behind are superseded and cleared away when the log is opened.
        self.tidy = self.files.remove_edge(before, self.size()).is_ok();
        Ok(self.checkpoint.clone())
    }

    /// The entries with these numbers, each checked against its hash in the tree's tile.
    pub fn entries(&self, range: Range<u64>) -> Entries {
        Entries::new(self.files.tiles().clone(), self.size(), range)
    }

    /// Proof that the log holds an entry.
    pub fn inclusion(&self, index: u64) -> Result<InclusionProof, Error> {
        Prover::new(self.files.tiles(), self.size()).inclusion(index)
    }

    /// Proof that the log continues that of its first `old_size` entries.
    pub fn consistency(&self, old_size: u64) -> Result<ConsistencyProof, Error> {
        Prover::new(self.files.tiles(), self.size()).consistency(old_size)
    }

    /// An entry with all that proves it to somebody who has only the public key.
    pub fn receipt(&self, index: u64) -> Result<Receipt, Error> {
        let proof = self.inclusion(index)?;
        let entry = self.entries(index..index + 1).next().transpose()?.unwrap_or_default();
        let receipt = Receipt::of(entry, proof, self.checkpoint.clone());
        receipt.ok_or_else(|| Error::Damaged { path: self.files.folder().to_owned() })
    }

    /// Refuses a log that does not continue the one of a kept checkpoint.
    pub fn require_continues(&self, kept: &Checkpoint) -> Result<(), Error> {
        continues(&self.files, &self.checkpoint, kept)
    }

    /// What a tlog-tiles server answers to a path, `checkpoint` or `tile/…`; none where there is nothing by that name.
    pub fn resource(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        if path == CHECKPOINT {
            return Ok(Some(self.checkpoint.as_str().as_bytes().to_vec()));
        }
        let there = |tile: &Tile| {
            Tile::of(tile.row, tile.index, self.size()).is_some_and(|now| tile.width <= now.width)
        };
        Tile::at_path(path).filter(there).map(|tile| self.files.tiles().bytes(&tile)).transpose()
    }

    /// Writes all tiles that these entries change; they are not part of the log yet.
    fn write_tiles(&self, entries: &[Vec<u8>]) -> Result<Edge, Error> {
        let (mut edge, mut writing) = (self.edge.clone(), self.files.writing());
        for entry in entries {
            edge.push(entry, |tile, bytes| writing.write(&tile, bytes))?;
        }
        for (tile, bytes) in edge.tiles() {
            if Tile::of(tile.row, tile.index, self.size()) != Some(tile) {
                writing.write(&tile, &bytes)?;
            }
        }
        writing.finish()?;
        Ok(edge)
    }

    /// Takes over what another process has appended, and then says so.
    fn require_newest(&mut self) -> Result<(), Error> {
        let newest = self.files.checkpoint(self.signer.verifier())?;
        if newest == self.checkpoint {
            return Ok(());
        }
        continues(&self.files, &newest, &self.checkpoint)?;
        let (had, has) = (self.size(), newest.size());
        self.edge = read_edge(&self.files, &newest)?;
        self.checkpoint = newest;
        Err(Error::Grown { had, has })
    }
}

fn read_edge(files: &LogFiles, checkpoint: &Checkpoint) -> Result<Edge, Error> {
    let edge = Edge::read(files.tiles(), checkpoint.size())?;
    if edge.root() == *checkpoint.root() {
        Ok(edge)
    } else {
        Err(Error::Damaged { path: files.folder().to_owned() })
    }
}

/// Refuses a log that does not continue that of an earlier checkpoint.
fn continues(files: &LogFiles, now: &Checkpoint, kept: &Checkpoint) -> Result<(), Error> {
    let not = Error::NotContinued { kept: kept.size(), size: now.size() };
    if kept.size() > now.size() {
        return Err(not);
    }
    let proof = Prover::new(files.tiles(), now.size()).consistency(kept.size())?;
    if proof.proves(kept, now) { Ok(()) } else { Err(not) }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({}, {:?})", self.files.folder().display(), self.checkpoint)
    }
}
