use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Digest, Error, Signer, Verifier, note};

/// A signed statement of a log: so many entries, and the root of the tree over them (C2SP tlog-checkpoint).
///
/// One can only be had by signing it or by checking its signature. Whoever keeps one from elsewhere can tell later whether the
/// log was rolled back or rewritten.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Digest,
    note: String,
}

impl Checkpoint {
    pub(crate) fn sign(signer: &Signer, size: u64, root: Digest) -> Self {
        let text = format!("{}\n{size}\n{}\n", signer.name(), STANDARD.encode(root.as_bytes()));
        Self { origin: signer.name().to_owned(), size, root, note: note::sign(&text, signer) }
    }

    /// Reads a checkpoint and checks that the log signed it.
    pub fn parse(bytes: &[u8], verifier: &Verifier) -> Result<Self, Error> {
        let wrong = |why| Error::BadCheckpoint { log: verifier.name().to_owned(), why };
        let text = note::open(bytes, verifier).map_err(wrong)?;
        let (origin, size, root) = read_text(text).ok_or(wrong("it is not written as a checkpoint is"))?;
        if origin != verifier.name() {
            return Err(wrong("it is that of another log"));
        }
        let note = String::from_utf8_lossy(bytes).into_owned();
        Ok(Self { origin: origin.to_owned(), size, root, note })
    }

    /// Name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree over them.
    pub fn root(&self) -> &Digest {
        &self.root
    }

    /// The checkpoint with its signature, as it is filed and sent.
    pub fn as_str(&self) -> &str {
        &self.note
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checkpoint({}, {} entries, {})", self.origin, self.size, self.root)
    }
}

/// Origin, size and root in the text of a checkpoint. Extension lines are not read: this log writes none.
pub(crate) fn read_text(text: &str) -> Option<(&str, u64, Digest)> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let (Some(origin), Some(size), Some(root), None) =
        (lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return None;
    };
    let number: u64 = size.parse().ok()?;
    let root = STANDARD.decode(root).ok()?.try_into().ok()?;
    (number.to_string() == size && !origin.is_empty()).then_some((origin, number, Digest::from_bytes(root)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::from_seed("bureau.example/custody", [3; 32]).unwrap()
    }

    #[test]
    fn a_checkpoint_is_read_as_it_was_signed() {
        let signed = Checkpoint::sign(&signer(), 70_000, Digest::of(b"root"));
        let read = Checkpoint::parse(signed.as_str().as_bytes(), signer().verifier()).unwrap();
        assert_eq!(read, signed);
        assert!(signed.as_str().starts_with("bureau.example/custody\n70000\n"));
    }

    #[test]
    fn a_checkpoint_of_another_log_or_key_is_refused() {
        let bytes = Checkpoint::sign(&signer(), 1, Digest::of(b"root")).as_str().as_bytes().to_vec();
        for other in [
            Signer::from_seed("bureau.example/custody", [4; 32]).unwrap(),
            Signer::from_seed("other.example/custody", [3; 32]).unwrap(),
        ] {
            let error = Checkpoint::parse(&bytes, other.verifier()).unwrap_err();
            assert!(matches!(error, Error::BadCheckpoint { .. }));
        }
    }

    #[test]
    fn a_signed_text_that_is_no_checkpoint_is_refused() {
        let root = STANDARD.encode([0; 32]);
        for text in [
            format!("bureau.example/custody\n01\n{root}\n"),
            format!("bureau.example/custody\n-1\n{root}\n"),
            format!("bureau.example/custody\n1\n{root}\nmore\n"),
            format!("other.example/log\n1\n{root}\n"),
            "bureau.example/custody\n1\nAAAA\n".to_owned(),
            "bureau.example/custody\n1\n".to_owned(),
        ] {
            let signed = note::sign(&text, &signer());
            assert!(Checkpoint::parse(signed.as_bytes(), signer().verifier()).is_err(), "{text}");
        }
    }
}
