//! Which changes an operation may make.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Leaves};
use crate::{DeviceId, FIRST_FORMAT, Leaf, LeafId, Op, RecordId, RecordLeaf, Scope};

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
    let is_root_slot =
        |leaf: Option<&Leaf>| matches!(leaf, Some(Leaf::Keyslot(slot)) if slot.scope == Scope::Root);
    match op {
        Op::Genesis => {
            let slots: BTreeMap<LeafId, Leaf> = changes
                .iter()
                .filter(|change| matches!(change, Change::Keyslot(..)))
                .map(Change::leaf)
                .collect();
            let scope =
                |wanted| slots.values().any(|leaf| matches!(leaf, Leaf::Keyslot(s) if s.scope == wanted));
            let devices = changes.iter().filter(|change| matches!(change, Change::Device(..))).count();
            scope(Scope::Root)
                && scope(Scope::Cold)
                && devices == 1
                && changes.iter().all(|change| match change {
                    Change::Device(id, leaf) => {
                        *id == writer && is_root_slot(slots.get(&LeafId::Keyslot(leaf.added_by)))
                    }
                    Change::Keyslot(..) => true,
                    Change::Record(_, leaf) => leaf.overview_version == 1 && leaf.secret_version == 1,
                    Change::Tombstone(..) => false,
                })
        }
        Op::Join => match changes {
            [Change::Device(id, leaf)] => {
                *id == writer
                    && !before.contains(LeafId::Device(*id))
                    && is_root_slot(before.get(LeafId::Keyslot(leaf.added_by)))
            }
            _ => false,
        },
        Op::Write => {
            !changes.is_empty()
                && changes.iter().all(|change| match change {
                    Change::Record(id, leaf) => record_follows(before, *id, leaf),
                    Change::Tombstone(id, version) => match before.get(LeafId::Record(*id)) {
                        Some(Leaf::Record(record)) => {
                            *version > record.overview_version && *version > record.secret_version
                        }
                        _ => false,
                    },
                    Change::Device(..) | Change::Keyslot(..) => false,
                })
        }
    }
}

/// A new record starts at version 1 of both parts; of a known one each part stays or goes up by one, and one of them does.
fn record_follows(before: &Leaves, id: RecordId, new: &RecordLeaf) -> bool {
    let Some(Leaf::Record(old)) = before.get(LeafId::Record(id)) else {
        return !before.contains(LeafId::Tombstone(id))
            && new.overview_version == 1
            && new.secret_version == 1;
    };
    let overview_stays =
        (new.overview_version, new.overview_hash) == (old.overview_version, old.overview_hash);
    let secret_stays = (new.secret_version, new.secret_hash) == (old.secret_version, old.secret_hash);
    let overview_up = old.overview_version.checked_add(1) == Some(new.overview_version);
    let secret_up = old.secret_version.checked_add(1) == Some(new.secret_version);
    (overview_stays || overview_up) && (secret_stays || secret_up) && !(overview_stays && secret_stays)
}
