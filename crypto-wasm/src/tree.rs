//! The sparse Merkle tree: a root hash that depends on the set of leaves alone (FORMAT.md, section 6).

use std::mem::take;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

/// A set of positioned leaf hashes. An inner hash is computed when the root is asked for and kept until something below it changes, so that
/// one change costs one path, and many at once cost every inner hash once.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    root: Node,
    leaves: u64,
}

#[derive(Clone, Debug, Default)]
enum Node {
    #[default]
    Empty,
    Leaf {
        position: [u8; 32],
        hash: [u8; 32],
    },
    Branch(Box<Branch>),
}

#[derive(Clone, Debug, Default)]
struct Branch {
    hash: OnceLock<[u8; 32]>,
    left: Node,
    right: Node,
}

impl Tree {
    /// Puts a leaf hash at a position, in place of what was there.
    pub fn insert(&mut self, position: [u8; 32], hash: [u8; 32]) {
        self.leaves += u64::from(self.root.insert(position, hash, 0));
    }

    /// Takes the leaf at a position away; nothing happens when there is none.
    pub fn remove(&mut self, position: &[u8; 32]) {
        self.leaves -= u64::from(self.root.remove(position, 0));
    }

    /// The root hash.
    pub fn root(&self) -> [u8; 32] {
        self.root.hash()
    }

    /// How many leaves there are.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }
}

impl Node {
    fn hash(&self) -> [u8; 32] {
        match self {
            Self::Empty => [0; 32],
            Self::Leaf { hash, .. } => *hash,
            Self::Branch(branch) => branch.hash(),
        }
    }

    /// Whether there is one leaf more now.
    fn insert(&mut self, position: [u8; 32], hash: [u8; 32], depth: usize) -> bool {
        match self {
            Self::Empty => {
                *self = Self::Leaf { position, hash };
                true
            }
            Self::Leaf { position: there, hash: old } if *there == position => {
                *old = hash;
                false
            }
            Self::Leaf { position: there, hash: theirs } => {
                let mut branch = Branch::default();
                branch.below(there, depth).insert(*there, *theirs, depth + 1);
                branch.below(&position, depth).insert(position, hash, depth + 1);
                *self = Self::Branch(Box::new(branch));
                true
            }
            Self::Branch(branch) => branch.below(&position, depth).insert(position, hash, depth + 1),
        }
    }

    /// Whether there is one leaf less now.
    fn remove(&mut self, position: &[u8; 32], depth: usize) -> bool {
        match self {
            Self::Leaf { position: there, .. } if there == position => {
                *self = Self::Empty;
                true
            }
            Self::Branch(branch) => {
                let removed = branch.below(position, depth).remove(position, depth + 1);
                if let Some(only) = branch.only_leaf() {
                    *self = only;
                }
                removed
            }
            Self::Empty | Self::Leaf { .. } => false,
        }
    }
}

impl Branch {
    fn hash(&self) -> [u8; 32] {
        *self.hash.get_or_init(|| {
            let hash = Sha256::new()
                .chain_update([1])
                .chain_update(self.left.hash())
                .chain_update(self.right.hash())
                .finalize();
            hash.into()
        })
    }

    /// The side on which a position lies, to be changed.
    fn below(&mut self, position: &[u8; 32], depth: usize) -> &mut Node {
        self.hash.take();
        if bit(position, depth) { &mut self.right } else { &mut self.left }
    }

    /// What a branch with less than two leaves comes to: a subtree with one leaf is that leaf.
    fn only_leaf(&mut self) -> Option<Node> {
        match (&self.left, &self.right) {
            (Node::Empty, Node::Empty | Node::Leaf { .. }) => Some(take(&mut self.right)),
            (Node::Leaf { .. }, Node::Empty) => Some(take(&mut self.left)),
            _ => None,
        }
    }
}

/// Bit `depth` of a position, from the most significant.
fn bit(position: &[u8; 32], depth: usize) -> bool {
    position[depth / 8] & (0x80 >> (depth % 8)) != 0
}

#[cfg(test)]
mod tests;
