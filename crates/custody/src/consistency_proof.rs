use crate::merkle::{node_hash, root_of};
use crate::{Checkpoint, Digest};

/// Proof that a log continues an earlier state of itself (RFC 6962, 2.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Number of entries of the earlier state.
    pub old_size: u64,
    /// Number of entries of the later state.
    pub size: u64,
    /// The hashes that both trees are made of.
    pub path: Vec<Digest>,
}

impl ConsistencyProof {
    /// Whether the log of the later checkpoint begins with all entries of the earlier one.
    pub fn proves(&self, earlier: &Checkpoint, later: &Checkpoint) -> bool {
        let sizes = self.old_size == earlier.size() && self.size == later.size();
        sizes && earlier.origin() == later.origin() && self.holds(*earlier.root(), *later.root())
    }

    /// RFC 9162, 2.1.4.2.
    fn holds(&self, old_root: Digest, root: Digest) -> bool {
        let Self { old_size, size, path } = self;
        if old_size > size || *old_size == 0 || old_size == size {
            let trivial = if *old_size == 0 { old_root == root_of(&[]) } else { old_root == root };
            return path.is_empty() && old_size <= size && trivial;
        }
        self.roots(old_root).is_some_and(|roots| roots == (old_root, root))
    }

    /// The roots of both states that the hashes lead to.
    fn roots(&self, old_root: Digest) -> Option<(Digest, Digest)> {
        let whole = self.old_size.is_power_of_two().then_some(old_root);
        let mut hashes = whole.into_iter().chain(self.path.iter().copied());
        let (mut place, mut last) = (self.old_size - 1, self.size - 1);
        let skipped = place.trailing_ones();
        (place, last) = (place >> skipped, last >> skipped);
        let first = hashes.next()?;
        let (mut old, mut new) = (first, first);
        for hash in hashes {
            if last == 0 {
                return None;
            }
            if place % 2 == 1 || place == last {
                old = node_hash(&hash, &old);
                new = node_hash(&hash, &new);
                while place % 2 == 0 && place != 0 {
                    (place, last) = (place / 2, last / 2);
                }
            } else {
                new = node_hash(&new, &hash);
            }
            (place, last) = (place / 2, last / 2);
        }
        (last == 0).then_some((old, new))
    }
}
