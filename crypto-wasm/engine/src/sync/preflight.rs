//! The session with the server: what is checked before anything is signed, and synchronising on
//! request.

use crystallum_messages::{ServerFailure, SyncState, VaultFailure};

use crate::ports::Ports;
use crate::sync::catch_up::catch_up;
use crate::sync::push::flush_pending;
use crate::sync::status::{check_alarm, set_sync_state};
use crate::vault::open_vault::OpenVault;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};

/// Whether the server was reached before signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connectivity {
    /// The server answered.
    Online,
    /// The server did not answer. A write is stored on this device until it can be sent.
    Offline,
}

/// Ensures that no write is pending and that this device has the newest state, before anything is
/// signed.
pub(crate) async fn ensure_synced<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<Connectivity, VaultFailure> {
    check_alarm(vault)?;
    if vault.pending.is_some() {
        flush_pending(ports, vault).await?;
        match (&vault.pending, vault.sync) {
            (None, _) => {}
            (Some(_), SyncState::SignedOut) => return Err(ServerFailure::SessionExpired.into()),
            (Some(_), SyncState::Refused { .. }) => return Err(VaultFailure::EarlierRefused),
            (Some(_), _) => return Err(VaultFailure::WaitingForServer),
        }
    }
    if std::mem::take(&mut vault.unreported_failure) {
        return Err(VaultFailure::EarlierNotMade);
    }
    match Client(ports.transport()).session().await {
        Ok(session) if session.vault != vault.id() => {
            set_sync_state(ports, vault, SyncState::SignedOut);
            Err(ServerFailure::SessionExpired.into())
        }
        Ok(session) => {
            // The same counter can be that of another head, if the server was set back and another
            // device has written since. Nothing is signed before that is known.
            let mine = vault.state.head().body();
            if session.counter != mine.counter || session.head != mine.hash() {
                catch_up(ports, vault).await?;
            }
            vault.quota = Some(session.quota);
            Ok(Connectivity::Online)
        }
        Err(CallFailed::Refused(Refusal::SessionExpired)) => {
            set_sync_state(ports, vault, SyncState::SignedOut);
            Err(ServerFailure::SessionExpired.into())
        }
        Err(failed @ CallFailed::Refused(Refusal::RateLimited { .. })) => Err(failed.into()),
        Err(failed) if failed.is_transient() => Ok(Connectivity::Offline),
        Err(failed) => Err(failed.into()),
    }
}

/// Ensures that the server answers and that this device has the newest state, on which the change
/// is then signed.
pub(crate) async fn require_online<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<(), VaultFailure> {
    match ensure_synced(ports, vault).await? {
        Connectivity::Online => Ok(()),
        Connectivity::Offline => Err(ServerFailure::Unreachable.into()),
    }
}

/// Fetches what other devices wrote and sends the pending write. The local copy stays open if the
/// server does not answer, and also if its answer is refused, which raises an alarm.
pub(crate) async fn sync_vault<P: Ports>(ports: &mut P, open: &mut OpenVault) -> Result<(), VaultFailure> {
    match pull_and_push(ports, open).await {
        Err(VaultFailure::Server(
            ServerFailure::Unreachable | ServerFailure::StrangeAnswer | ServerFailure::RateLimited { .. },
        )) => set_sync_state(ports, open, SyncState::Offline),
        Err(VaultFailure::Server(ServerFailure::SessionExpired)) => {
            set_sync_state(ports, open, SyncState::SignedOut);
        }
        Ok(()) | Err(VaultFailure::Alarm(_)) => {}
        Err(other) => return Err(other),
    }
    Ok(())
}

async fn pull_and_push<P: Ports>(ports: &mut P, open: &mut OpenVault) -> Result<(), VaultFailure> {
    check_session(ports, open).await?;
    catch_up(ports, open).await?;
    if open.pending.is_some() {
        flush_pending(ports, open).await?;
    } else {
        set_sync_state(ports, open, SyncState::Synced);
    }
    Ok(())
}

/// Checks that the session belongs to this vault. Another vault in this browser may have left its
/// own.
async fn check_session<P: Ports>(ports: &P, open: &mut OpenVault) -> Result<(), VaultFailure> {
    let session = Client(ports.transport()).session().await?;
    if session.vault != open.id() {
        return Err(ServerFailure::SessionExpired.into());
    }
    open.quota = Some(session.quota);
    Ok(())
}
