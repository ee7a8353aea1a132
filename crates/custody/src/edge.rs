use crate::merkle::{leaf_hash, root_of, root_of_edge};
use crate::tile::{Row, Tile, WIDTH, to_bytes};
use crate::tile_folder::TileFolder;
use crate::{Digest, Error, bundle};

/// The right edge of a log: what its unfinished tiles hold. All that is needed to append.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edge {
    size: u64,
    /// Hashes of the unfinished tile of each level, the lowest first.
    levels: Vec<Vec<Digest>>,
    /// The unfinished bundle.
    bundle: Vec<u8>,
}

impl Edge {
    /// Reads the edge of a log of `size` entries and checks that its entries have the hashes that its tile says.
    pub fn read(tiles: &TileFolder, size: u64) -> Result<Self, Error> {
        let mut edge = Self { size, ..Self::default() };
        for tile in Tile::edge(size) {
            if tile.row == Row::Entries {
                edge.bundle = tiles.bytes(&tile)?;
            } else {
                edge.levels.resize(tile.row.level() as usize, Vec::new());
                edge.levels.push(tiles.hashes(&tile)?);
            }
        }
        let (entries, whole) = bundle::entries(&edge.bundle);
        let hashes: Vec<Digest> = entries.into_iter().map(leaf_hash).collect();
        match Tile::edge(size).next() {
            Some(bundle) if bundle.row == Row::Entries && (!whole || hashes != edge.levels[0]) => {
                Err(Error::Damaged { path: tiles.path(&bundle) })
            }
            _ => Ok(edge),
        }
    }

    /// Number of entries of the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree.
    pub fn root(&self) -> Digest {
        root_of_edge(self.levels.iter().map(Vec::as_slice))
    }

    /// Takes one more entry in; tiles that it fills go to `write`.
    pub fn push(
        &mut self,
        entry: &[u8],
        mut write: impl FnMut(Tile, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        bundle::push(&mut self.bundle, entry, self.size)?;
        self.size += 1;
        let mut hash = leaf_hash(entry);
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(hash);
            if (self.levels[level].len() as u64) < WIDTH {
                break;
            }
            let full = std::mem::take(&mut self.levels[level]);
            let row = Row::Hashes(level as u8);
            let index = row.length(self.size) / WIDTH - 1;
            write(Tile { row, index, width: WIDTH }, &to_bytes(&full))?;
            if level == 0 {
                let bundle = std::mem::take(&mut self.bundle);
                write(Tile { row: Row::Entries, index, width: WIDTH }, &bundle)?;
            }
            hash = root_of(&full);
        }
        Ok(())
    }

    /// The unfinished tiles and what they hold.
    pub fn tiles(&self) -> impl Iterator<Item = (Tile, Vec<u8>)> {
        Tile::edge(self.size).map(|tile| match tile.row {
            Row::Entries => (tile, self.bundle.clone()),
            Row::Hashes(level) => (tile, to_bytes(&self.levels[level as usize])),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_that_of_the_tree_over_all_entries() {
        let (mut edge, mut leaves) = (Edge::default(), Vec::new());
        assert_eq!(edge.root(), root_of(&[]));
        for number in 0..70_000_u32 {
            let entry = number.to_be_bytes();
            edge.push(&entry, |_, _| Ok(())).unwrap();
            leaves.push(leaf_hash(&entry));
            let size = leaves.len();
            if size < 600 || [65_535, 65_536, 65_537, 65_792, 65_793, 70_000].contains(&size) {
                assert_eq!(edge.root(), root_of(&leaves), "{size}");
            }
        }
    }
}
