//! The hash tree of RFC 6962, section 2.1.

use sha2::{Digest as _, Sha256};

use crate::Digest;

/// Hash of an entry.
pub(crate) fn leaf_hash(entry: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// Hash of a node over the two below it.
pub(crate) fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let hasher = Sha256::new().chain_update([1]).chain_update(left.as_bytes());
    Digest::from_bytes(hasher.chain_update(right.as_bytes()).finalize().into())
}

/// Root of the tree over hashes of equal height.
pub(crate) fn root_of(hashes: &[Digest]) -> Digest {
    match hashes {
        [] => Digest::of(b""),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(split(more.len() as u64) as usize);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// How many of `n` ≥ 2 leaves lie in the left subtree: the greatest power of two below `n`.
pub(crate) fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// Root of a tree whose rightmost, unfinished tiles hold these hashes, the lowest level first.
pub(crate) fn root_of_edge<'a>(levels: impl DoubleEndedIterator<Item = &'a [Digest]>) -> Digest {
    let mut whole = Vec::new();
    for mut hashes in levels.rev() {
        while !hashes.is_empty() {
            let (perfect, rest) = hashes.split_at(1 << hashes.len().ilog2());
            whole.push(root_of(perfect));
            hashes = rest;
        }
    }
    let joined = whole.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
    joined.unwrap_or_else(|| root_of(&[]))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The entries and the roots of the trees over the first 1, 2, … of them, of the reference implementation of RFC 6962.
    pub(crate) const ENTRIES: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_the_reference() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(root_of(&[]).to_string(), empty);
        let leaves = ENTRIES.map(leaf_hash);
        for (n, root) in (1..).zip(ROOTS) {
            assert_eq!(root_of(&leaves[..n]).to_string(), root, "{n}");
            assert_eq!(root_of_edge([&leaves[..n]].into_iter()).to_string(), root, "{n}");
        }
        assert_eq!(root_of_edge([].into_iter()).to_string(), empty);
    }

    #[test]
    fn leaves_and_nodes_hash_as_the_standard_says() {
        let entry = leaf_hash(b"L123456");
        assert_eq!(entry.to_string(), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
        let node = Digest::from_bytes(Sha256::digest([&[1][..], &[b'a'; 32], &[b'b'; 32]].concat()).into());
        assert_eq!(node_hash(&Digest::from_bytes([b'a'; 32]), &Digest::from_bytes([b'b'; 32])), node);
    }
}
