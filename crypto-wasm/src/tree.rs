//! The sparse Merkle tree: a root hash that depends on the set of leaves alone (FORMAT.md, section 6).

use sha2::{Digest, Sha256};

/// A set of positioned leaf hashes, with every inner hash kept, so that a change costs one path.
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

#[derive(Clone, Debug)]
struct Branch {
    hash: [u8; 32],
    left: Node,
    right: Node,
}

impl Tree {
    /// Puts a leaf hash at a position, in place of what was there.
    pub fn insert(&mut self, position: [u8; 32], hash: [u8; 32]) {
        let root = std::mem::take(&mut self.root);
        let added;
        (self.root, added) = root.insert(position, hash, 0);
        self.leaves += u64::from(added);
    }

    /// Takes the leaf at a position away; nothing happens when there is none.
    pub fn remove(&mut self, position: &[u8; 32]) {
        let root = std::mem::take(&mut self.root);
        let removed;
        (self.root, removed) = root.remove(position, 0);
        self.leaves -= u64::from(removed);
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
            Self::Branch(branch) => branch.hash,
        }
    }

    /// The node with the leaf, and whether it is one more.
    fn insert(self, position: [u8; 32], hash: [u8; 32], depth: usize) -> (Self, bool) {
        match self {
            Self::Empty => (Self::Leaf { position, hash }, true),
            Self::Leaf { position: there, .. } if there == position => (Self::Leaf { position, hash }, false),
            Self::Leaf { position: there, hash: theirs } => {
                let (branch, _) = Self::branch(Self::Empty, Self::Empty).insert(there, theirs, depth);
                branch.insert(position, hash, depth)
            }
            Self::Branch(branch) => {
                let Branch { left, right, .. } = *branch;
                if bit(&position, depth) {
                    let (right, added) = right.insert(position, hash, depth + 1);
                    (Self::branch(left, right), added)
                } else {
                    let (left, added) = left.insert(position, hash, depth + 1);
                    (Self::branch(left, right), added)
                }
            }
        }
    }

    /// The node without the leaf, and whether it was there.
    fn remove(self, position: &[u8; 32], depth: usize) -> (Self, bool) {
        match self {
            Self::Leaf { position: there, .. } if there == *position => (Self::Empty, true),
            Self::Branch(branch) => {
                let Branch { left, right, .. } = *branch;
                let (left, right, removed) = if bit(position, depth) {
                    let (right, removed) = right.remove(position, depth + 1);
                    (left, right, removed)
                } else {
                    let (left, removed) = left.remove(position, depth + 1);
                    (left, right, removed)
                };
                (Self::joined(left, right), removed)
            }
            other => (other, false),
        }
    }

    /// A subtree with one leaf is that leaf; with none it is empty.
    fn joined(left: Self, right: Self) -> Self {
        match (left, right) {
            (Self::Empty, only @ (Self::Empty | Self::Leaf { .. })) => only,
            (only @ Self::Leaf { .. }, Self::Empty) => only,
            (left, right) => Self::branch(left, right),
        }
    }

    fn branch(left: Self, right: Self) -> Self {
        let hash = Sha256::new()
            .chain_update([1])
            .chain_update(left.hash())
            .chain_update(right.hash())
            .finalize()
            .into();
        Self::Branch(Box::new(Branch { hash, left, right }))
    }
}

/// Bit `depth` of a position, from the most significant.
fn bit(position: &[u8; 32], depth: usize) -> bool {
    position[depth / 8] & (0x80 >> (depth % 8)) != 0
}

#[cfg(test)]
mod tests;
