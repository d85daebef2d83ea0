//! The Merkle tree over a vault's live leaves (FORMAT.md, section 6). It only contains hashes.

use sha2::{Digest, Sha256};

type Hash = [u8; 32];
type Link = Option<Box<Node>>;

/// A sparse Merkle tree that caches its inner hashes, so that a change recomputes only one path.
#[derive(Default)]
pub(super) struct Tree {
    root_node: Link,
    leaves: u64,
}

enum Node {
    Leaf { position: Hash, hash: Hash },
    Fork { hash: Hash, left: Link, right: Link },
}

impl Tree {
    /// Sets or removes the leaf at a position.
    pub(super) fn set(&mut self, position: Hash, leaf: Option<Hash>) {
        let (root_node, before) = insert_or_remove(self.root_node.take(), &position, leaf, 0);
        self.root_node = root_node;
        self.leaves = self.leaves + u64::from(leaf.is_some()) - u64::from(before);
    }

    pub(super) fn root(&self) -> Hash {
        hash(&self.root_node)
    }

    pub(super) fn leaves(&self) -> u64 {
        self.leaves
    }
}

/// Returns the changed subtree and whether there was a leaf at the position before.
fn insert_or_remove(node: Link, position: &Hash, leaf: Option<Hash>, depth: usize) -> (Link, bool) {
    match node.map(|node| *node) {
        None => (leaf.map(|hash| Box::new(Node::Leaf { position: *position, hash })), false),
        Some(Node::Leaf { position: existing, .. }) if existing == *position => {
            (leaf.map(|hash| Box::new(Node::Leaf { position: existing, hash })), true)
        }
        Some(Node::Leaf { position: existing, hash }) => {
            let other = Some(Box::new(Node::Leaf { position: existing, hash }));
            match leaf {
                None => (other, false),
                Some(_) => {
                    let (left, right) = if bit(&existing, depth) { (None, other) } else { (other, None) };
                    descend(left, right, position, leaf, depth)
                }
            }
        }
        Some(Node::Fork { left, right, .. }) => descend(left, right, position, leaf, depth),
    }
}

fn descend(left: Link, right: Link, position: &Hash, leaf: Option<Hash>, depth: usize) -> (Link, bool) {
    let (left, right, before) = if bit(position, depth) {
        let (right, before) = insert_or_remove(right, position, leaf, depth + 1);
        (left, right, before)
    } else {
        let (left, before) = insert_or_remove(left, position, leaf, depth + 1);
        (left, right, before)
    };
    (make_fork(left, right), before)
}

/// Joins two subtrees. A subtree with one leaf is that leaf, at any height.
fn make_fork(left: Link, right: Link) -> Link {
    let is_leaf = |link: &Link| matches!(link.as_deref(), Some(Node::Leaf { .. }));
    match (&left, &right) {
        (None, None) => None,
        (Some(_), None) if is_leaf(&left) => left,
        (None, Some(_)) if is_leaf(&right) => right,
        _ => {
            let digest = Sha256::new().chain_update([1]).chain_update(hash(&left)).chain_update(hash(&right));
            Some(Box::new(Node::Fork { hash: digest.finalize().into(), left, right }))
        }
    }
}

fn hash(link: &Link) -> Hash {
    match link.as_deref() {
        None => [0; 32],
        Some(Node::Leaf { hash, .. } | Node::Fork { hash, .. }) => *hash,
    }
}

/// Returns a bit of a position, counted from the most significant. Two different positions always
/// differ before they end.
fn bit(position: &Hash, depth: usize) -> bool {
    position.get(depth / 8).is_some_and(|byte| byte & (0x80 >> (depth % 8)) != 0)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use serde_json::Value;

    use super::*;

    fn bytes(value: &Value) -> Hash {
        HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn every_recorded_tree_has_its_root() {
        let text = include_str!("../../../../crypto-wasm/vectors/tree.json");
        let vectors: Value = serde_json::from_str(text).unwrap();
        let mut trees = 0;
        for vector in vectors["vectors"].as_array().unwrap() {
            if vector["expect"] != "accepted" {
                continue;
            }
            let mut tree = Tree::default();
            for leaf in vector["input"]["leaves"].as_array().unwrap() {
                tree.set(bytes(&leaf["position"]), Some(bytes(&leaf["leaf"])));
            }
            assert_eq!(tree.root(), bytes(&vector["input"]["root"]), "{}", vector["name"]);
            assert_eq!(tree.leaves(), vector["input"]["count"].as_u64().unwrap(), "{}", vector["name"]);
            trees += 1;
        }
        assert!(trees > 5);
    }

    #[test]
    fn a_removed_leaf_leaves_no_trace() {
        let position = |number: u8| -> Hash { Sha256::digest([number]).into() };
        let mut expected = Tree::default();
        for number in 0..40 {
            expected.set(position(number), Some([number; 32]));
        }
        let mut other = Tree::default();
        for number in (0..80).rev() {
            other.set(position(number), Some([255; 32]));
        }
        for number in 40..80 {
            other.set(position(number), None);
            other.set(position(number), None);
        }
        assert_ne!(other.root(), expected.root());
        for number in 0..40 {
            other.set(position(number), Some([number; 32]));
        }
        assert_eq!((other.root(), other.leaves()), (expected.root(), 40));
        for number in 0..40 {
            other.set(position(number), None);
        }
        assert_eq!((other.root(), other.leaves()), ([0; 32], 0));
    }
}
