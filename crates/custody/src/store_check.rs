use std::collections::BTreeSet;
use std::io;

use crate::{Digests, Error, EvidenceStore, Listing, StoreFault, Stored};

impl EvidenceStore {
    /// Hashes a stored file again, with both digests, and says what is wrong with it; in a bucket, and the copy of it here if there is one.
    pub fn check(&self, stored: &Stored) -> Option<StoreFault> {
        let path = self.path(stored);
        let here = || match Digests::of_file(&path) {
            Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        };
        let Some(bucket) = self.bucket() else { return fault(stored, here()) };
        let copy = || path.exists().then(|| fault(stored, here())).flatten();
        fault(stored, bucket.digests(&stored.path())).or_else(copy)
    }

    /// Checks all files that should be there, and names what a listing has beside them. Who stores before noting what was stored must not
    /// do so between the two.
    pub fn check_all(&self, known: impl IntoIterator<Item = Stored>, listing: Listing) -> Vec<StoreFault> {
        let (mut faults, mut expected) = (Vec::new(), BTreeSet::new());
        for stored in known {
            faults.extend(self.check(&stored));
            expected.insert(stored.path());
        }
        let names = listing.files.into_iter().map(|file| file.path).filter(|path| !expected.contains(path));
        faults.extend(names.chain(listing.strange).map(|path| StoreFault::Stray { path }));
        faults
    }
}

/// What is wrong with a file in which these digests were found.
fn fault(stored: &Stored, found: Result<Option<Digests>, Error>) -> Option<StoreFault> {
    let path = stored.path();
    match found {
        Ok(Some(found)) if found == stored.digests() => None,
        Ok(Some(found)) => Some(StoreFault::Altered { path, found: found.sha256 }),
        Ok(None) => Some(StoreFault::Missing { path }),
        Err(Error::Read { source, .. }) => Some(StoreFault::Unreadable { path, why: source.to_string() }),
        Err(error) => Some(StoreFault::Unreadable { path, why: error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_altered_missing_and_foreign_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = EvidenceStore::in_folder(folder.path());
        let known = ["whole", "altered", "missing"].map(|text| store.store(text.as_bytes(), "txt").unwrap());
        assert_eq!(store.check_all(known.clone(), store.list().unwrap()), []);
        let foreign = store.store(b"foreign", "txt").unwrap();
        fs::write(folder.path().join("sha256/notes.txt"), b"x").unwrap();
        let [_, altered, missing] = known.each_ref().map(|stored| store.path(stored));
        fs::remove_file(&altered).unwrap();
        fs::write(&altered, b"alterex").unwrap();
        fs::remove_file(missing).unwrap();
        let found = Digests::of(b"alterex").sha256;
        assert_eq!(
            store.check_all(known.clone(), store.list().unwrap()),
            [
                StoreFault::Altered { path: known[1].path(), found },
                StoreFault::Missing { path: known[2].path() },
                StoreFault::Stray { path: foreign.path() },
                StoreFault::Stray { path: "sha256/notes.txt".into() },
            ]
        );
    }
}
