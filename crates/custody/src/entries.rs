use std::ops::Range;
use std::vec;

use crate::merkle::leaf_hash;
use crate::tile::{Row, Tile, WIDTH};
use crate::tile_folder::TileFolder;
use crate::{Error, bundle};

/// Entries of a log, one after the other; ends after an error.
#[derive(Debug)]
pub struct Entries {
    tiles: TileFolder,
    size: u64,
    left: Range<u64>,
    bundle: vec::IntoIter<Vec<u8>>,
}

impl Entries {
    pub(crate) fn new(tiles: TileFolder, size: u64, range: Range<u64>) -> Self {
        Self { tiles, size, left: range, bundle: Vec::new().into_iter() }
    }

    /// Reads the entries of a bundle from number `first` on.
    fn read(&self, first: u64) -> Result<Vec<Vec<u8>>, Error> {
        let tile = |row| Tile::of(row, first / WIDTH, self.size);
        let (Some(bundle), Some(hashes), true) =
            (tile(Row::Entries), tile(Row::Hashes(0)), first < self.size)
        else {
            return Err(Error::BeyondEnd { number: first, size: self.size });
        };
        let bytes = self.tiles.bytes(&bundle)?;
        let (entries, whole) = bundle::entries(&bytes);
        let filed = self.tiles.hashes(&hashes)?;
        if !whole || !entries.iter().map(|entry| leaf_hash(entry)).eq(filed) {
            return Err(Error::Damaged { path: self.tiles.path(&bundle) });
        }
        let skipped = (first % WIDTH) as usize;
        Ok(entries.into_iter().skip(skipped).map(<[u8]>::to_vec).collect())
    }
}

impl Iterator for Entries {
    type Item = Result<Vec<u8>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let number = self.left.next()?;
        if self.bundle.as_slice().is_empty() {
            match self.read(number) {
                Ok(entries) => self.bundle = entries.into_iter(),
                Err(error) => {
                    self.left = 0..0;
                    return Some(Err(error));
                }
            }
        }
        self.bundle.next().map(Ok)
    }
}
