use crate::merkle::{leaf_hash, node_hash};
use crate::{Checkpoint, Digest};

/// Proof that an entry is in a log: the hashes beside its way up to the root (RFC 6962, 2.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Number of the entry.
    pub index: u64,
    /// Number of entries of the log that the proof is for.
    pub size: u64,
    /// The hashes, the entry's neighbour first.
    pub path: Vec<Digest>,
}

impl InclusionProof {
    /// Whether the entry is where the proof says in the log of a checkpoint.
    pub fn proves(&self, entry: &[u8], checkpoint: &Checkpoint) -> bool {
        self.size == checkpoint.size() && self.root(leaf_hash(entry)) == Some(*checkpoint.root())
    }

    /// The root that the proof leads to; none where the path has not the right length (RFC 9162, 2.1.3.2).
    fn root(&self, leaf: Digest) -> Option<Digest> {
        let (mut place, mut last, mut root) = (self.index, self.size.checked_sub(1)?, leaf);
        if place > last {
            return None;
        }
        for beside in &self.path {
            if last == 0 {
                return None;
            }
            if place % 2 == 1 || place == last {
                root = node_hash(beside, &root);
                while place % 2 == 0 && place != 0 {
                    (place, last) = (place / 2, last / 2);
                }
            } else {
                root = node_hash(&root, beside);
            }
            (place, last) = (place / 2, last / 2);
        }
        (last == 0).then_some(root)
    }
}
