//! What each operation may change, from the table in FORMAT.md, section 7.

use std::collections::HashSet;

use crystallum_api::{Change, Id};

use super::Vault;
use crate::rules::{ChangeCounts, object_key};

pub(super) const GENESIS: u8 = 1;
const WRITE: u8 = 2;
const JOIN: u8 = 3;
const SIGN_IN_METHODS: u8 = 5;
const WALLET: u8 = 6;

/// Returns whether this version knows the operation.
pub(super) fn is_known(op: u8) -> bool {
    matches!(op, GENESIS | WRITE | JOIN | SIGN_IN_METHODS | WALLET)
}

/// Returns whether `writer` may make these changes with operation `op` in the state `before`.
pub(super) fn allows(op: u8, writer: Id, changes: &[Change], before: &Vault) -> bool {
    let mut seen = HashSet::new();
    if !changes.iter().all(|change| seen.insert(object_key(change)) && has_valid_numbers(change)) {
        return false;
    }
    let ChangeCounts { devices, slots, removed_slots, records, tombstones, shares, removed_shares } =
        ChangeCounts::of(changes);
    match op {
        GENESIS => {
            devices == 1
                && tombstones + removed_slots + shares + removed_shares == 0
                && has_slot(changes, 1)
                && has_slot(changes, 2)
                && adds_writer_by_root_slot(writer, changes, before)
        }
        WRITE => records + tombstones > 0 && records + tombstones == changes.len(),
        JOIN => devices == 1 && changes.len() == 1 && adds_writer_by_root_slot(writer, changes, before),
        SIGN_IN_METHODS => slots + removed_slots > 0 && devices + shares + removed_shares == 0,
        WALLET => {
            records + tombstones == 1
                && shares + removed_shares > 0
                && devices + slots + removed_slots == 0
                && (records == 1) == (shares > 0)
                && is_valid_dealing(changes, before)
        }
        _ => false,
    }
}

/// Returns whether the numbers of keyslots are allowed after a change of sign-in methods: both
/// scopes have the same number, which is at least two or not lower than before.
pub(super) fn keeps_enough_slots(op: u8, before: [usize; 2], after: [usize; 2]) -> bool {
    let required = before[0].min(before[1]).min(2);
    op != SIGN_IN_METHODS || (after[0] == after[1] && after[0] >= required)
}

/// Returns whether all numbers in a change are in the range that the format allows.
fn has_valid_numbers(change: &Change) -> bool {
    match change {
        Change::Keyslot { slot_kind, scope, .. } => matches!(slot_kind, 1 | 3) && matches!(scope, 1 | 2),
        Change::Device { max_format, .. } => *max_format >= 1,
        Change::Share { epoch, k, n, index, .. } => {
            *epoch >= 1 && *k >= 2 && k <= n && *n <= 16 && (1..=*n).contains(index)
        }
        _ => true,
    }
}

fn has_slot(changes: &[Change], wanted: u8) -> bool {
    changes.iter().any(|change| matches!(change, Change::Keyslot { scope, .. } if *scope == wanted))
}

/// Returns whether the changes add one device, which is the writer and joined with a root keyslot.
fn adds_writer_by_root_slot(writer: Id, changes: &[Change], before: &Vault) -> bool {
    let is_root = |slot: &Id| {
        before.slots.get(slot) == Some(&1)
            || changes
                .iter()
                .any(|change| matches!(change, Change::Keyslot { id, scope: 1, .. } if id == slot))
    };
    changes.iter().any(
        |change| matches!(change, Change::Device { id, added_by, .. } if *id == writer && is_root(added_by)),
    )
}

/// Returns whether the changes are a split, a refresh, or a removal of one share set.
fn is_valid_dealing(changes: &[Change], before: &Vault) -> bool {
    let removed_ids: HashSet<Id> = changes
        .iter()
        .filter_map(|change| if let Change::ShareGone { id } = change { Some(*id) } else { None })
        .collect();
    let Some(removed) = removed_ids.iter().map(|id| before.shares.get(id)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let (mut indexes, mut stores) = (HashSet::new(), HashSet::new());
    let mut dealing = None;
    for change in changes {
        if let Change::Share { set, epoch, k, n, index, store, .. } = change {
            let same = *dealing.get_or_insert((*set, *epoch, *k, *n)) == (*set, *epoch, *k, *n);
            if !(same && indexes.insert(*index) && stores.insert(*store)) {
                return false;
            }
        }
    }
    let last = removed.first().map(|share| (share.set, share.epoch));
    let Some(set) = dealing.map(|(set, ..)| set).or(last.map(|(set, _)| set)) else { return false };
    let all_removed =
        before.shares.iter().filter(|(_, share)| share.set == set).all(|(id, _)| removed_ids.contains(id));
    let of_one_set = removed.iter().all(|share| Some((share.set, share.epoch)) == last && share.set == set);
    all_removed
        && of_one_set
        && dealing.is_none_or(|(_, epoch, _, n)| {
            let expected = last.map_or(Some(1), |(_, epoch)| epoch.checked_add(1));
            indexes.len() == usize::from(n)
                && Some(epoch) == expected
                && writes_record(last.is_none(), changes, before)
        })
}

/// Returns whether a split creates the record, or a refresh writes both its parts.
fn writes_record(split: bool, changes: &[Change], before: &Vault) -> bool {
    changes.iter().any(|change| {
        matches!(change, Change::Record { id, overview: Some(_), secret: Some(_) }
            if split != before.records.contains_key(id))
    })
}
