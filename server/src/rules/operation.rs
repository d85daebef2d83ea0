//! What each operation may change in a commit (FORMAT.md, "Heads"), as far as it can be checked
//! without a key.

use std::collections::HashSet;

use crystallum_api::{Change, Id};

use super::Endpoint;

/// The number of changes of each kind.
#[derive(Default)]
pub(crate) struct ChangeCounts {
    pub(crate) devices: usize,
    pub(crate) slots: usize,
    pub(crate) removed_slots: usize,
    /// Records that are added or changed.
    pub(crate) records: usize,
    pub(crate) tombstones: usize,
    pub(crate) shares: usize,
    pub(crate) removed_shares: usize,
}

impl ChangeCounts {
    pub(crate) fn of(changes: &[Change]) -> Self {
        let mut count = Self::default();
        for change in changes {
            let field = match change {
                Change::Device { .. } => &mut count.devices,
                Change::Keyslot { .. } => &mut count.slots,
                Change::KeyslotGone { .. } => &mut count.removed_slots,
                Change::Record { .. } => &mut count.records,
                Change::Tombstone { .. } => &mut count.tombstones,
                Change::Share { .. } => &mut count.shares,
                Change::ShareGone { .. } => &mut count.removed_shares,
            };
            *field += 1;
        }
        count
    }

    /// Returns whether only records change.
    fn only_records(&self) -> bool {
        self.devices + self.slots + self.removed_slots + self.shares + self.removed_shares == 0
    }
}

/// Returns whether the operation may arrive through this endpoint with these changes.
pub(super) fn allows(op: u8, endpoint: Endpoint, changes: &[Change]) -> bool {
    let count = ChangeCounts::of(changes);
    match (endpoint, op) {
        (Endpoint::Accounts, 1) => {
            count.devices == 1
                && count.slots >= 1
                && count.removed_slots + count.tombstones + count.shares + count.removed_shares == 0
        }
        (Endpoint::Commit, 2) => count.only_records(),
        (Endpoint::Commit, 3) => count.devices == 1 && changes.len() == 1,
        (Endpoint::SignInMethods, 5) => {
            count.slots + count.removed_slots >= 1 && count.devices + count.shares + count.removed_shares == 0
        }
        (Endpoint::Commit, 6) => {
            count.devices + count.slots + count.removed_slots == 0
                && count.records + count.tombstones == 1
                && count.shares + count.removed_shares >= 1
                && (count.shares == 0) == (count.tombstones == 1)
                && is_one_dealing(changes, count.shares)
        }
        _ => false,
    }
}

/// Returns whether the added shares form one dealing: every index appears once, and no store twice.
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
