use crate::{Digest, Digests, Sm3};

/// Longest ending of a name that is kept.
const LONGEST_ENDING: usize = 12;

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// SHA-256 of the content: its name.
    pub sha256: Digest,
    /// SM3 of the content, taken in the same pass.
    pub sm3: Sm3,
    /// Size of the content, bytes.
    pub size: u64,
    /// Ending of the name, without the dot: lower-case letters and digits.
    pub extension: String,
}

impl Stored {
    /// A file by its content's digests and the ending of its name; an ending that is none becomes `bin`.
    pub fn new(digests: Digests, extension: &str) -> Self {
        let Digests { sha256, sm3, size } = digests;
        Self { sha256, sm3, size, extension: ending(extension) }
    }

    /// Path inside the store, with forward slashes.
    pub fn path(&self) -> String {
        path(&self.sha256, &self.extension)
    }

    /// The digests of the content.
    pub fn digests(&self) -> Digests {
        let Self { sha256, sm3, size, .. } = *self;
        Digests { sha256, sm3, size }
    }
}

/// Path inside the store of the content with a digest.
pub(crate) fn path(sha256: &Digest, extension: &str) -> String {
    let name = sha256.to_string();
    format!("sha256/{}/{name}.{extension}", &name[..2])
}

/// An ending as the store writes it: it may come from anybody's file name, and must not lead out of the folder.
fn ending(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let plain = lower.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && (1..=LONGEST_ENDING).contains(&lower.len()) && lower != "part" {
        lower
    } else {
        "bin".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_never_leads_out_of_the_store() {
        let extension = |text| Stored::new(Digests::of(b"x"), text).extension;
        assert_eq!(extension("JPG"), "jpg");
        for text in ["", "../../etc/passwd", "jpg/..", "照片", "a b", "part", "thirteen13ab."] {
            assert_eq!(extension(text), "bin", "{text}");
        }
    }
}
