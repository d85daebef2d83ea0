use super::records;
use crate::change::Change;
use crate::keyslot::Scope;
use crate::leaf::{Leaf, LeafId};
use crate::state::leaves::Leaves;

/// A removal may not leave fewer slots of a scope than this, unless there were fewer before.
const MIN_SLOTS: u64 = 2;

/// The number of slots of each scope.
#[derive(Clone, Copy, Default)]
struct Slots {
    root: u64,
    cold: u64,
}

impl Slots {
    fn count_mut(&mut self, scope: Scope) -> &mut u64 {
        match scope {
            Scope::Root => &mut self.root,
            Scope::Cold => &mut self.cold,
        }
    }
}

/// Allows new slots, removals of live slots, and record changes as in a write. At least one slot
/// must change. Afterwards both scopes have the same number of slots, so that every sign-in method
/// opens both roots, and enough of them remain that nobody is locked out.
pub(super) fn allowed(before: &Leaves, changes: &[Change]) -> bool {
    let mut had = Slots::default();
    for (_, leaf) in before.iter() {
        if let Leaf::Keyslot(slot) = leaf {
            *had.count_mut(slot.scope) += 1;
        }
    }
    let (mut slots, mut slots_changed) = (had, false);
    for change in changes {
        match change {
            Change::Keyslot(id, leaf) if !before.contains(LeafId::Keyslot(*id)) => {
                *slots.count_mut(leaf.scope) += 1;
                slots_changed = true;
            }
            Change::KeyslotRemoved(id) => {
                let Some(Leaf::Keyslot(slot)) = before.get(LeafId::Keyslot(*id)) else { return false };
                *slots.count_mut(slot.scope) -= 1;
                slots_changed = true;
            }
            other => {
                if records::check_change(before, other) != Some(true) {
                    return false;
                }
            }
        }
    }
    slots_changed
        && slots.root == slots.cold
        && slots.root >= had.root.min(MIN_SLOTS)
        && slots.cold >= had.cold.min(MIN_SLOTS)
}
