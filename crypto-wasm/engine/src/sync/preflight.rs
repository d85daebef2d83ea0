//! The session with the server: what is checked before anything is signed, and synchronising on
//! request.

use crystallum_messages::{ServerFailure, SyncState, VaultFailure};

use crate::ports::Ports;
use crate::sync::catch_up::catch_up;
use crate::sync::push::flush_pending;
use crate::sync::status::{check_alarm, set_sync_state};
use crate::vault::open_vault::OpenVault;
use crate::wire::answer::Session;
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
        if !may_send(vault) {
            return Err(VaultFailure::WaitingForServer);
        }
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
            // Nothing is signed before it is known what the server has.
            if !is_newest(vault, &session) {
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
    open.waits_for_sync = false;
    let synced = pull_and_push(ports, open).await;
    show_sync_failure(ports, open, synced)
}

/// Synchronises on request. After an alarm this finds out whether it is over.
pub(crate) async fn sync_on_request<P: Ports>(
    ports: &mut P,
    open: &mut OpenVault,
) -> Result<(), VaultFailure> {
    let before = open.alarm.clone();
    if before.as_ref().is_some_and(|kept| !kept.can_end()) {
        return check_alarm(open);
    }
    sync_vault(ports, open).await?;
    if before.is_some() { check_alarm(open) } else { Ok(()) }
}

/// Does the same right after the login, whose answer says whether there is anything to fetch.
pub(crate) async fn sync_at_login<P: Ports>(
    ports: &mut P,
    open: &mut OpenVault,
    session: &Session,
) -> Result<(), VaultFailure> {
    let synced = catch_up_and_push(ports, open, session).await;
    show_sync_failure(ports, open, synced)
}

/// Shows that the server was not reached or that the session has ended. Other failures remain.
fn show_sync_failure<P: Ports>(
    ports: &mut P,
    open: &mut OpenVault,
    synced: Result<(), VaultFailure>,
) -> Result<(), VaultFailure> {
    match synced {
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
    let session = Client(ports.transport()).session().await?;
    // Another vault in this browser may have left its own session.
    if session.vault != open.id() {
        return Err(ServerFailure::SessionExpired.into());
    }
    open.quota = Some(session.quota);
    catch_up(ports, open).await?;
    push(ports, open).await
}

async fn catch_up_and_push<P: Ports>(
    ports: &mut P,
    open: &mut OpenVault,
    session: &Session,
) -> Result<(), VaultFailure> {
    open.quota = Some(session.quota);
    // An alarm ends when the server shows this device's state, not when it says that it has it.
    if open.alarm.is_some() || !is_newest(open, session) {
        catch_up(ports, open).await?;
    }
    push(ports, open).await
}

/// Sends the pending write, if there is one.
async fn push<P: Ports>(ports: &mut P, open: &mut OpenVault) -> Result<(), VaultFailure> {
    if open.pending.is_some() && may_send(open) {
        flush_pending(ports, open).await?;
    } else {
        set_sync_state(ports, open, SyncState::Synced);
    }
    Ok(())
}

/// Returns whether the session takes the pending write. One of the vault's key takes none but a
/// change of sign-in methods; others wait.
fn may_send(vault: &OpenVault) -> bool {
    vault.lacking.is_none() || vault.pending.as_ref().is_some_and(|pending| pending.signed.request.is_some())
}

/// Returns whether the server says that its newest head is the one that this device has. The same
/// counter can be that of another head, if the server was set back and another device has written
/// since.
fn is_newest(vault: &OpenVault, session: &Session) -> bool {
    let mine = vault.state.head().body();
    session.counter == mine.counter && session.head == mine.hash()
}
