use super::{Leaves, records};
use crate::{Change, Leaf, LeafId, Scope};

/// The fewest slots of a scope that removing may leave.
const FEWEST: u64 = 2;

/// How many slots there are of each scope.
#[derive(Clone, Copy, Default)]
struct Slots {
    root: u64,
    cold: u64,
}

impl Slots {
    fn of(&mut self, scope: Scope) -> &mut u64 {
        match scope {
            Scope::Root => &mut self.root,
            Scope::Cold => &mut self.cold,
        }
    }
}

/// New slots in, live ones out, records as in a write. Afterwards both scopes have as many slots, and nobody is locked out.
pub(super) fn allowed(before: &Leaves, changes: &[Change]) -> bool {
    let mut had = Slots::default();
    for (_, leaf) in before.iter() {
        if let Leaf::Keyslot(slot) = leaf {
            *had.of(slot.scope) += 1;
        }
    }
    let (mut slots, mut touched) = (had, false);
    for change in changes {
        match change {
            Change::Keyslot(id, leaf) if !before.contains(LeafId::Keyslot(*id)) => {
                *slots.of(leaf.scope) += 1;
                touched = true;
            }
            Change::KeyslotGone(id) => {
                let Some(Leaf::Keyslot(slot)) = before.get(LeafId::Keyslot(*id)) else { return false };
                *slots.of(slot.scope) -= 1;
                touched = true;
            }
            other => {
                if records::follows(before, other) != Some(true) {
                    return false;
                }
            }
        }
    }
    touched
        && slots.root == slots.cold
        && slots.root >= had.root.min(FEWEST)
        && slots.cold >= had.cold.min(FEWEST)
}
