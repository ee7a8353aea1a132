use std::fmt::Write;

use crate::Digest;

/// Greatest number of hashes in a tile, and of entries in a bundle.
pub(crate) const WIDTH: u64 = 256;

/// Levels of the tree in one tile: the power of two that `WIDTH` is.
pub(crate) const HEIGHT: u32 = 8;

/// Bytes of a hash.
pub(crate) const HASH: usize = 32;

/// What a file of the log holds: entries, or the hashes of a level (0: of entries, 1: of full tiles of level 0, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    Entries,
    Hashes(u8),
}

/// A file of the log: up to 256 neighbours of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tile {
    pub row: Row,
    /// Number among the tiles of its row.
    pub index: u64,
    /// How many it holds, 1 to 256.
    pub width: u64,
}

impl Row {
    /// The level of the hashes; that of the hashes of the entries for entries.
    pub(crate) fn level(self) -> u8 {
        match self {
            Self::Entries => 0,
            Self::Hashes(level) => level,
        }
    }

    /// How many the row holds in a log of `size` entries.
    pub(crate) fn length(self, size: u64) -> u64 {
        size.checked_shr(HEIGHT * u32::from(self.level())).unwrap_or(0)
    }
}

impl Tile {
    /// The tile with a number in a log of `size` entries, where there is one.
    pub(crate) fn of(row: Row, index: u64, size: u64) -> Option<Self> {
        let left = row.length(size).checked_sub(index.checked_mul(WIDTH)?)?;
        (left > 0).then_some(Self { row, index, width: left.min(WIDTH) })
    }

    /// The last tile of each row that is not full, in a log of `size` entries.
    pub(crate) fn edge(size: u64) -> impl DoubleEndedIterator<Item = Self> {
        rows(size).filter_map(move |row| {
            let (index, width) = (row.length(size) / WIDTH, row.length(size) % WIDTH);
            (width > 0).then_some(Self { row, index, width })
        })
    }

    /// All tiles of a log of `size` entries.
    pub(crate) fn all(size: u64) -> impl Iterator<Item = Self> {
        rows(size).flat_map(move |row| {
            (0..row.length(size).div_ceil(WIDTH)).filter_map(move |index| Self::of(row, index, size))
        })
    }

    pub(crate) fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// The tile when it is full.
    pub(crate) fn full(self) -> Self {
        Self { width: WIDTH, ..self }
    }

    /// Path inside the log, as tlog-tiles has it: `tile/0/x001/x234/067`, `tile/entries/000.p/5`.
    pub(crate) fn path(&self) -> String {
        let mut path = match self.row {
            Row::Entries => "tile/entries/".to_owned(),
            Row::Hashes(level) => format!("tile/{level}/"),
        };
        let mut thousands = vec![self.index % 1000];
        let mut above = self.index / 1000;
        while above > 0 {
            thousands.push(above % 1000);
            above /= 1000;
        }
        for (place, group) in thousands.iter().enumerate().rev() {
            let _ = if place > 0 { write!(path, "x{group:03}/") } else { write!(path, "{group:03}") };
        }
        if !self.is_full() {
            let _ = write!(path, ".p/{}", self.width);
        }
        path
    }

    /// The tile with a path inside the log; none where the path is not exactly as it should be written.
    pub(crate) fn at_path(path: &str) -> Option<Self> {
        let (row, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let row = if row == "entries" { Row::Entries } else { Row::Hashes(row.parse().ok()?) };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok()?),
            None => (rest, WIDTH),
        };
        let digits = number.chars().filter(char::is_ascii_digit).collect::<String>();
        let tile = Self { row, index: digits.parse().ok()?, width };
        (tile.path() == path && row.level() < 64 && (1..=WIDTH).contains(&width)).then_some(tile)
    }
}

/// The rows of a log of `size` entries: none where it is empty.
fn rows(size: u64) -> impl DoubleEndedIterator<Item = Row> {
    let levels = if size == 0 { 0 } else { size.ilog2() / HEIGHT + 1 };
    let entries = (size > 0).then_some(Row::Entries);
    entries.into_iter().chain((0..levels as u8).map(Row::Hashes))
}

/// Hashes as a tile holds them.
pub(crate) fn to_bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// The hashes in the bytes of a tile; none where the bytes are no whole number of hashes.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.as_chunks::<HASH>();
    rest.is_empty().then(|| hashes.iter().map(|hash| Digest::from_bytes(*hash)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_are_those_of_the_specification() {
        let tile = Tile { row: Row::Hashes(2), index: 1_234_067, width: WIDTH };
        assert_eq!(tile.path(), "tile/2/x001/x234/067");
        let bundle = Tile { row: Row::Entries, index: 7, width: 8 };
        assert_eq!(bundle.path(), "tile/entries/007.p/8");
        for tile in [tile, bundle] {
            assert_eq!(Tile::at_path(&tile.path()), Some(tile));
        }
    }

    #[test]
    fn only_the_one_way_to_write_a_path_is_read() {
        let wrong = [
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/00/001",
            "tile/+0/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/08",
            "tile/64/001",
            "tile/0/../0/001",
            "tile/0/001/",
            "/tile/0/001",
            "tile/0/x001/x23/067",
            "tile/0/99999999999999999999999",
        ];
        assert_eq!(wrong.map(Tile::at_path), [None; 14]);
    }

    #[test]
    fn a_log_of_70_000_entries_has_the_tiles_of_the_specification() {
        let count = |row, full| Tile::all(70_000).filter(|t| t.row == row && t.is_full() == full).count();
        assert_eq!((count(Row::Hashes(0), true), count(Row::Hashes(0), false)), (273, 1));
        assert_eq!((count(Row::Entries, true), count(Row::Entries, false)), (273, 1));
        assert_eq!((count(Row::Hashes(1), true), count(Row::Hashes(1), false)), (1, 1));
        assert_eq!((count(Row::Hashes(2), true), count(Row::Hashes(2), false)), (0, 1));
        let widths: Vec<u64> = Tile::edge(70_000).map(|tile| tile.width).collect();
        assert_eq!(widths, [112, 112, 17, 1]);
        let of_256: Vec<String> = Tile::all(256).map(|tile| tile.path()).collect();
        assert_eq!(of_256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(Tile::all(0).count(), 0);
    }
}
