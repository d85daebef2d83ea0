use std::collections::{BTreeMap, BTreeSet};

use super::proposal::Proposal;
use crate::change::Change;
use crate::ids::MethodId;
use crate::keyslot::{Scope, SlotKind};
use crate::leaf::{KeyslotLeaf, Leaf, LeafId};
use crate::state::leaves::Leaves;

/// A removal may not leave fewer sign-in methods than this, unless there were fewer before.
const MIN_METHODS: usize = 2;

/// Groups keyslots by sign-in method. Returns `None` unless every method has exactly two slots, one
/// of each scope and both of the same kind.
pub(super) fn complete_methods(slots: &[&KeyslotLeaf]) -> Option<BTreeMap<MethodId, SlotKind>> {
    let of = |scope| slots.iter().filter(move |slot| slot.scope == scope);
    let by_method = |scope| of(scope).map(|slot| (slot.method, slot.kind)).collect::<BTreeMap<_, _>>();
    let (roots, colds) = (by_method(Scope::Root), by_method(Scope::Cold));
    // A method with two slots of one scope makes a map smaller than the slots that went into it.
    (roots == colds && slots.len() == 2 * roots.len()).then_some(roots)
}

/// Allows new sign-in methods, removals of live ones, and record changes as in a write. At least
/// one method must change, and enough of them remain that nobody is locked out.
pub(super) fn allowed(proposal: &Proposal<'_>, before: &Leaves) -> bool {
    let (mut added, mut removed, mut removed_ids) = (Vec::new(), Vec::new(), BTreeSet::new());
    for change in proposal.changes {
        match change {
            Change::Keyslot(id, leaf) if !before.contains(LeafId::Keyslot(*id)) => added.push(leaf),
            Change::KeyslotRemoved(id) => match before.get(LeafId::Keyslot(*id)) {
                Some(Leaf::Keyslot(leaf)) => {
                    removed.push(leaf);
                    removed_ids.insert(*id);
                }
                _ => return false,
            },
            other if proposal.allows_record_change(before, other) => {}
            _ => return false,
        }
    }
    let (Some(new), Some(gone)) = (complete_methods(&added), complete_methods(&removed)) else {
        return false;
    };
    // Counted by their ids: in a state that was taken without its past, a method may have more than
    // one slot of a scope, and lose one.
    let roots = || before.keyslots().filter(|(_, slot)| slot.scope == Scope::Root);
    let had: BTreeSet<MethodId> = roots().map(|(_, slot)| slot.method).collect();
    let stay = roots().filter(|(id, _)| !removed_ids.contains(id)).map(|(_, slot)| slot.method);
    let left: BTreeSet<MethodId> = stay.chain(new.keys().copied()).collect();
    !(new.is_empty() && gone.is_empty())
        && new.keys().all(|method| !had.contains(method))
        && left.len() >= had.len().min(MIN_METHODS)
}
