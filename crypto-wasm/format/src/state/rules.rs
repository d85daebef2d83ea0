//! Rules for which changes each operation may make (FORMAT.md, section 7).

mod genesis;
mod records;
mod sign_in_methods;
mod wallet;

use std::collections::BTreeSet;

use super::leaves::Leaves;
use crate::change::Change;
use crate::head::Op;
use crate::ids::DeviceId;
use crate::leaf::{Leaf, LeafId};
use crate::version::FIRST_FORMAT;

/// Returns the object that a change is about. A record and its tombstone are the same object.
fn subject(change: &Change) -> LeafId {
    match change {
        Change::Tombstone(id, _) => LeafId::Record(*id),
        other => other.leaf().0,
    }
}

/// Returns whether the changes follow the rules of the operation and change each object at most
/// once.
pub(super) fn allowed(before: &Leaves, op: Op, writer: DeviceId, changes: &[Change]) -> bool {
    let mut seen = BTreeSet::new();
    if !changes.iter().all(|change| seen.insert(subject(change))) {
        return false;
    }
    let reads_something =
        |change: &Change| !matches!(change, Change::Device(_, leaf) if leaf.max_format < FIRST_FORMAT);
    if !changes.iter().all(reads_something) {
        return false;
    }
    match op {
        Op::Genesis => genesis::allowed(writer, changes),
        Op::Write => {
            !changes.is_empty()
                && changes.iter().all(|change| records::check_change(before, change) == Some(true))
        }
        Op::Join => match changes {
            [Change::Device(id, leaf)] => {
                *id == writer
                    && !before.contains(LeafId::Device(*id))
                    && before.get(LeafId::Keyslot(leaf.added_by)).is_some_and(Leaf::is_root_slot)
            }
            _ => false,
        },
        Op::SignInMethods => sign_in_methods::allowed(before, changes),
        Op::Wallet => wallet::allowed(before, changes),
    }
}
