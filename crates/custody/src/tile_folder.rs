use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::tile::{self, Row, Tile};
use crate::walk::files_under;
use crate::{Digest, Error, bundle};

/// Reads the tiles of a log's folder.
#[derive(Debug, Clone)]
pub(crate) struct TileFolder {
    folder: PathBuf,
}

impl TileFolder {
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub fn path(&self, tile: &Tile) -> PathBuf {
        self.folder.join(tile.path())
    }

    /// Bytes of a tile. One that a wider tile has superseded meanwhile is what that one begins with.
    pub fn bytes(&self, tile: &Tile) -> Result<Vec<u8>, Error> {
        let path = self.path(tile);
        let read = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => match self.wider(tile) {
                Some(wider) => fs::read(self.path(&wider)).and_then(|bytes| cut(tile, &bytes)),
                None => Err(error),
            },
            read => read,
        };
        read.map_err(|source| Error::Read { path, source })
    }

    /// The hashes of a tile.
    pub fn hashes(&self, tile: &Tile) -> Result<Vec<Digest>, Error> {
        let hashes = tile::from_bytes(&self.bytes(tile)?).filter(|h| h.len() as u64 == tile.width);
        hashes.ok_or_else(|| Error::Damaged { path: self.path(tile) })
    }

    /// A tile with the same number that is there and holds more.
    fn wider(&self, tile: &Tile) -> Option<Tile> {
        let full = tile.full();
        if self.path(&full).exists() {
            return Some(full);
        }
        let partials = self.path(tile).parent().map(files_under)?.ok()?;
        let widths = partials.iter().filter_map(|name| name.parse().ok());
        let width = widths.filter(|width| *width > tile.width).min()?;
        Some(Tile { width, ..*tile })
    }
}

/// The first `tile.width` of what a wider tile holds.
fn cut(tile: &Tile, wider: &[u8]) -> io::Result<Vec<u8>> {
    let count = tile.width as usize;
    let bytes = match tile.row {
        Row::Entries => bundle::prefix(wider, count),
        Row::Hashes(_) => wider.get(..count * tile::HASH),
    };
    bytes.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}
