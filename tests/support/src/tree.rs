//! The trees of FORMAT.md, computed as its definitions say: over all leaves, every time.

use crystallum_api::Id;
use sha2::{Digest, Sha256};

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// Returns the Merkle tree hash of RFC 9162 over the hashes of heads.
pub(crate) fn history(heads: &[Hash]) -> Hash {
    match heads {
        [] => Sha256::digest([]).into(),
        [head] => Sha256::new().chain_update([0]).chain_update(head).finalize().into(),
        _ => {
            let (left, right) = heads.split_at(heads.len().next_power_of_two() / 2);
            let node = Sha256::new().chain_update([1]).chain_update(history(left));
            node.chain_update(history(right)).finalize().into()
        }
    }
}

/// Returns the position of an object of this kind.
pub(crate) fn position(kind: u8, id: Id) -> Hash {
    Sha256::new().chain_update([3, kind]).chain_update(id.0).finalize().into()
}

/// Returns the leaf with this value.
pub(crate) fn leaf(position: &Hash, value: &[u8]) -> Hash {
    let hash = Sha256::new().chain_update([0]).chain_update(position).chain_update(Sha256::digest(value));
    hash.finalize().into()
}

/// Returns the root of the subtree with these sorted leaves.
pub(crate) fn root(leaves: &[(Hash, Hash)], depth: usize) -> Hash {
    match leaves {
        [] => [0; 32],
        [(_, leaf)] => *leaf,
        _ => {
            let right = |(at, _): &(Hash, Hash)| at[depth / 8] & (0x80 >> (depth % 8)) != 0;
            let (left, right) = leaves.split_at(leaves.partition_point(|leaf| !right(leaf)));
            let node = Sha256::new().chain_update([1]).chain_update(root(left, depth + 1));
            node.chain_update(root(right, depth + 1)).finalize().into()
        }
    }
}
