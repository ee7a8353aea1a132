use crate::Digest;
use crate::merkle::root_of;
use crate::tile::{Row, Tile, WIDTH};

/// A tile of hashes as it was found, held against what lies below it: entries, or the tiles of the level below.
#[derive(Debug)]
pub(crate) struct Seen {
    pub tile: Tile,
    /// Root of what the tile holds; none where it cannot be read.
    stored: Option<Digest>,
    /// Root of what it should hold by what lies below it; none where some of that cannot be read.
    below: Option<Digest>,
    /// Where the two differ.
    pub differences: Vec<Difference>,
    /// What the tile holds, and what it should hold, where it is not full.
    unfinished: [Option<Vec<Digest>>; 2],
}

/// A hash in a tile that is not that of what lies below it.
#[derive(Debug)]
pub(crate) struct Difference {
    pub position: u64,
    pub stored: Digest,
    pub below: Digest,
}

/// Which of the two is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    Tile,
    Below,
    /// Nothing vouches for either.
    Neither,
}

impl Seen {
    pub fn new(tile: Tile, stored: Option<Vec<Digest>>, below: Vec<Option<Digest>>) -> Self {
        let held = stored.as_deref().unwrap_or_default();
        let differences = (0..).zip(held.iter().zip(&below)).filter_map(|(position, (stored, below))| {
            let below = (*below)?;
            (*stored != below).then_some(Difference { position, stored: *stored, below })
        });
        let differences = differences.collect();
        let below: Option<Vec<Digest>> = below.into_iter().collect();
        let (stored_root, below_root) = (stored.as_deref().map(root_of), below.as_deref().map(root_of));
        let unfinished = if tile.is_full() { [None, None] } else { [stored, below] };
        Self { tile, stored: stored_root, below: below_root, differences, unfinished }
    }

    /// The hash that the level above should have of this tile, if the tile is as it should be.
    pub fn claim(&self) -> Option<Digest> {
        self.stored.or(self.below)
    }

    /// Whether the tile itself could be read.
    pub fn is_readable(&self) -> bool {
        self.stored.is_some()
    }

    /// Whether the tile and all below it could be read.
    pub fn has_both_sides(&self) -> bool {
        self.stored.is_some() && self.below.is_some()
    }

    /// Which side is right, by the hash that the level above has of it.
    pub fn right(&self, vouched: Option<Digest>) -> Right {
        match vouched {
            Some(hash) if self.stored == Some(hash) => Right::Tile,
            Some(hash) if self.below == Some(hash) => Right::Below,
            _ => Right::Neither,
        }
    }

    /// What an unfinished tile may be: itself, and what lies below it where that is something else.
    pub fn versions(&self) -> Vec<(Right, &[Digest])> {
        let [stored, below] = self.unfinished.each_ref().map(Option::as_deref);
        let stored = stored.map(|hashes| (Right::Tile, hashes));
        let below = below.filter(|_| self.stored != self.below).map(|hashes| (Right::Below, hashes));
        stored.into_iter().chain(below).collect()
    }

    /// Number of the first entry under a hash of the tile, `position` being at most its width.
    pub fn first_entry(&self, position: u64) -> u64 {
        let hash = self.tile.index * WIDTH + position;
        (0..self.tile.row.level()).fold(hash, |hash, _| hash.saturating_mul(WIDTH))
    }

    pub fn is_lowest(&self) -> bool {
        self.tile.row == Row::Hashes(0)
    }
}
