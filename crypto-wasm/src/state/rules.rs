//! Which changes an operation may make.

mod genesis;
mod records;
mod wallet;
mod ways;

use std::collections::BTreeSet;

use super::{Change, Leaves};
use crate::{DeviceId, FIRST_FORMAT, Leaf, LeafId, Op, Scope};

/// The object that a change is about: a record and its tombstone are one.
fn subject(change: &Change) -> LeafId {
    match change {
        Change::Tombstone(id, _) => LeafId::Record(*id),
        other => other.leaf().0,
    }
}

/// Whether the changes follow the table of operations, each object once.
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
            !changes.is_empty() && changes.iter().all(|change| records::follows(before, change) == Some(true))
        }
        Op::Join => match changes {
            [Change::Device(id, leaf)] => {
                *id == writer
                    && !before.contains(LeafId::Device(*id))
                    && is_root_slot(before.get(LeafId::Keyslot(leaf.added_by)))
            }
            _ => false,
        },
        Op::Ways => ways::allowed(before, changes),
        Op::Wallet => wallet::allowed(before, changes),
    }
}

fn is_root_slot(leaf: Option<&Leaf>) -> bool {
    matches!(leaf, Some(Leaf::Keyslot(slot)) if slot.scope == Scope::Root)
}
