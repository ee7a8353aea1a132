use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

use crate::Error;

/// Multihash prefix of SHA-256 with 32 bytes, as `file:checksum` wants it.
const MULTIHASH_SHA2_256: &str = "1220";

/// Size of the pieces in which files are hashed, bytes.
pub(crate) const CHUNK: usize = 1 << 20;

/// A SHA-256 digest; shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digest of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Digest and size in bytes of a file.
    pub fn of_file(path: &Path) -> Result<(Self, u64), Error> {
        let hashed = File::open(path).and_then(|mut file| Self::of_reader(&mut file));
        hashed.map_err(|source| Error::Read { path: path.to_owned(), source })
    }

    /// Digest and size in bytes of what is left in a reader.
    pub(crate) fn of_reader(reader: &mut impl Read) -> io::Result<(Self, u64)> {
        let (mut hasher, mut chunk, mut size) = (Sha256::new(), vec![0; CHUNK], 0);
        loop {
            match reader.read(&mut chunk)? {
                0 => return Ok((Self(hasher.finalize().into()), size)),
                n => {
                    hasher.update(&chunk[..n]);
                    size += n as u64;
                }
            }
        }
    }

    /// A digest by its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest as a multihash, the form of the STAC file extension.
    pub fn multihash(&self) -> String {
        format!("{MULTIHASH_SHA2_256}{self}")
    }
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// The 32 bytes of 64 hexadecimal digits; none where the text is anything else.
pub(crate) fn hexadecimal_bytes(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(bytes)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        hexadecimal_bytes(text).map(Self).ok_or_else(|| Error::NoDigest { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_abc_is_that_of_the_standard() {
        let abc = Digest::of(b"abc");
        assert_eq!(abc.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(abc.to_string().parse::<Digest>().unwrap(), abc);
        assert!(abc.multihash().starts_with("1220ba78"));
    }

    #[test]
    fn text_that_is_no_digest_is_refused() {
        for text in ["", "ab", &"g".repeat(64), &"a".repeat(66), &"+a".repeat(32), "é"] {
            assert!(matches!(text.parse::<Digest>(), Err(Error::NoDigest { .. })), "{text}");
        }
    }
}
