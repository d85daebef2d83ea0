//! The sparse Merkle tree, whose root hash depends only on the set of leaves
//! (FORMAT.md, section 6).

use std::mem::take;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use crate::leaf::{Leaf, LeafId};

/// A set of leaf hashes, each at a position. Inner hashes are computed when the root is requested
/// and cached until something below them changes. One change costs one path, and many changes at
/// once cost each inner hash once. Clones share what is below until one of them changes it, so a
/// clone costs nothing and a change of it one path.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    root: Node,
    leaves: u64,
    branches: u64,
}

#[derive(Clone, Debug, Default)]
enum Node {
    #[default]
    Empty,
    Leaf {
        position: [u8; 32],
        hash: [u8; 32],
    },
    Branch(Arc<Branch>),
}

#[derive(Debug, Default)]
struct Branch {
    hash: OnceLock<[u8; 32]>,
    left: Node,
    right: Node,
}

impl Tree {
    /// Inserts a leaf hash at a position, replacing the previous one.
    pub fn insert(&mut self, position: [u8; 32], hash: [u8; 32]) {
        self.leaves += u64::from(self.root.insert(position, hash, 0, &mut self.branches));
    }

    /// Removes the leaf at a position. Does nothing if there is none.
    pub fn remove(&mut self, position: &[u8; 32]) {
        self.leaves -= u64::from(self.root.remove(position, 0, &mut self.branches));
    }

    /// Sets or removes the leaf of an object.
    pub(crate) fn set(&mut self, id: LeafId, leaf: Option<&Leaf>) {
        let position = id.position();
        match leaf {
            Some(leaf) => self.insert(position, leaf.hash(&position)),
            None => self.remove(&position),
        }
    }

    /// Returns the root hash.
    pub fn root(&self) -> [u8; 32] {
        self.root.hash()
    }

    /// Returns the number of leaves.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Returns the number of branches: 1.44 for each leaf (1 / ln 2), unless somebody has chosen
    /// ids whose positions begin alike.
    pub(crate) fn branches(&self) -> u64 {
        self.branches
    }
}

/// Returns the memory of a value that is shared by counting: with both counts and the word that an
/// allocator adds, rounded up to 16 bytes.
pub(crate) const fn shared_bytes(value: usize) -> usize {
    (value + 3 * size_of::<usize>()).next_multiple_of(16)
}

/// The memory of a branch.
pub(crate) const BYTES_OF_BRANCH: usize = shared_bytes(size_of::<Branch>());

impl Node {
    fn hash(&self) -> [u8; 32] {
        match self {
            Self::Empty => [0; 32],
            Self::Leaf { hash, .. } => *hash,
            Self::Branch(branch) => branch.hash(),
        }
    }

    /// Returns whether this added a leaf, as opposed to replacing one. Counts the branches that it
    /// adds.
    fn insert(&mut self, position: [u8; 32], hash: [u8; 32], depth: usize, branches: &mut u64) -> bool {
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
                *branches += 1;
                branch.below(there, depth).insert(*there, *theirs, depth + 1, branches);
                branch.below(&position, depth).insert(position, hash, depth + 1, branches);
                *self = Self::Branch(Arc::new(branch));
                true
            }
            Self::Branch(branch) => {
                Arc::make_mut(branch).below(&position, depth).insert(position, hash, depth + 1, branches)
            }
        }
    }

    /// Returns whether this removed a leaf. Counts the branches that it removes.
    fn remove(&mut self, position: &[u8; 32], depth: usize, branches: &mut u64) -> bool {
        match self {
            Self::Leaf { position: there, .. } if there == position => {
                *self = Self::Empty;
                true
            }
            Self::Branch(branch) => {
                let branch = Arc::make_mut(branch);
                let removed = branch.below(position, depth).remove(position, depth + 1, branches);
                if let Some(only) = branch.only_leaf() {
                    *branches -= 1;
                    *self = only;
                }
                removed
            }
            Self::Empty | Self::Leaf { .. } => false,
        }
    }
}

impl Clone for Branch {
    fn clone(&self) -> Self {
        #[cfg(test)]
        copies::add(1);
        Self { hash: self.hash.clone(), left: self.left.clone(), right: self.right.clone() }
    }
}

/// Counts what is copied, so that tests can tell what a change costs.
#[cfg(test)]
pub(crate) mod copies {
    use std::cell::Cell;

    thread_local! {
        static COPIED: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn add(more: usize) {
        COPIED.set(COPIED.get() + more);
    }

    /// Returns how many branches and leaves were copied while `work` ran.
    pub(crate) fn during<T>(work: impl FnOnce() -> T) -> (usize, T) {
        let before = COPIED.get();
        let result = work();
        (COPIED.get() - before, result)
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

    /// Returns the child on the side of a position, to be changed. Drops the cached hash.
    fn below(&mut self, position: &[u8; 32], depth: usize) -> &mut Node {
        self.hash.take();
        if bit(position, depth) { &mut self.right } else { &mut self.left }
    }

    /// Takes the single leaf out of a branch that has fewer than two, since a subtree with one leaf
    /// is that leaf.
    fn only_leaf(&mut self) -> Option<Node> {
        match (&self.left, &self.right) {
            (Node::Empty, Node::Empty | Node::Leaf { .. }) => Some(take(&mut self.right)),
            (Node::Leaf { .. }, Node::Empty) => Some(take(&mut self.left)),
            _ => None,
        }
    }
}

/// Returns bit `depth` of a position, counted from the most significant.
fn bit(position: &[u8; 32], depth: usize) -> bool {
    position[depth / 8] & (0x80 >> (depth % 8)) != 0
}

#[cfg(test)]
mod tests;
