//! Sending the pending write. The same bytes are sent until a head with its counter is verified.

use crystallum_core::RecordId;
use crystallum_messages::{Event, ImpossibleState, ServerFailure, SyncState, VaultFailure};
use futures_util::future::LocalBoxFuture;

use crate::local::batch::{advance_batch, disown_batch, orphans_write, with_pending};
use crate::local::heads::log_heads;
use crate::ports::{LocalStore, Ports};
use crate::sync::catch_up::{PendingStatus, catch_up, end_orphans};
use crate::sync::status::set_sync_state;
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::{NextState, Pending, Work};
use crate::wire::client::Client;
use crate::wire::refusal::Refusal;

/// The outcome of sending the pending write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlushOutcome {
    /// The record of the write that was sent last.
    pub(crate) record: Option<RecordId>,
    /// Why an atomic change was not made.
    pub(crate) failed: Option<VaultFailure>,
}

/// Sends the pending write, and sends it again each time another device was first. `vault.sync`
/// holds the outcome. The future is boxed, because most commands contain it, some twice.
pub(crate) fn flush_pending<'a, P: Ports>(
    ports: &'a mut P,
    vault: &'a mut OpenVault,
) -> LocalBoxFuture<'a, Result<FlushOutcome, VaultFailure>> {
    Box::pin(send_until_settled(ports, vault))
}

async fn send_until_settled<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<FlushOutcome, VaultFailure> {
    /// How often to try again after losing the race against other devices.
    const MAX_ROUNDS: usize = 8;
    let (mut lost_answers, mut outcome) = (0, FlushOutcome::default());
    for _ in 0..MAX_ROUNDS {
        let Some(pending) = vault.pending.clone() else { break };
        outcome.record = pending.record().map(|(id, _)| id);
        if matches!(vault.sync, SyncState::Refused { .. }) {
            // What is sent once more may be stored this time, so it cannot be set aside meanwhile.
            set_sync_state(ports, vault, SyncState::Waiting);
        }
        let failed = match Client(ports.transport()).send(&pending.signed).await {
            Ok(counter) if Some(counter) == pending.signed.commit.expected_counter.checked_add(1) => {
                confirm_pending(ports, vault, &pending).await?;
                return Ok(outcome);
            }
            Ok(_) => {
                set_sync_state(ports, vault, SyncState::Waiting);
                return Ok(outcome);
            }
            Err(failed) => failed,
        };
        match failed.refusal() {
            Some(Refusal::Conflict { .. } | Refusal::CommitIdReused) => match catch_up(ports, vault).await {
                Ok(PendingStatus::Confirmed) => {}
                Ok(PendingStatus::Unconfirmed)
                    if vault.pending.is_none() && matches!(pending.work, Work::Atomic) =>
                {
                    (outcome.failed, vault.unreported_failure) = (Some(VaultFailure::Overtaken), true);
                }
                Ok(PendingStatus::Unconfirmed) => {}
                // The pending write is stored, and is sent as soon as the server can be read again.
                Err(VaultFailure::Server(
                    ServerFailure::Unreachable
                    | ServerFailure::StrangeAnswer
                    | ServerFailure::RateLimited { .. },
                )) => {
                    set_sync_state(ports, vault, SyncState::Waiting);
                    return Ok(outcome);
                }
                Err(VaultFailure::Server(ServerFailure::SessionExpired)) => {
                    set_sync_state(ports, vault, SyncState::SignedOut);
                    return Ok(outcome);
                }
                Err(failure) => return Err(failure),
            },
            Some(Refusal::SessionExpired) => {
                set_sync_state(ports, vault, SyncState::SignedOut);
                return Ok(outcome);
            }
            // Perhaps only the answer was lost. Sending the same bytes again is harmless.
            None if lost_answers == 0 => lost_answers += 1,
            Some(_) if matches!(pending.work, Work::Atomic) && !failed.is_transient() => {
                // The server refused it for good. The user was never told that it was saved.
                disown_pending(ports, vault, &pending).await?;
                (outcome.failed, vault.unreported_failure) = (Some(failed.into()), true);
            }
            // The user was told that it is saved, so it stays until the user sets it aside.
            Some(refusal) if !failed.is_transient() => {
                let full = refusal == Refusal::QuotaExceeded;
                set_sync_state(ports, vault, SyncState::Refused { full });
                return Ok(outcome);
            }
            _ => {
                set_sync_state(ports, vault, SyncState::Waiting);
                return Ok(outcome);
            }
        }
    }
    let sync = if vault.pending.is_some() { SyncState::Waiting } else { SyncState::Synced };
    set_sync_state(ports, vault, sync);
    Ok(outcome)
}

/// Gives up the pending write, and remembers its head, and what it would have added.
async fn disown_pending<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    pending: &Pending,
) -> Result<(), VaultFailure> {
    let commit = &pending.signed.commit;
    let disowned = vault.disowned.with(commit.head.body());
    let orphans = vault.orphans.with(commit.head.body(), &commit.changes);
    let mut batch = disown_batch(&vault.state, &disowned);
    batch.writes.push(orphans_write(vault.id(), &orphans));
    ports.store().write(batch).await?;
    (vault.pending, vault.disowned, vault.orphans) = (None, disowned, orphans);
    Ok(())
}

/// Makes the pending write part of the known state after the server has accepted it. It is stored
/// on this device before memory changes.
async fn confirm_pending<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    pending: &Pending,
) -> Result<(), VaultFailure> {
    let next = pending.next_state(&vault.state, &vault.objects);
    let NextState { state, update, changed } = next.ok_or(ImpossibleState::OwnChangeRefused)?;
    let log = log_heads(ports.store(), vault.id(), &(&pending.signed.commit).into()).await?;
    let mut batch = advance_batch(vault.state.head(), &state, vault.objects.after(&update), &changed, log);
    let (orphans, unused) = vault.orphans.settle(state.head().body().counter);
    batch.writes.push(orphans_write(vault.id(), &orphans));
    ports.store().write(with_pending(batch, vault.id(), None)).await?;
    vault.apply(update);
    (vault.state, vault.pending) = (state, None);
    end_orphans(ports, vault, orphans, unused);
    ports.emit(Event::Advanced { change: vault.counter(), methods_changed: false });
    vault.relist();
    // A pending record is shown before it is confirmed; sign-in methods and wallets are not.
    if matches!(pending.work, Work::Atomic) {
        ports.emit(Event::Changed);
    }
    set_sync_state(ports, vault, SyncState::Synced);
    Ok(())
}
