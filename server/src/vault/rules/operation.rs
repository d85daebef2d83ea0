//! Checks what each operation may change in a commit (FORMAT.md, "Heads"), as much as is possible
//! without a key.

use std::collections::HashSet;

use crystallum_api::{Change, Endpoint, Id};
use crystallum_format::head::Op;

/// Returns the endpoint through which an operation arrives. Each has one, so a session alone cannot
/// change the sign-in methods.
pub(super) fn endpoint_of(op: Op) -> Endpoint {
    match op {
        Op::Genesis => Endpoint::CreateAccount,
        Op::Write | Op::Join | Op::Wallet | Op::Devices => Endpoint::Commit,
        Op::SignInMethods => Endpoint::ChangeSignInMethods,
    }
}

/// The number of changes of each kind.
#[derive(Default)]
struct ChangeCounts {
    devices: usize,
    removed_devices: usize,
    slots: usize,
    removed_slots: usize,
    /// Records that are added or changed.
    records: usize,
    tombstones: usize,
    shares: usize,
    removed_shares: usize,
}

impl ChangeCounts {
    fn of(changes: &[Change]) -> Self {
        let mut count = Self::default();
        for change in changes {
            let field = match change {
                Change::Device { .. } => &mut count.devices,
                Change::DeviceGone { .. } => &mut count.removed_devices,
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
        self.devices
            + self.removed_devices
            + self.slots
            + self.removed_slots
            + self.shares
            + self.removed_shares
            == 0
    }
}

/// Returns whether the operation may make these changes, without considering the state before.
pub(crate) fn permits(op: Op, changes: &[Change]) -> bool {
    let count = ChangeCounts::of(changes);
    match op {
        Op::Genesis => {
            count.devices == 1
                && count.slots >= 1
                && count.removed_devices
                    + count.removed_slots
                    + count.tombstones
                    + count.shares
                    + count.removed_shares
                    == 0
        }
        Op::Write => count.only_records(),
        Op::Join => count.devices == 1 && changes.len() == 1,
        Op::SignInMethods => {
            count.slots + count.removed_slots >= 1
                && count.devices + count.removed_devices + count.shares + count.removed_shares == 0
        }
        Op::Devices => {
            count.devices + count.removed_devices >= 1
                && count.slots + count.removed_slots + count.shares + count.removed_shares == 0
        }
        Op::Wallet => {
            count.devices + count.removed_devices + count.slots + count.removed_slots == 0
                && count.records + count.tombstones == 1
                && count.shares + count.removed_shares >= 1
                && (count.shares == 0) == (count.tombstones == 1)
                && is_one_dealing(changes, count.shares)
        }
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
