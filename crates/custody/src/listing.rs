use crate::Digest;
use crate::stored::path;

/// What lies in a store, told from names alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Files whose names are digests, in the order of their paths.
    pub files: Vec<Listed>,
    /// Paths of everything else: unfinished parts, and what does not belong there.
    pub strange: Vec<String>,
}

/// A file by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Path inside the store, with forward slashes.
    pub path: String,
    /// The digest that its content should have.
    pub sha256: Digest,
}

impl Listing {
    /// Sorts the names of what lies in a store.
    pub(crate) fn of(names: Vec<String>) -> Self {
        let mut listing = Self { files: Vec::new(), strange: Vec::new() };
        for path in names {
            match digest_of_name(&path) {
                Some(sha256) => listing.files.push(Listed { path, sha256 }),
                None => listing.strange.push(path),
            }
        }
        listing
    }
}

/// The digest in the name of a file, if it lies where the store would have put it.
fn digest_of_name(inside: &str) -> Option<Digest> {
    let (_, name) = inside.rsplit_once('/')?;
    let (digest, extension) = name.split_once('.')?;
    let sha256: Digest = digest.parse().ok()?;
    (inside == path(&sha256, extension)).then_some(sha256)
}
