//! What the operation in a head lets a commit change (FORMAT.md, "Heads"), as far as it shows without a key.

use std::collections::HashSet;

use crystallum_api::{Change, Id};

use super::Via;

/// How many changes there are of each kind.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) devices: usize,
    pub(crate) slots: usize,
    pub(crate) slots_gone: usize,
    /// Records added or changed.
    pub(crate) records: usize,
    pub(crate) tombstones: usize,
    pub(crate) shares: usize,
    pub(crate) shares_gone: usize,
}

impl Count {
    pub(crate) fn of(changes: &[Change]) -> Self {
        let mut count = Self::default();
        for change in changes {
            let field = match change {
                Change::Device { .. } => &mut count.devices,
                Change::Keyslot { .. } => &mut count.slots,
                Change::KeyslotGone { .. } => &mut count.slots_gone,
                Change::Record { .. } => &mut count.records,
                Change::Tombstone { .. } => &mut count.tombstones,
                Change::Share { .. } => &mut count.shares,
                Change::ShareGone { .. } => &mut count.shares_gone,
            };
            *field += 1;
        }
        count
    }

    /// Records alone.
    fn writes(&self) -> bool {
        self.devices + self.slots + self.slots_gone + self.shares + self.shares_gone == 0
    }
}

/// Whether commits of this operation come by this call and change this.
pub(super) fn fits(op: u8, via: Via, changes: &[Change]) -> bool {
    let count = Count::of(changes);
    match (via, op) {
        (Via::Accounts, 1) => {
            count.devices == 1
                && count.slots >= 1
                && count.slots_gone + count.tombstones + count.shares + count.shares_gone == 0
        }
        (Via::Commit, 2) => count.writes(),
        (Via::Commit, 3) => count.devices == 1 && changes.len() == 1,
        (Via::Ways, 5) => {
            count.slots + count.slots_gone >= 1 && count.devices + count.shares + count.shares_gone == 0
        }
        (Via::Commit, 6) => {
            count.devices + count.slots + count.slots_gone == 0
                && count.records + count.tombstones == 1
                && count.shares + count.shares_gone >= 1
                && (count.shares == 0) == (count.tombstones == 1)
                && is_one_dealing(changes, count.shares)
        }
        _ => false,
    }
}

/// Whether the added shares are those of one dealing: every index once, no store twice.
fn is_one_dealing(changes: &[Change], shares: usize) -> bool {
    let mut dealing: Option<(Id, u32, u8, u8)> = None;
    let (mut indexes, mut stores) = (HashSet::new(), HashSet::new());
    changes.iter().all(|change| {
        let Change::Share { set, epoch, k, n, index, store, .. } = change else { return true };
        *dealing.get_or_insert((*set, *epoch, *k, *n)) == (*set, *epoch, *k, *n)
            && usize::from(*n) == shares
            && indexes.insert(*index)
            && stores.insert(*store)
    })
}
