//! Changes of objects, by which one state becomes the next (FORMAT.md, section 7).

use crate::ids::{DeviceId, RecordId, ShareId, SlotId};
use crate::leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};

/// The change of one object between two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A device joins the vault, or reads a higher format from now on; this is its new leaf.
    Device(DeviceId, DeviceLeaf),
    /// A device is removed.
    DeviceRemoved(DeviceId),
    /// A keyslot of a sign-in method is added.
    Keyslot(SlotId, KeyslotLeaf),
    /// A keyslot of a sign-in method is removed.
    KeyslotRemoved(SlotId),
    /// A record is added or changed; this is its new leaf.
    Record(RecordId, RecordLeaf),
    /// A record is deleted; the number is the version of its tombstone.
    Tombstone(RecordId, u64),
    /// A share of a wallet's key is added.
    Share(ShareId, ShareLeaf),
    /// A share of a wallet's key is removed.
    ShareRemoved(ShareId),
}

impl Change {
    /// Returns the object's leaf id and the leaf after the change, `None` if the object is removed.
    pub fn leaf(&self) -> (LeafId, Option<Leaf>) {
        match *self {
            Self::Device(id, leaf) => (LeafId::Device(id), Some(Leaf::Device(leaf))),
            Self::DeviceRemoved(id) => (LeafId::Device(id), None),
            Self::Keyslot(id, leaf) => (LeafId::Keyslot(id), Some(Leaf::Keyslot(leaf))),
            Self::KeyslotRemoved(id) => (LeafId::Keyslot(id), None),
            Self::Record(id, leaf) => (LeafId::Record(id), Some(Leaf::Record(leaf))),
            Self::Tombstone(id, version) => (LeafId::Tombstone(id), Some(Leaf::Tombstone { version })),
            Self::Share(id, leaf) => (LeafId::Share(id), Some(Leaf::Share(leaf))),
            Self::ShareRemoved(id) => (LeafId::Share(id), None),
        }
    }
}
