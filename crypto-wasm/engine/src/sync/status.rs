//! Whether the open vault is in sync, and the alarm after which nothing is written any more.

use crystallum_messages::{Alarm, Event, SyncState, VaultFailure};

use crate::ports::{Clock, Ports};
use crate::vault::alarm::KeptAlarm;
use crate::vault::open_vault::OpenVault;

/// Stores and reports the state. While a write waits, it waits for the server that does not answer.
pub(crate) fn set_sync_state<P: Ports>(ports: &P, vault: &mut OpenVault, sync: SyncState) {
    let waits = vault.pending.is_some() && sync == SyncState::Offline;
    let sync = match sync {
        _ if waits => SyncState::Waiting,
        SyncState::Synced if vault.lacking.is_some() => SyncState::PasskeyLost,
        sync => sync,
    };
    if vault.sync != sync {
        vault.sync = sync;
        ports.emit(Event::Sync(sync));
    }
}

/// Raises an alarm that is not stored, after which nothing is written any more.
pub(crate) fn raise_alarm<P: Ports>(ports: &P, vault: &mut OpenVault, alarm: Alarm) -> VaultFailure {
    vault.alarm = Some(KeptAlarm::new(alarm.clone(), ports.clock().now()));
    ports.emit(Event::Alarm(alarm.clone()));
    VaultFailure::Alarm(alarm)
}

/// Returns an error in a session of the vault's key, which changes sign-in methods alone.
pub(crate) fn check_session(vault: &OpenVault) -> Result<(), VaultFailure> {
    if vault.lacking.is_some() { Err(VaultFailure::PasskeyLost) } else { Ok(()) }
}

/// Returns an error after an alarm.
pub(crate) fn check_alarm(vault: &OpenVault) -> Result<(), VaultFailure> {
    match &vault.alarm {
        Some(kept) => Err(VaultFailure::Alarm(kept.alarm.clone())),
        None => Ok(()),
    }
}
