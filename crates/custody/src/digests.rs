use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::{Digest, Error, Sm3};

/// Both digests of some bytes and their number, taken in one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digests {
    /// SHA-256.
    pub sha256: Digest,
    /// SM3.
    pub sm3: Sm3,
    /// Number of bytes.
    pub size: u64,
}

impl Digests {
    /// Digests of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: Digest::of(bytes), sm3: Sm3::of(bytes), size: bytes.len() as u64 }
    }

    /// Digests of a file.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let hashed = || {
            let mut hashing = Hashing::into(io::sink());
            io::copy(&mut File::open(path)?, &mut hashing)?;
            Ok(hashing.finish().1)
        };
        hashed().map_err(|source| Error::Read { path: path.to_owned(), source })
    }
}

/// A writer that takes both digests of all that passes through it.
#[derive(Debug)]
pub struct Hashing<W> {
    inner: W,
    sha256: Sha256,
    sm3: sm3::Sm3,
    size: u64,
}

impl<W: Write> Hashing<W> {
    /// Hashes what is written into `inner`.
    pub fn into(inner: W) -> Self {
        Self { inner, sha256: Sha256::new(), sm3: sm3::Sm3::new(), size: 0 }
    }

    /// The writer, and the digests of what went through.
    pub fn finish(self) -> (W, Digests) {
        let sm3 = Sm3::from_bytes(self.sm3.finalize().into());
        let sha256 = Digest::from_bytes(self.sha256.finalize().into());
        (self.inner, Digests { sha256, sm3, size: self.size })
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sha256.update(&bytes[..written]);
        self.sm3.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_pass_in_pieces_have_the_digests_of_the_whole() {
        let whole: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut hashing = Hashing::into(Vec::new());
        whole.chunks(777).for_each(|piece| hashing.write_all(piece).unwrap());
        let (passed, digests) = hashing.finish();
        assert_eq!((passed, digests), (whole.clone(), Digests::of(&whole)));
        assert_eq!(digests.size, 400_000);
    }
}
