//! The leaves of a state.

use std::collections::BTreeMap;

use crate::ids::{ShareId, ShareSetId};
use crate::leaf::{Leaf, LeafId, ShareLeaf};
use crate::tree::Tree;

/// The live leaves and the tree over them, always in sync.
#[derive(Clone, Debug, Default)]
pub(in crate::state) struct Leaves {
    map: BTreeMap<LeafId, Leaf>,
    tree: Tree,
}

impl Leaves {
    /// Sets or removes a leaf and returns the previous one.
    pub(in crate::state) fn set(&mut self, id: LeafId, leaf: Option<Leaf>) -> Option<Leaf> {
        let position = id.position();
        match leaf {
            Some(leaf) => {
                self.tree.insert(position, leaf.hash(&position));
                self.map.insert(id, leaf)
            }
            None => {
                self.tree.remove(&position);
                self.map.remove(&id)
            }
        }
    }

    pub(in crate::state) fn get(&self, id: LeafId) -> Option<&Leaf> {
        self.map.get(&id)
    }

    pub(in crate::state) fn contains(&self, id: LeafId) -> bool {
        self.map.contains_key(&id)
    }

    pub(in crate::state) fn iter(&self) -> impl Iterator<Item = (LeafId, &Leaf)> {
        self.map.iter().map(|(id, leaf)| (*id, leaf))
    }

    /// Iterates over the shares of a set, ordered by id.
    pub(in crate::state) fn shares_of(&self, set: ShareSetId) -> impl Iterator<Item = (ShareId, &ShareLeaf)> {
        let first = LeafId::Share(ShareId::new([0; 16]));
        self.map.range(first..).filter_map(move |(id, leaf)| match (id, leaf) {
            (LeafId::Share(id), Leaf::Share(leaf)) if leaf.set == set => Some((*id, leaf)),
            _ => None,
        })
    }

    pub(in crate::state) fn tree(&self) -> &Tree {
        &self.tree
    }
}

impl FromIterator<(LeafId, Leaf)> for Leaves {
    fn from_iter<I: IntoIterator<Item = (LeafId, Leaf)>>(leaves: I) -> Self {
        let mut all = Self::default();
        for (id, leaf) in leaves {
            all.set(id, Some(leaf));
        }
        all
    }
}
