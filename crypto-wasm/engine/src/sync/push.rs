//! Writes. A write is signed on verified state and stored before it is sent. The same bytes are
//! sent until a head with its counter is verified. At most one write is pending.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{LeafId, RecordId, VaultState};
use crystallum_messages::{Alarm, Event, Failure, SyncState};

use crate::local::load as local;
use crate::ports::{LocalStore, Ports, Transport, WriteFailed};
use crate::sync::pull::{self, PullFailed};
use crate::sync::rebase;
use crate::sync::sign::{check_quota, sign_record};
use crate::vault::objects::{Parts, Update};
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::{NextState, Pending, Work};
use crate::wire::client::{CallFailed, Client};

/// A planned write of one record: its new parts, or `None` to delete it.
pub(crate) struct RecordPlan {
    pub(crate) record: RecordId,
    pub(crate) parts: Option<Parts>,
}

/// Whether the server was reached before signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connectivity {
    /// The server answered.
    Online,
    /// The server did not answer. A write is stored on this device until it can be sent.
    Offline,
}

impl From<WriteFailed> for Failure {
    fn from(failed: WriteFailed) -> Self {
        match failed {
            WriteFailed::Changed => Self::AnotherTab,
            WriteFailed::Failed => Self::StorageFailed,
        }
    }
}

/// Ensures that no write is pending and that this device has the newest state, before anything is
/// signed.
pub(crate) async fn ensure_synced<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<Connectivity, Failure> {
    if let Some(alarm) = &vault.alarm {
        return Err(Failure::Alarm(alarm.clone()));
    }
    if vault.pending.is_some() {
        flush_pending(ports, vault).await?;
        match (&vault.pending, vault.sync) {
            (None, _) => {}
            (Some(_), SyncState::SignedOut) => return Err(Failure::SessionExpired),
            (Some(_), _) => return Err(Failure::WaitingForServer),
        }
    }
    if std::mem::take(&mut vault.unreported_failure) {
        return Err(Failure::EarlierNotMade);
    }
    match Client(ports.transport()).session().await {
        Ok(session) if session.account.0 != *vault.id().as_bytes() => {
            set_sync_state(ports, vault, SyncState::SignedOut);
            Err(Failure::SessionExpired)
        }
        Ok(session) => {
            if session.counter != vault.counter() {
                catch_up(ports, vault).await?;
            }
            vault.quota = Some(session.remaining);
            Ok(Connectivity::Online)
        }
        Err(failed) if failed.code() == Some(api::Code::SessionExpired) => {
            set_sync_state(ports, vault, SyncState::SignedOut);
            Err(Failure::SessionExpired)
        }
        Err(failed) if failed.code() == Some(api::Code::RateLimited) => Err(failed.into()),
        Err(failed) if failed.is_transient() => Ok(Connectivity::Offline),
        Err(failed) => Err(failed.into()),
    }
}

/// Signs a write, stores it, and sends it if the server can be reached. Once this returns, the
/// write is not lost. Returns the id of the record that was written, which is a new one if the
/// record was changed by another device meanwhile and this version was kept beside it.
pub(crate) async fn commit_record<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    connectivity: Connectivity,
    plan: RecordPlan,
) -> Result<RecordId, Failure> {
    let mut record = plan.record;
    let (first, planned) = (plan.record, plan.parts.as_ref().map(Parts::leaf));
    if let Some(quota) = vault.quota {
        check_quota(vault, &plan, quota)?;
    }
    let pending = sign_record(ports, vault, plan).await?;
    ports.store().write(local::pending_batch(&vault.state, Some(&pending.signed))).await?;
    vault.pending = Some(pending);
    match connectivity {
        Connectivity::Online => {
            if let FlushOutcome { record: Some(sent), .. } = flush_pending(ports, vault).await? {
                record = sent;
            }
            // A new name for a wallet or a sign-in method is dropped if another device has written
            // first.
            if vault.pending.is_none() && vault.state.record(record) != planned.as_ref() && record == first {
                vault.reindex().map_err(|_| Failure::Confused)?;
                return Err(Failure::Changed);
            }
        }
        Connectivity::Offline => set_sync_state(ports, vault, SyncState::Waiting),
    }
    vault.reindex().map_err(|_| Failure::Confused)?;
    ports.emit(Event::Changed);
    Ok(record)
}

/// The outcome of sending the pending write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlushOutcome {
    /// The record of the write that was sent last.
    pub(crate) record: Option<RecordId>,
    /// Why an atomic change was not made.
    pub(crate) failed: Option<Failure>,
}

/// Sends the pending write, again each time another device was first. `vault.sync` tells how it
/// ended.
pub(crate) async fn flush_pending<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<FlushOutcome, Failure> {
    /// How often to try again after losing the race against other devices.
    const MAX_ROUNDS: usize = 8;
    let (mut lost_answers, mut outcome) = (0, FlushOutcome::default());
    for _ in 0..MAX_ROUNDS {
        let Some(pending) = vault.pending.clone() else { break };
        outcome.record = pending.record().map(|(id, _)| id);
        let failed = match send_pending(&Client(ports.transport()), &pending).await {
            Ok(committed)
                if Some(committed.counter) == pending.signed.commit.expected_counter.checked_add(1) =>
            {
                confirm_pending(ports, vault, &pending).await?;
                return Ok(outcome);
            }
            Ok(_) => {
                set_sync_state(ports, vault, SyncState::Waiting);
                return Ok(outcome);
            }
            Err(failed) => failed,
        };
        match failed.code() {
            Some(api::Code::Conflict | api::Code::CommitIdReused) => match catch_up(ports, vault).await {
                Ok(PendingStatus::Confirmed) => {}
                Ok(PendingStatus::Unconfirmed)
                    if vault.pending.is_none() && matches!(pending.work, Work::Atomic) =>
                {
                    (outcome.failed, vault.unreported_failure) = (Some(Failure::Overtaken), true);
                }
                Ok(PendingStatus::Unconfirmed) => {}
                // The pending write is stored, and is sent as soon as the server can be read again.
                Err(Failure::Unreachable | Failure::StrangeAnswer | Failure::RateLimited { .. }) => {
                    set_sync_state(ports, vault, SyncState::Waiting);
                    return Ok(outcome);
                }
                Err(Failure::SessionExpired) => {
                    set_sync_state(ports, vault, SyncState::SignedOut);
                    return Ok(outcome);
                }
                Err(failure) => return Err(failure),
            },
            Some(api::Code::SessionExpired) => {
                set_sync_state(ports, vault, SyncState::SignedOut);
                return Ok(outcome);
            }
            // Perhaps only the answer was lost. Sending the same bytes again is harmless.
            None if lost_answers == 0 => lost_answers += 1,
            Some(_) if matches!(pending.work, Work::Atomic) && !failed.is_transient() => {
                // The server refused it for good. The user was never told that it was saved.
                ports.store().write(local::pending_batch(&vault.state, None)).await?;
                vault.pending = None;
                (outcome.failed, vault.unreported_failure) = (Some(failed.into()), true);
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

async fn send_pending(
    client: &Client<'_, impl Transport>,
    pending: &Pending,
) -> Result<api::Committed, CallFailed> {
    match &pending.signed.request {
        Some(request) => client.change_sign_in_methods(request).await,
        None => client.commit(&pending.signed.commit).await,
    }
}

/// Whether the pending write is part of the verified chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PendingStatus {
    /// The write is not part of the chain.
    Unconfirmed,
    /// The write is part of the chain.
    Confirmed,
}

/// Fetches and verifies what other devices wrote. The pending write is then confirmed as part of
/// it, replayed on top of it, or dropped.
pub(crate) async fn catch_up<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<PendingStatus, Failure> {
    let pulled = match pull::pull_since(&Client(ports.transport()), &vault.state, &vault.objects).await {
        Ok(pulled) => pulled,
        Err(PullFailed::Alarm(alarm)) => return Err(raise_alarm(ports, vault, alarm)),
        Err(PullFailed::Call(failed)) => return Err(failed.into()),
    };
    if let Err(alarm) = pulled.check_readable(vault) {
        return Err(raise_alarm(ports, vault, alarm));
    }
    let Some(child) = pulled.child else { return Ok(PendingStatus::Unconfirmed) };

    // Compares the signed bodies, since the same ECDSA signature has two encodings.
    let own_head = vault.pending.as_ref().and_then(Pending::head);
    let confirmed = own_head.is_some_and(|head| head.body() == child.body());
    let replay = match vault.pending.as_ref().and_then(Pending::record) {
        Some((id, parts)) if !confirmed => rebase::replay(ports.entropy(), vault, id, parts, &pulled.state)?,
        _ => None,
    };
    let before = std::mem::replace(&mut vault.state, pulled.state);
    match store_pulled(ports, vault, &before, replay, pulled.update, &pulled.changed).await {
        Ok(pending) => vault.pending = pending,
        Err(failure) => {
            vault.state = before;
            return Err(failure);
        }
    }
    let methods_changed = pulled.method_writers.iter().any(|writer| *writer != vault.device);
    ports.emit(Event::Advanced { change: vault.counter(), methods_changed });
    vault.reindex().map_err(|_| Failure::Confused)?;
    ports.emit(Event::Changed);
    Ok(if confirmed { PendingStatus::Confirmed } else { PendingStatus::Unconfirmed })
}

/// Raises an alarm, after which nothing is written any more.
fn raise_alarm<P: Ports>(ports: &P, vault: &mut OpenVault, alarm: Alarm) -> Failure {
    vault.alarm = Some(alarm.clone());
    ports.emit(Event::Alarm(alarm.clone()));
    Failure::Alarm(alarm)
}

/// Signs the write that is to be replayed on the new state and stores both in one batch, so that
/// memory is never ahead of the device's storage.
async fn store_pulled<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    before: &VaultState,
    replay: Option<RecordPlan>,
    update: Update,
    changed: &BTreeSet<LeafId>,
) -> Result<Option<Pending>, Failure> {
    let pending = match replay {
        Some(plan) => Some(sign_record(ports, vault, plan).await?),
        None => None,
    };
    let back = vault.objects.apply(update);
    let batch = local::advance_batch(Some(before.head()), &vault.state, &vault.objects, changed);
    let signed = pending.as_ref().map(|pending| &pending.signed);
    if let Err(failed) = ports.store().write(local::with_pending(batch, vault.id(), signed)).await {
        vault.objects.apply(back);
        return Err(failed.into());
    }
    Ok(pending)
}

/// Makes the pending write part of the known state after the server has accepted it, on the
/// device's storage first.
async fn confirm_pending<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    pending: &Pending,
) -> Result<(), Failure> {
    let NextState { state, update, changed } = pending.next_state(vault).ok_or(Failure::Confused)?;
    let back = vault.objects.apply(update);
    let batch = local::advance_batch(Some(vault.state.head()), &state, &vault.objects, &changed);
    if let Err(failed) = ports.store().write(local::with_pending(batch, vault.id(), None)).await {
        vault.objects.apply(back);
        return Err(failed.into());
    }
    (vault.state, vault.pending) = (state, None);
    ports.emit(Event::Advanced { change: vault.counter(), methods_changed: false });
    // A pending record is shown before it is confirmed; sign-in methods and wallets are not.
    if matches!(pending.work, Work::Atomic) {
        vault.reindex().map_err(|_| Failure::Confused)?;
        ports.emit(Event::Changed);
    }
    set_sync_state(ports, vault, SyncState::Synced);
    Ok(())
}

pub(crate) fn set_sync_state<P: Ports>(ports: &P, vault: &mut OpenVault, sync: SyncState) {
    if vault.sync != sync {
        vault.sync = sync;
        ports.emit(Event::Sync(sync));
    }
}
