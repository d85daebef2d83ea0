use std::collections::BTreeSet;

use super::proposal::Proposal;
use super::records;
use crate::change::Change;
use crate::ids::RecordId;
use crate::leaf::{LeafId, RecordLeaf, ShareLeaf};
use crate::limits::is_valid_dealing;
use crate::state::leaves::Leaves;

/// Allows one record together with its shares: the first dealing, a resharing, or the removal of
/// all shares with the record.
pub(super) fn allowed(proposal: &Proposal<'_>, before: &Leaves) -> bool {
    let (mut records, mut added, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for change in proposal.changes {
        match change {
            Change::Record(..) | Change::Tombstone(..) => records.push(change),
            Change::Share(id, leaf) if !before.contains(LeafId::Share(*id)) => added.push(leaf),
            Change::ShareRemoved(id) => match before.share(*id) {
                Some(leaf) => removed.push(leaf),
                None => return false,
            },
            _ => return false,
        }
    }
    match records.as_slice() {
        [Change::Record(id, new)] => match before.record(*id) {
            None => removed.is_empty() && is_split(before, *id, new, &added),
            Some(old) => both_parts_changed(old, new) && is_refresh(before, *id, new, &removed, &added),
        },
        [Change::Tombstone(id, version)] => {
            added.is_empty()
                && are_all_shares(before, *id, &removed)
                && records::is_valid_deletion(before, proposal.vault, *id, *version)
        }
        _ => false,
    }
}

/// A new record gets its first shares, in a set that no record has.
fn is_split(before: &Leaves, id: RecordId, new: &RecordLeaf, added: &[&ShareLeaf]) -> bool {
    records::is_valid_write(before, id, new)
        && common_dealing(id, added)
            .is_some_and(|dealt| dealt.epoch == 1 && before.shares().all(|(_, live)| live.set != dealt.set))
}

/// A record's shares are replaced by those of a later dealing of the same set.
fn is_refresh(
    before: &Leaves,
    id: RecordId,
    new: &RecordLeaf,
    removed: &[&ShareLeaf],
    added: &[&ShareLeaf],
) -> bool {
    records::is_valid_write(before, id, new)
        && are_all_shares(before, id, removed)
        && common_dealing(id, added)
            .is_some_and(|dealt| removed.iter().all(|old| old.set == dealt.set && old.epoch < dealt.epoch))
}

/// Returns a share that represents the dealing if the shares form a complete one for this record:
/// `n` shares of the same dealing with distinct indices and distinct stores.
fn common_dealing<'a>(record: RecordId, added: &[&'a ShareLeaf]) -> Option<&'a ShareLeaf> {
    let first = *added.first()?;
    let (mut indices, mut stores) = (BTreeSet::new(), BTreeSet::new());
    let alike = added.iter().all(|share| {
        (share.record, share.set, share.epoch, share.k, share.n)
            == (record, first.set, first.epoch, first.k, first.n)
            && (1..=share.n).contains(&share.index)
            && indices.insert(share.index)
            && stores.insert(share.store)
    });
    let complete = is_valid_dealing(first.epoch, first.k, first.n) && added.len() == usize::from(first.n);
    (alike && complete).then_some(first)
}

/// Returns whether these are all live shares of the record, and at least one.
fn are_all_shares(before: &Leaves, id: RecordId, removed: &[&ShareLeaf]) -> bool {
    !removed.is_empty()
        && removed.iter().all(|share| share.record == id)
        && before.shares_of(id).count() == removed.len()
}

fn both_parts_changed(old: &RecordLeaf, new: &RecordLeaf) -> bool {
    new.overview_version != old.overview_version && new.secret_version != old.secret_version
}
