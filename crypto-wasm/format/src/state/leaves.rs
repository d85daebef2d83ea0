//! The leaves of a state.

use crate::ids::{DeviceId, MethodId, RecordId, ShareId, SlotId};
use crate::keyslot::{Scope, SlotKind};
use crate::leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};
use crate::shared_map::{MapKey, SharedMap};
use crate::tree::Tree;

/// The live leaves and the tree over them, always in sync. A clone costs nothing, and a change of
/// it one path in each.
#[derive(Clone, Debug, Default)]
pub(in crate::state) struct Leaves {
    map: SharedMap<LeafId, Leaf>,
    /// The live shares by their record.
    shares: SharedMap<(RecordId, ShareId), ()>,
    tree: Tree,
}

/// Ordered as the ids are: by kind, then by id.
impl MapKey for LeafId {
    const LENGTH: usize = 17;

    fn byte(&self, at: usize) -> u8 {
        if at == 0 { self.kind() } else { self.as_bytes()[at - 1] }
    }
}

impl MapKey for (RecordId, ShareId) {
    const LENGTH: usize = 32;

    fn byte(&self, at: usize) -> u8 {
        if at < 16 { self.0.as_bytes()[at] } else { self.1.as_bytes()[at - 16] }
    }
}

impl Leaves {
    /// The memory of a leaf in both maps. It is in one of them unless it is a share.
    pub(in crate::state) const BYTES_OF_LEAF: usize =
        SharedMap::<LeafId, Leaf>::BYTES_OF_ENTRY + SharedMap::<(RecordId, ShareId), ()>::BYTES_OF_ENTRY;

    /// Sets or removes a leaf.
    pub(in crate::state) fn set(&mut self, id: LeafId, leaf: Option<Leaf>) {
        self.tree.set(id, leaf.as_ref());
        if let LeafId::Share(share) = id {
            if let Some(Leaf::Share(previous)) = self.map.get(&id) {
                self.shares.remove(&(previous.record, share));
            }
            if let Some(Leaf::Share(leaf)) = &leaf {
                self.shares.insert((leaf.record, share), ());
            }
        }
        match leaf {
            Some(leaf) => self.map.insert(id, leaf),
            None => self.map.remove(&id),
        }
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
        self.map.contains(&id)
    }

    pub(in crate::state) fn iter(&self) -> impl Iterator<Item = (LeafId, &Leaf)> {
        self.map.iter().map(|(id, leaf)| (*id, leaf))
    }

    /// Iterates over the live shares of a record, ordered by id.
    pub(in crate::state) fn shares_of(
        &self,
        record: RecordId,
    ) -> impl Iterator<Item = (ShareId, &ShareLeaf)> {
        let of_record = self.shares.sharing(&(record, ShareId::new([0; 16])), 16);
        of_record.filter_map(|((_, id), ())| Some((*id, self.share(*id)?)))
    }

    /// Iterates over all live shares, ordered by record.
    pub(in crate::state) fn shares(&self) -> impl Iterator<Item = (ShareId, &ShareLeaf)> {
        self.shares.iter().filter_map(|((_, id), ())| Some((*id, self.share(*id)?)))
    }

    /// Iterates over the live devices.
    pub(in crate::state) fn devices(&self) -> impl Iterator<Item = (DeviceId, &DeviceLeaf)> {
        let any = LeafId::Device(DeviceId::new([0; 16]));
        self.map.sharing(&any, 1).filter_map(|(id, leaf)| match (id, leaf) {
            (LeafId::Device(id), Leaf::Device(leaf)) => Some((*id, leaf)),
            _ => None,
        })
    }

    /// Iterates over the live keyslots, ordered by id.
    pub(in crate::state) fn keyslots(&self) -> impl Iterator<Item = (SlotId, &KeyslotLeaf)> {
        let any = LeafId::Keyslot(SlotId::new([0; 16]));
        self.map.sharing(&any, 1).filter_map(|(id, leaf)| match (id, leaf) {
            (LeafId::Keyslot(id), Leaf::Keyslot(leaf)) => Some((*id, leaf)),
            _ => None,
        })
    }

    /// Returns the kind of a sign-in method, if it is live. Its slot of scope [`Scope::Root`]
    /// tells, because both slots of a method come and go together. After a state that was taken
    /// without its past, this is the rule (FORMAT.md, section 7.5).
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
