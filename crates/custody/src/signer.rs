use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};

use crate::durable::sync_folder;
use crate::verifier::ED25519;
use crate::{Error, Verifier};

/// What the text of a private key begins with.
const PRIVATE: &str = "PRIVATE+KEY+";

/// Permissions of a file with a private key: its owner may read and write, nobody else anything.
const OWNER_ONLY: u32 = 0o600;

/// The key with which a log signs its checkpoints (Ed25519), and the name of the log.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// A key from 32 random bytes. The name is that of the log, such as `bureau.example/custody`.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, Error> {
        let key = SigningKey::from_bytes(&seed);
        let verifier = Verifier::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    /// The key in a text as `encode` writes it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |why| Error::NoKey { why };
        let rest =
            text.trim_end().strip_prefix(PRIVATE).ok_or(wrong("it does not begin as a private key"))?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("name, id or key is missing"));
        };
        let key = STANDARD.decode(key).map_err(|_| wrong("the key is no base64"))?;
        let Some((&[ED25519], seed)) = key.split_first_chunk() else {
            return Err(wrong("the key is none of Ed25519"));
        };
        let signer = Self::from_seed(name, seed.try_into().map_err(|_| wrong("the key has not 32 bytes"))?)?;
        if signer.verifier.id() == id { Ok(signer) } else { Err(wrong("the id is not that of the key")) }
    }

    /// The key as text, `PRIVATE+KEY+NAME+ID+KEY`. Whoever has it can sign as the log.
    pub fn encode(&self) -> String {
        let key = STANDARD.encode([&[ED25519], &self.key.to_bytes()[..]].concat());
        format!("{PRIVATE}{}+{}+{key}", self.name(), self.verifier.id())
    }

    /// Writes the key into a file that only its owner can read; never over another.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let saved = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path)?;
            writeln!(file, "{}", self.encode())?;
            file.sync_all()?;
            path.parent().map_or(Ok(()), sync_folder)
        };
        saved().map_err(|source| Error::Write { path: path.to_owned(), source })
    }

    /// Reads the key from a file that nobody but its owner can read.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let read_error = |source| Error::Read { path: path.to_owned(), source };
        let mode = fs::metadata(path).map_err(read_error)?.permissions().mode() & 0o777;
        if mode & !OWNER_ONLY != 0 {
            return Err(Error::KeyExposed { path: path.to_owned(), mode });
        }
        Self::parse(&fs::read_to_string(path).map_err(read_error)?)
    }

    /// The name of the log.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// The key with which anybody can check what this one signed.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Signs the text of a note.
    pub(crate) fn sign(&self, text: &str) -> [u8; 64] {
        self.key.sign(text.as_bytes()).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_file_and_from_no_file_that_others_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.key");
        let signer = Signer::from_seed("bureau.example/custody", [7; 32]).unwrap();
        signer.save(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Signer::load(&path).unwrap().encode(), signer.encode());
        assert!(matches!(signer.save(&path), Err(Error::Write { .. })), "a key is never written over");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Signer::load(&path).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn a_private_key_does_not_show_itself() {
        let signer = Signer::from_seed("bureau.example/custody", [7; 32]).unwrap();
        assert_eq!(format!("{signer:?}"), "Signer(bureau.example/custody)");
    }

    #[test]
    fn a_damaged_private_key_is_refused() {
        let text = Signer::from_seed("a.example/log", [7; 32]).unwrap().encode();
        for (from, to) in [
            ("PRIVATE", "PUBLIC"),
            ("a.example", "b.example"),
            ("+KEY+", "+"),
            ("BwcH", "BwdH"),
            ("BwcH", ""),
        ] {
            assert!(matches!(Signer::parse(&text.replacen(from, to, 1)), Err(Error::NoKey { .. })), "{from}");
        }
    }
}
