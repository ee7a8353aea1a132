use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::Problem;

/// Names of the algorithms, as tus lists them.
pub(super) const ALGORITHMS: &str = "sha1,sha256";

/// Checksum of one chunk as the client sent it, taken again as the chunk comes in.
pub(super) struct Checksum {
    hasher: Hasher,
    sent: Vec<u8>,
}

enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// Reads `ALGORITHM BASE64`.
    pub fn parse(header: &str) -> Result<Self, Problem> {
        let wrong = || {
            let en = format!("Upload-Checksum needs one of {ALGORITHMS}, a space and the digest in Base64");
            Problem::bad_request("Upload-Checksum 请求头有误", en)
        };
        let (algorithm, digest) = header.split_once(' ').ok_or_else(wrong)?;
        let hasher = match algorithm {
            "sha1" => Hasher::Sha1(Sha1::new()),
            "sha256" => Hasher::Sha256(Sha256::new()),
            _ => return Err(wrong()),
        };
        Ok(Self { hasher, sent: STANDARD.decode(digest).map_err(|_| wrong())? })
    }

    /// Takes in a piece of the chunk.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// Fails unless the chunk is what the client sent.
    pub fn finish(self) -> Result<(), Problem> {
        let found = match self.hasher {
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
        };
        if found == self.sent { Ok(()) } else { Err(mismatch()) }
    }
}

/// tus gives the status 460 to a chunk whose checksum is another one.
pub(super) fn mismatch() -> Problem {
    let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
    let (zh, en) =
        ("数据块校验和不符，请重传该块", "the chunk's checksum is another one: send the chunk again");
    Problem::new(status, "ChecksumMismatch", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_held_against_their_checksum() {
        // Digests of "abc" from FIPS 180-4.
        let vectors =
            ["sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="];
        for header in vectors {
            let mut right = Checksum::parse(header).unwrap();
            right.update(b"a");
            right.update(b"bc");
            assert!(right.finish().is_ok(), "{header}");
            let mut wrong = Checksum::parse(header).unwrap();
            wrong.update(b"abd");
            assert_eq!(wrong.finish().unwrap_err().status.as_u16(), 460);
        }
        for header in ["sha1", "md5 AAAA", "sha1 ***", "", "sha256  AAAA"] {
            assert_eq!(Checksum::parse(header).err().unwrap().status, StatusCode::BAD_REQUEST, "{header:?}");
        }
    }
}
