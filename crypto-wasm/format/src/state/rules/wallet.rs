use std::collections::BTreeSet;

use super::records;
use crate::change::Change;
use crate::leaf::{Leaf, LeafId, RecordLeaf, ShareLeaf};
use crate::limits::is_valid_dealing;
use crate::state::leaves::Leaves;

/// Allows one record together with the shares of one set: the first dealing, a resharing, or the
/// removal of all shares with the record.
pub(super) fn allowed(before: &Leaves, changes: &[Change]) -> bool {
    let (mut records, mut added, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::Record(..) | Change::Tombstone(..) => records.push(change),
            Change::Share(id, leaf) if !before.contains(LeafId::Share(*id)) => added.push(leaf),
            Change::ShareRemoved(id) => match before.get(LeafId::Share(*id)) {
                Some(Leaf::Share(leaf)) => removed.push(leaf),
                _ => return false,
            },
            Change::Share(..) | Change::Device(..) | Change::Keyslot(..) | Change::KeyslotRemoved(..) => {
                return false;
            }
        }
    }
    let [record] = records.as_slice() else { return false };
    if records::check_change(before, record) != Some(true) {
        return false;
    }
    match record {
        Change::Record(id, new) => {
            let Some(dealt) = common_dealing(&added) else { return false };
            match before.get(LeafId::Record(*id)) {
                None => {
                    removed.is_empty() && dealt.epoch == 1 && before.shares_of(dealt.set).next().is_none()
                }
                Some(Leaf::Record(old)) => {
                    both_parts_changed(old, new)
                        && is_complete_set(before, &removed)
                        && removed
                            .iter()
                            .all(|old| old.set == dealt.set && old.epoch.checked_add(1) == Some(dealt.epoch))
                }
                Some(_) => false,
            }
        }
        _ => added.is_empty() && is_complete_set(before, &removed),
    }
}

/// Returns a share that represents the dealing if the shares form a complete one: `n` shares of the
/// same dealing with distinct indices and distinct stores.
fn common_dealing<'a>(added: &[&'a ShareLeaf]) -> Option<&'a ShareLeaf> {
    let first = *added.first()?;
    let (mut indices, mut stores) = (BTreeSet::new(), BTreeSet::new());
    let alike = added.iter().all(|share| {
        (share.set, share.epoch, share.k, share.n) == (first.set, first.epoch, first.k, first.n)
            && (1..=share.n).contains(&share.index)
            && indices.insert(share.index)
            && stores.insert(share.store)
    });
    let complete = is_valid_dealing(first.epoch, first.k, first.n) && added.len() == usize::from(first.n);
    (alike && complete).then_some(first)
}

/// Returns whether these are all live shares of one set, and at least one.
fn is_complete_set(before: &Leaves, removed: &[&ShareLeaf]) -> bool {
    removed.first().is_some_and(|first| {
        removed.iter().all(|share| share.set == first.set)
            && before.shares_of(first.set).count() == removed.len()
    })
}

fn both_parts_changed(old: &RecordLeaf, new: &RecordLeaf) -> bool {
    new.overview_version != old.overview_version && new.secret_version != old.secret_version
}
