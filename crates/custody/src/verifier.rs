use std::fs;
use std::path::Path;
use std::{fmt, str::FromStr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::{Digest, Error};

/// The byte that stands for Ed25519 in keys and key ids of signed notes.
pub(crate) const ED25519: u8 = 1;

/// The public key of a log, and its name: all that is needed to check the log.
///
/// As text it is `NAME+ID+KEY` (C2SP signed-note); keep it where those who write the log cannot reach it.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Verifier {
    pub(crate) fn new(name: &str, key: VerifyingKey) -> Result<Self, Error> {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if name.is_empty() || name.contains(forbidden) {
            return Err(Error::NoKey { why: "the name of a log is text without spaces and without +" });
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// Reads the key from a file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?.parse()
    }

    /// The name of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that tell keys of one name apart.
    pub(crate) fn id_bytes(&self) -> [u8; 4] {
        let bytes = [self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()].concat();
        let [a, b, c, d, ..] = *Digest::of(&bytes).as_bytes();
        [a, b, c, d]
    }

    /// The id in hexadecimal digits.
    pub(crate) fn id(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id_bytes()))
    }

    /// Whether the key's owner signed a text.
    pub(crate) fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519], &self.key.as_bytes()[..]].concat());
        write!(f, "{}+{}+{key}", self.name, self.id())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({self})")
    }
}

impl FromStr for Verifier {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |why| Error::NoKey { why };
        let mut parts = text.trim_end().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("name, id or key is missing"));
        };
        let key = STANDARD.decode(key).map_err(|_| wrong("the key is no base64"))?;
        let Some((&[ED25519], key)) = key.split_first_chunk() else {
            return Err(wrong("the key is none of Ed25519"));
        };
        let key = key.try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok());
        let verifier = Self::new(name, key.ok_or(wrong("the key is no point of the curve"))?)?;
        if verifier.id() == id { Ok(verifier) } else { Err(wrong("the id is not that of the key")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_key_is_read_and_written_the_same() {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key: Verifier = text.parse().unwrap();
        assert_eq!((key.name(), key.to_string().as_str()), ("PeterNeumann", text));
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        for text in [
            "",
            "PeterNeumann",
            "PeterNeumann+c74f20a3",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ] {
            assert!(matches!(text.parse::<Verifier>(), Err(Error::NoKey { .. })), "{text}");
        }
    }
}
