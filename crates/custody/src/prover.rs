use std::collections::BTreeMap;

use crate::merkle::{root_of, split};
use crate::tile::{HEIGHT, Row, Tile, WIDTH};
use crate::tile_folder::TileFolder;
use crate::{ConsistencyProof, Digest, Error, InclusionProof};

/// Computes the hashes of a log's tree from its tiles, each of which is read once.
pub(crate) struct Prover<'a> {
    tiles: &'a TileFolder,
    size: u64,
    read: BTreeMap<Tile, Vec<Digest>>,
}

impl<'a> Prover<'a> {
    /// For a log of `size` entries.
    pub fn new(tiles: &'a TileFolder, size: u64) -> Self {
        Self { tiles, size, read: BTreeMap::new() }
    }

    /// Proof that the log holds an entry.
    pub fn inclusion(&mut self, index: u64) -> Result<InclusionProof, Error> {
        self.require(index, self.size.checked_sub(1))?;
        let (mut path, mut from, mut to) = (Vec::new(), 0, self.size);
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(self.root(middle, to)?);
                to = middle;
            } else {
                path.push(self.root(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Ok(InclusionProof { index, size: self.size, path })
    }

    /// Proof that the log continues that of its first `old_size` entries.
    pub fn consistency(&mut self, old_size: u64) -> Result<ConsistencyProof, Error> {
        self.require(old_size, Some(self.size))?;
        let (mut path, mut from, mut to) = (Vec::new(), 0, self.size);
        while old_size != 0 && old_size != to {
            let middle = from + split(to - from);
            if old_size <= middle {
                path.push(self.root(middle, to)?);
                to = middle;
            } else {
                path.push(self.root(from, middle)?);
                from = middle;
            }
        }
        if from > 0 {
            path.push(self.root(from, to)?);
        }
        path.reverse();
        Ok(ConsistencyProof { old_size, size: self.size, path })
    }

    /// Root of the tree over the entries `from..to`, which must be one of the log's subtrees.
    fn root(&mut self, from: u64, to: u64) -> Result<Digest, Error> {
        let count = to - from;
        if !count.is_power_of_two() {
            let middle = from + split(count);
            return Ok(crate::merkle::node_hash(&self.root(from, middle)?, &self.root(middle, to)?));
        }
        let height = count.ilog2();
        let row = Row::Hashes((height / HEIGHT) as u8);
        let (first, width) = (row.length(from), 1_u64 << (height % HEIGHT));
        let wanted = Tile::of(row, first / WIDTH, self.size);
        let tile = wanted.ok_or(Error::BeyondEnd { number: to, size: self.size })?;
        if !self.read.contains_key(&tile) {
            self.read.insert(tile, self.tiles.hashes(&tile)?);
        }
        let offset = (first % WIDTH) as usize;
        let hashes = self.read[&tile].get(offset..offset + width as usize);
        hashes.map(root_of).ok_or_else(|| Error::Damaged { path: self.tiles.path(&tile) })
    }

    fn require(&self, number: u64, most: Option<u64>) -> Result<(), Error> {
        let within = most.is_some_and(|most| number <= most);
        if within { Ok(()) } else { Err(Error::BeyondEnd { number, size: self.size }) }
    }
}
