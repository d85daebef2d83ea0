//! The leaves of a state.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{DeviceId, MethodId, RecordId, ShareId, SlotId};
use crate::keyslot::{Scope, SlotKind};
use crate::leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};
use crate::tree::Tree;

/// The live leaves and the tree over them, always in sync.
#[derive(Debug, Default)]
pub(in crate::state) struct Leaves {
    map: BTreeMap<LeafId, Leaf>,
    /// The live shares of each record that has any.
    shares: BTreeMap<RecordId, BTreeSet<ShareId>>,
    tree: Tree,
}

impl Clone for Leaves {
    fn clone(&self) -> Self {
        #[cfg(test)]
        crate::tree::copies::add(self.map.len());
        Self { map: self.map.clone(), shares: self.shares.clone(), tree: self.tree.clone() }
    }
}

impl Leaves {
    /// Sets or removes a leaf and returns the previous one.
    pub(in crate::state) fn set(&mut self, id: LeafId, leaf: Option<Leaf>) -> Option<Leaf> {
        self.tree.set(id, leaf.as_ref());
        let previous = match leaf {
            Some(leaf) => self.map.insert(id, leaf),
            None => self.map.remove(&id),
        };
        if let LeafId::Share(id) = id {
            if let Some(Leaf::Share(share)) = &previous
                && let Some(shares) = self.shares.get_mut(&share.record)
            {
                shares.remove(&id);
                if shares.is_empty() {
                    self.shares.remove(&share.record);
                }
            }
            if let Some(Leaf::Share(share)) = &leaf {
                self.shares.entry(share.record).or_default().insert(id);
            }
        }
        previous
    }

    pub(in crate::state) fn get(&self, id: LeafId) -> Option<&Leaf> {
        self.map.get(&id)
    }

    pub(in crate::state) fn record(&self, id: RecordId) -> Option<&RecordLeaf> {
        match self.map.get(&LeafId::Record(id)) {
            Some(Leaf::Record(leaf)) => Some(leaf),
            _ => None,
        }
    }

    pub(in crate::state) fn device(&self, id: DeviceId) -> Option<&DeviceLeaf> {
        match self.map.get(&LeafId::Device(id)) {
            Some(Leaf::Device(leaf)) => Some(leaf),
            _ => None,
        }
    }

    pub(in crate::state) fn share(&self, id: ShareId) -> Option<&ShareLeaf> {
        match self.map.get(&LeafId::Share(id)) {
            Some(Leaf::Share(leaf)) => Some(leaf),
            _ => None,
        }
    }

    pub(in crate::state) fn contains(&self, id: LeafId) -> bool {
        self.map.contains_key(&id)
    }

    pub(in crate::state) fn iter(&self) -> impl Iterator<Item = (LeafId, &Leaf)> {
        self.map.iter().map(|(id, leaf)| (*id, leaf))
    }

    /// Iterates over the live shares of a record, ordered by id.
    pub(in crate::state) fn shares_of(
        &self,
        record: RecordId,
    ) -> impl Iterator<Item = (ShareId, &ShareLeaf)> {
        self.shares.get(&record).into_iter().flatten().filter_map(|id| Some((*id, self.share(*id)?)))
    }

    /// Iterates over all live shares, ordered by record.
    pub(in crate::state) fn shares(&self) -> impl Iterator<Item = (ShareId, &ShareLeaf)> {
        self.shares.keys().flat_map(|record| self.shares_of(*record))
    }

    /// Iterates over the live devices.
    pub(in crate::state) fn devices(&self) -> impl Iterator<Item = (DeviceId, &DeviceLeaf)> {
        let first = LeafId::Device(DeviceId::new([0; 16]));
        self.map.range(first..).map_while(|(id, leaf)| match (id, leaf) {
            (LeafId::Device(id), Leaf::Device(leaf)) => Some((*id, leaf)),
            _ => None,
        })
    }

    /// Iterates over the live keyslots, ordered by id.
    pub(in crate::state) fn keyslots(&self) -> impl Iterator<Item = (SlotId, &KeyslotLeaf)> {
        let first = LeafId::Keyslot(SlotId::new([0; 16]));
        self.map.range(first..).map_while(|(id, leaf)| match (id, leaf) {
            (LeafId::Keyslot(id), Leaf::Keyslot(leaf)) => Some((*id, leaf)),
            _ => None,
        })
    }

    /// Returns the kind of a sign-in method, if it is live. Its slot of scope [`Scope::Root`]
    /// tells, because both slots of a method come and go together.
    pub(in crate::state) fn kind_of_method(&self, method: MethodId) -> Option<SlotKind> {
        let mut slots = self.keyslots().map(|(_, slot)| slot);
        slots.find(|slot| slot.method == method && slot.scope == Scope::Root).map(|slot| slot.kind)
    }

    pub(in crate::state) fn has_method(&self, method: MethodId) -> bool {
        self.kind_of_method(method).is_some()
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
