use super::records;
use crate::change::Change;
use crate::head::Op;
use crate::ids::{DeviceId, VaultId};
use crate::state::leaves::Leaves;

/// A head's operation and changes, and who makes them, before they are checked.
#[derive(Clone, Copy)]
pub(in crate::state) struct Proposal<'a> {
    pub(in crate::state) vault: VaultId,
    pub(in crate::state) writer: DeviceId,
    pub(in crate::state) op: Op,
    pub(in crate::state) changes: &'a [Change],
}

impl Proposal<'_> {
    /// Returns whether the change is one that a write may contain.
    pub(super) fn allows_record_change(&self, before: &Leaves, change: &Change) -> bool {
        records::is_allowed(before, self.vault, change)
    }
}
