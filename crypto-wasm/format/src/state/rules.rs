//! Rules for which changes each operation may make (FORMAT.md, section 7).

mod devices;
mod genesis;
mod records;
mod sign_in_methods;
mod wallet;

use std::collections::BTreeSet;

use super::leaves::Leaves;
use crate::change::Change;
use crate::head::Op;
use crate::ids::{DeviceId, VaultId};
use crate::leaf::LeafId;
use crate::version::FIRST_FORMAT;

/// A head's operation and changes, and who makes them, before they are checked.
#[derive(Clone, Copy)]
pub(super) struct Proposal<'a> {
    pub(super) vault: VaultId,
    pub(super) writer: DeviceId,
    pub(super) op: Op,
    pub(super) changes: &'a [Change],
}

impl Proposal<'_> {
    /// Returns whether the changes follow the rules of the operation, change each object at most
    /// once, and name no device that cannot read the vault.
    pub(super) fn is_allowed(&self, before: &Leaves) -> bool {
        let mut seen = BTreeSet::new();
        let once = self.changes.iter().all(|change| seen.insert(subject(change)));
        let readable = self
            .changes
            .iter()
            .all(|change| !matches!(change, Change::Device(_, leaf) if leaf.max_format < FIRST_FORMAT));
        once && readable
            && match self.op {
                Op::Genesis => genesis::allowed(self.vault, self.writer, self.changes),
                Op::Write => {
                    !self.changes.is_empty()
                        && self.changes.iter().all(|change| self.allows_record_change(before, change))
                }
                Op::Join => devices::join_allowed(before, self.writer, self.changes),
                Op::SignInMethods => sign_in_methods::allowed(self, before),
                Op::Wallet => wallet::allowed(before, self.changes),
                Op::Devices => devices::allowed(self, before),
            }
    }

    /// Returns whether the change is one that a write may contain.
    fn allows_record_change(&self, before: &Leaves, change: &Change) -> bool {
        records::is_allowed(before, self.vault, change)
    }
}

/// Returns the object that a change is about. A record and its tombstone are the same object.
fn subject(change: &Change) -> LeafId {
    match change {
        Change::Tombstone(id, _) => LeafId::Record(*id),
        other => other.leaf().0,
    }
}
