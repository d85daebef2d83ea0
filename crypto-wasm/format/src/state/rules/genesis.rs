use std::collections::BTreeMap;

use crate::change::Change;
use crate::ids::DeviceId;
use crate::keyslot::Scope;
use crate::leaf::{Leaf, LeafId};

/// Allows exactly one device, which is the writer and was added by a root slot, at least one slot
/// of each scope, and records at version 1.
pub(super) fn allowed(writer: DeviceId, changes: &[Change]) -> bool {
    let slots: BTreeMap<LeafId, Leaf> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Keyslot(id, leaf) => Some((LeafId::Keyslot(*id), Leaf::Keyslot(*leaf))),
            _ => None,
        })
        .collect();
    let scope = |wanted| slots.values().any(|leaf| matches!(leaf, Leaf::Keyslot(s) if s.scope == wanted));
    let devices = changes.iter().filter(|change| matches!(change, Change::Device(..))).count();
    scope(Scope::Root)
        && scope(Scope::Cold)
        && devices == 1
        && changes.iter().all(|change| match change {
            Change::Device(id, leaf) => {
                *id == writer && slots.get(&LeafId::Keyslot(leaf.added_by)).is_some_and(Leaf::is_root_slot)
            }
            Change::Keyslot(..) => true,
            Change::Record(_, leaf) => leaf.overview_version == 1 && leaf.secret_version == 1,
            Change::KeyslotRemoved(..)
            | Change::Tombstone(..)
            | Change::Share(..)
            | Change::ShareRemoved(..) => false,
        })
}
