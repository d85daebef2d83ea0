//! What was changed in the history of this device since it parted from the one of the server.

use std::collections::BTreeSet;

use crystallum_core::{DeviceId, RecordId, SlotId};
use crystallum_messages::VaultFailure;

use crate::local::heads::kept_changes;
use crate::ports::Ports;
use crate::vault::change::SealedChange;
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::Pending;
use crate::vault::verified_heads::KEPT_HEADS;

/// The changes of this device's own history, as far as it keeps them.
#[derive(Debug, Default)]
pub(super) struct OwnBranch {
    records: BTreeSet<RecordId>,
    /// Whether there are changes that are not kept, so that any record may be among them.
    has_gaps: bool,
    pub(super) removed_devices: BTreeSet<DeviceId>,
    pub(super) removed_slots: BTreeSet<SlotId>,
    /// Whether this device entered the vault with one of them.
    pub(super) has_joined: bool,
}

impl OwnBranch {
    /// Reads the changes after `common`, and the one that is not sent yet.
    pub(super) async fn read<P: Ports>(
        ports: &P,
        vault: &OpenVault,
        common: Option<u64>,
    ) -> Result<Self, VaultFailure> {
        // A device that entered after the histories parted has entered with its own.
        let mut branch = Self { has_joined: common.is_none(), ..Self::default() };
        let last = vault.counter();
        let first = common.unwrap_or(0).max(last.saturating_sub(u64::from(KEPT_HEADS)));
        branch.has_gaps = common != Some(first);
        for counter in first + 1..=last {
            match kept_changes(ports.store(), vault.id(), counter).await? {
                Some(changes) => changes.iter().for_each(|change| branch.note(change, vault.device)),
                None => branch.has_gaps = true,
            }
        }
        branch.records.extend(vault.pending.as_ref().and_then(Pending::record).map(|(id, _)| id));
        Ok(branch)
    }

    fn note(&mut self, change: &SealedChange, this: DeviceId) {
        match change {
            SealedChange::Record { id, .. } | SealedChange::Tombstone(id, _) => {
                self.records.insert(*id);
            }
            SealedChange::Device(id, _) => {
                self.removed_devices.remove(id);
                self.has_joined |= *id == this;
            }
            SealedChange::DeviceRemoved(id) => {
                self.removed_devices.insert(*id);
            }
            SealedChange::KeyslotRemoved(id) => {
                self.removed_slots.insert(*id);
            }
            SealedChange::Keyslot(..) | SealedChange::Share(..) | SealedChange::ShareRemoved(_) => {}
        }
    }

    /// Returns whether a record may have been changed.
    pub(super) fn has_changed(&self, id: RecordId) -> bool {
        self.has_gaps || self.records.contains(&id)
    }
}
