//! The history log: the Merkle tree (RFC 9162, section 2.1.1) over the hashes of all heads of a
//! vault, in their order. Each head names the root of the tree over the heads before it, so that a
//! head at any later time proves what came before with O(log n) hashes.

pub mod inclusion;

use sha2::{Digest, Sha256};

use crate::encoding::Malformed;

/// The right edge of the tree: the roots of its complete subtrees, the largest first. It is all
/// that is needed to add a hash and to compute the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    len: u64,
    edge: Vec<[u8; 32]>,
}

impl History {
    /// Returns the number of heads.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns whether there is no head.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds the hash of the next head.
    ///
    /// # Panics
    ///
    /// Panics after 2^64 - 1 heads, which no chain of heads reaches, since their counters end
    /// there.
    pub fn push(&mut self, head: &[u8; 32]) {
        self.push_with_subtrees(head);
    }

    /// Adds the hash of the next head. Returns the roots of the complete subtrees that end with it,
    /// the smallest first. Whoever keeps them can prove that any head is part of the log
    /// ([`inclusion`]).
    ///
    /// # Panics
    ///
    /// Panics like [`push`](Self::push).
    pub fn push_with_subtrees(&mut self, head: &[u8; 32]) -> Vec<[u8; 32]> {
        let mut hash = leaf(head);
        let mut subtrees = vec![hash];
        // Each complete subtree of the same size as the new one makes one of twice the size with
        // it.
        for _ in 0..self.len.trailing_ones() {
            let left = self.edge.pop().expect("there is one hash for each bit of the length");
            hash = join(&left, &hash);
            subtrees.push(hash);
        }
        self.edge.push(hash);
        self.len = self.len.checked_add(1).expect("a chain has fewer heads");
        subtrees
    }

    /// Returns the root of the tree.
    pub fn root(&self) -> [u8; 32] {
        join_all(&self.edge).unwrap_or_else(|| Sha256::digest([]).into())
    }

    /// Encodes the edge: the length, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.len.to_be_bytes().as_slice(), self.edge.as_flattened()].concat()
    }

    /// Decodes an edge. That it belongs to a head is shown by its [`root`](Self::root) alone.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let (len, edge) = bytes.split_first_chunk::<8>().ok_or(Malformed)?;
        let len = u64::from_be_bytes(*len);
        let (edge, rest) = edge.as_chunks::<32>();
        if !rest.is_empty() || u32::try_from(edge.len()) != Ok(len.count_ones()) {
            return Err(Malformed);
        }
        Ok(Self { len, edge: edge.to_vec() })
    }
}

/// Joins the roots of complete subtrees that follow one another, each smaller than the one before.
/// Returns `None` for no subtree.
fn join_all(subtrees: &[[u8; 32]]) -> Option<[u8; 32]> {
    let mut from_right = subtrees.iter().rev();
    let last = from_right.next()?;
    Some(from_right.fold(*last, |right, left| join(left, &right)))
}

fn leaf(head: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(head).finalize().into()
}

fn join(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests;
