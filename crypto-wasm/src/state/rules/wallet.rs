use std::collections::BTreeSet;

use super::{Leaves, records};
use crate::wallet::dealt_well;
use crate::{Change, Leaf, LeafId, RecordLeaf, ShareLeaf};

/// One record, and the shares of one set: dealt for the first time, dealt anew, or given up.
pub(super) fn allowed(before: &Leaves, changes: &[Change]) -> bool {
    let (mut records, mut added, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::Record(..) | Change::Tombstone(..) => records.push(change),
            Change::Share(id, leaf) if !before.contains(LeafId::Share(*id)) => added.push(leaf),
            Change::ShareGone(id) => match before.get(LeafId::Share(*id)) {
                Some(Leaf::Share(leaf)) => removed.push(leaf),
                _ => return false,
            },
            Change::Share(..) | Change::Device(..) | Change::Keyslot(..) | Change::KeyslotGone(..) => {
                return false;
            }
        }
    }
    let [record] = records.as_slice() else { return false };
    if records::follows(before, record) != Some(true) {
        return false;
    }
    match record {
        Change::Record(id, new) => {
            let Some(dealt) = one_dealing(&added) else { return false };
            match before.get(LeafId::Record(*id)) {
                None => {
                    removed.is_empty() && dealt.epoch == 1 && before.shares_of(dealt.set).next().is_none()
                }
                Some(Leaf::Record(old)) => {
                    both_up(old, new)
                        && whole_set(before, &removed)
                        && removed
                            .iter()
                            .all(|old| old.set == dealt.set && old.epoch.checked_add(1) == Some(dealt.epoch))
                }
                Some(_) => false,
            }
        }
        _ => added.is_empty() && whole_set(before, &removed),
    }
}

/// What the shares of a whole dealing have in common: `n` of them, every index once, no store twice.
fn one_dealing<'a>(added: &[&'a ShareLeaf]) -> Option<&'a ShareLeaf> {
    let first = *added.first()?;
    let (mut indices, mut stores) = (BTreeSet::new(), BTreeSet::new());
    let alike = added.iter().all(|share| {
        (share.set, share.epoch, share.k, share.n) == (first.set, first.epoch, first.k, first.n)
            && (1..=share.n).contains(&share.index)
            && indices.insert(share.index)
            && stores.insert(share.store)
    });
    let whole = dealt_well(first.epoch, first.k, first.n) && added.len() == usize::from(first.n);
    (alike && whole).then_some(first)
}

/// Whether these are all live shares of one set, and at least one.
fn whole_set(before: &Leaves, removed: &[&ShareLeaf]) -> bool {
    removed.first().is_some_and(|first| {
        removed.iter().all(|share| share.set == first.set)
            && before.shares_of(first.set).count() == removed.len()
    })
}

fn both_up(old: &RecordLeaf, new: &RecordLeaf) -> bool {
    new.overview_version != old.overview_version && new.secret_version != old.secret_version
}
