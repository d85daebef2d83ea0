//! Inclusion proofs of the history log (RFC 9162, section 2.1.3): that a head is one of those which
//! a later head names by its history.

use super::{join, join_all, leaf};

/// A complete subtree of the log, of 2^`level` heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtree {
    /// The number of its levels above the leaves.
    pub level: u32,
    /// The counter of its last head.
    pub last: u64,
}

/// Returns the counters' path: for each hash of the proof that the head `counter` is one of the
/// first `len`, from the leaf up, the complete subtrees that make it, the largest first. Returns
/// `None` if it is not one of them.
pub fn proof_subtrees(counter: u64, len: u64) -> Option<Vec<Vec<Subtree>>> {
    if !(1..=len).contains(&counter) {
        return None;
    }
    // From the root down: the range of heads that holds this one, and its sibling at each step.
    let (mut first, mut size) = (1, len);
    let mut siblings = Vec::new();
    while size > 1 {
        let left = 1_u64 << (size - 1).ilog2();
        if counter - first < left {
            siblings.push(complete_subtrees(first + left, size - left));
            size = left;
        } else {
            siblings.push(complete_subtrees(first, left));
            (first, size) = (first + left, size - left);
        }
    }
    siblings.reverse();
    Some(siblings)
}

/// Splits a range of the log into complete subtrees, the largest first.
fn complete_subtrees(first: u64, size: u64) -> Vec<Subtree> {
    let mut before = first - 1;
    let levels = (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1);
    let subtree = |level| {
        before += 1_u64 << level;
        Subtree { level, last: before }
    };
    levels.map(subtree).collect()
}

/// Computes one hash of a proof from the roots of its complete subtrees, in the order of
/// [`proof_subtrees`]. Returns `None` if there is none.
pub fn proof_hash(subtrees: &[[u8; 32]]) -> Option<[u8; 32]> {
    join_all(subtrees)
}

/// Returns whether a proof shows that the head with this counter and hash is one of the first `len`
/// of the log with this root (RFC 9162, section 2.1.3.2).
pub fn is_included(counter: u64, head: &[u8; 32], len: u64, root: &[u8; 32], proof: &[[u8; 32]]) -> bool {
    if !(1..=len).contains(&counter) {
        return false;
    }
    let (mut at, mut last) = (counter - 1, len - 1);
    let mut hash = leaf(head);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = join(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = join(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests;
