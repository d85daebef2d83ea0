//! Whether the open vault is in sync, and the alarm after which nothing is written any more.

use crystallum_messages::{Alarm, Event, SyncState, VaultFailure};

use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;

pub(crate) fn set_sync_state<P: Ports>(ports: &P, vault: &mut OpenVault, sync: SyncState) {
    if vault.sync != sync {
        vault.sync = sync;
        ports.emit(Event::Sync(sync));
    }
}

/// Raises an alarm, after which nothing is written any more.
pub(crate) fn raise_alarm<P: Ports>(ports: &P, vault: &mut OpenVault, alarm: Alarm) -> VaultFailure {
    vault.alarm = Some(alarm.clone());
    ports.emit(Event::Alarm(alarm.clone()));
    VaultFailure::Alarm(alarm)
}

/// Returns an error after an alarm.
pub(crate) fn check_alarm(vault: &OpenVault) -> Result<(), VaultFailure> {
    match &vault.alarm {
        Some(alarm) => Err(VaultFailure::Alarm(alarm.clone())),
        None => Ok(()),
    }
}
