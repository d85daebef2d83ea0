//! The one write: signed on verified state, stored before it is sent, the same bytes again until a head at its counter is verified.

mod sign;
mod whole;

pub(crate) use sign::sign_commit;
pub(crate) use whole::{Whole, ready, whole};

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{LeafId, RecordId, VaultState};
use crystallum_messages::{Alarm, Event, Failure, SyncState};

use self::sign::{fits, sign};
use crate::client::{CallFailed, Client};
use crate::local;
use crate::objects::{Parts, Update};
use crate::pending::{After, Pending, Work};
use crate::ports::{LocalStore, Ports, Transport, WriteFailed};
use crate::pull::{self, PullFailed};
use crate::rebase;
use crate::vault::OpenVault;

/// What a write does to one record: its parts afterwards, or nothing left of it.
pub(crate) struct Plan {
    pub(crate) record: RecordId,
    pub(crate) parts: Option<Parts>,
}

/// Whether the server can be asked before signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It answered.
    Yes,
    /// It did not; a write waits on this device.
    No,
}

impl From<WriteFailed> for Failure {
    fn from(failed: WriteFailed) -> Self {
        match failed {
            WriteFailed::Changed => Self::AnotherTab,
            WriteFailed::Failed => Self::StorageFailed,
        }
    }
}

/// Makes sure that nothing waits and that this device has the newest state, before anything is signed.
pub(crate) async fn before<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<Reached, Failure> {
    if let Some(alarm) = &vault.alarm {
        return Err(Failure::Alarm(alarm.clone()));
    }
    if vault.pending.is_some() {
        flush(ports, vault).await?;
        match (&vault.pending, vault.sync) {
            (None, _) => {}
            (Some(_), SyncState::SignedOut) => return Err(Failure::SessionExpired),
            (Some(_), _) => return Err(Failure::WaitingForServer),
        }
    }
    if std::mem::take(&mut vault.unmade) {
        return Err(Failure::EarlierNotMade);
    }
    match Client(ports.transport()).session().await {
        Ok(session) if session.account.0 != *vault.id().as_bytes() => {
            set_sync(ports, vault, SyncState::SignedOut);
            Err(Failure::SessionExpired)
        }
        Ok(session) => {
            if session.counter != vault.counter() {
                catch_up(ports, vault).await?;
            }
            vault.room = Some(session.remaining);
            Ok(Reached::Yes)
        }
        Err(failed) if failed.code() == Some(api::Code::SessionExpired) => {
            set_sync(ports, vault, SyncState::SignedOut);
            Err(Failure::SessionExpired)
        }
        Err(failed) if failed.code() == Some(api::Code::RateLimited) => Err(failed.into()),
        Err(failed) if failed.is_passing() => Ok(Reached::No),
        Err(failed) => Err(failed.into()),
    }
}

/// Signs a plan, stores it, and sends it if the server can be reached. Afterwards it will not be lost. Returns the record that it ended as:
/// another one when the record changed elsewhere meanwhile and this version was kept beside it.
pub(crate) async fn write<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    reached: Reached,
    plan: Plan,
) -> Result<RecordId, Failure> {
    let mut record = plan.record;
    let (first, planned) = (plan.record, plan.parts.as_ref().map(Parts::leaf));
    if let Some(room) = vault.room {
        fits(vault, &plan, room)?;
    }
    let pending = sign(ports, vault, plan).await?;
    ports.store().write(local::pending(&vault.state, Some(&pending.waiting))).await?;
    vault.pending = Some(pending);
    match reached {
        Reached::Yes => {
            if let Flushed { record: Some(kept), .. } = flush(ports, vault).await? {
                record = kept;
            }
            // What a wallet or a way is called gives way to what another device has written.
            if vault.pending.is_none() && vault.state.record(record) != planned.as_ref() && record == first {
                vault.reindex().map_err(|_| Failure::Confused)?;
                return Err(Failure::Changed);
            }
        }
        Reached::No => set_sync(ports, vault, SyncState::Waiting),
    }
    vault.reindex().map_err(|_| Failure::Confused)?;
    ports.emit(Event::Changed);
    Ok(record)
}

/// What came of sending what waited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flushed {
    /// The record that was last sent.
    pub(crate) record: Option<RecordId>,
    /// Why a change that is made at once or not at all was not made.
    pub(crate) failed: Option<Failure>,
}

/// Sends what waits, as often as the server says that somebody else was first. How it ended stands in `vault.sync`.
pub(crate) async fn flush<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<Flushed, Failure> {
    /// Rounds of losing the race against other devices.
    const ROUNDS: usize = 8;
    let (mut lost_answers, mut flushed) = (0, Flushed::default());
    for _ in 0..ROUNDS {
        let Some(pending) = vault.pending.clone() else { break };
        flushed.record = pending.record().map(|(id, _)| id);
        let failed = match send(&Client(ports.transport()), &pending).await {
            Ok(committed)
                if Some(committed.counter) == pending.waiting.commit.expected_counter.checked_add(1) =>
            {
                confirm(ports, vault, &pending).await?;
                return Ok(flushed);
            }
            Ok(_) => {
                set_sync(ports, vault, SyncState::Waiting);
                return Ok(flushed);
            }
            Err(failed) => failed,
        };
        match failed.code() {
            Some(api::Code::Conflict | api::Code::CommitIdReused) => match catch_up(ports, vault).await {
                Ok(Arrived::Yes) => {}
                Ok(Arrived::No) if vault.pending.is_none() && matches!(pending.work, Work::Whole) => {
                    (flushed.failed, vault.unmade) = (Some(Failure::Overtaken), true);
                }
                Ok(Arrived::No) => {}
                // What waits is stored: it goes as soon as the server can be read again.
                Err(Failure::Unreachable | Failure::StrangeAnswer | Failure::RateLimited { .. }) => {
                    set_sync(ports, vault, SyncState::Waiting);
                    return Ok(flushed);
                }
                Err(Failure::SessionExpired) => {
                    set_sync(ports, vault, SyncState::SignedOut);
                    return Ok(flushed);
                }
                Err(failure) => return Err(failure),
            },
            Some(api::Code::SessionExpired) => {
                set_sync(ports, vault, SyncState::SignedOut);
                return Ok(flushed);
            }
            // Perhaps only the answer was lost: the same bytes again are harmless.
            None if lost_answers == 0 => lost_answers += 1,
            Some(_) if matches!(pending.work, Work::Whole) && !failed.is_passing() => {
                // The server says for good that it will not have it; nothing was promised to anybody.
                ports.store().write(local::pending(&vault.state, None)).await?;
                vault.pending = None;
                (flushed.failed, vault.unmade) = (Some(failed.into()), true);
            }
            _ => {
                set_sync(ports, vault, SyncState::Waiting);
                return Ok(flushed);
            }
        }
    }
    let sync = if vault.pending.is_some() { SyncState::Waiting } else { SyncState::Synced };
    set_sync(ports, vault, sync);
    Ok(flushed)
}

async fn send(client: &Client<'_, impl Transport>, pending: &Pending) -> Result<api::Committed, CallFailed> {
    match &pending.waiting.ways {
        Some(ways) => client.ways(ways).await,
        None => client.commit(&pending.waiting.commit).await,
    }
}

/// Whether what waited here is among what others show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// It is not.
    No,
    /// It is part of the verified chain.
    Yes,
}

/// Fetches and verifies what others wrote; what waits here is found among it, replayed on top of it, or gives way.
pub(crate) async fn catch_up<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<Arrived, Failure> {
    let pulled = match pull::since(&Client(ports.transport()), &vault.state, &vault.objects).await {
        Ok(pulled) => pulled,
        Err(PullFailed::Alarm(alarm)) => return Err(refuse(ports, vault, alarm)),
        Err(PullFailed::Call(failed)) => return Err(failed.into()),
    };
    if let Err(alarm) = pulled.listable(vault) {
        return Err(refuse(ports, vault, alarm));
    }
    let Some(child) = pulled.child else { return Ok(Arrived::No) };

    // A head is what was signed: an ECDSA signature has a second spelling.
    let waiting = vault.pending.as_ref().and_then(Pending::head);
    let arrived = waiting.is_some_and(|head| head.body() == child.body());
    let replay = match vault.pending.as_ref().and_then(Pending::record) {
        Some((id, parts)) if !arrived => rebase::plan(ports.entropy(), vault, id, parts, &pulled.state)?,
        _ => None,
    };
    let before = std::mem::replace(&mut vault.state, pulled.state);
    match adopt(ports, vault, &before, replay, pulled.update, &pulled.touched).await {
        Ok(pending) => vault.pending = pending,
        Err(failure) => {
            vault.state = before;
            return Err(failure);
        }
    }
    let ways = pulled.ways_by.iter().any(|writer| *writer != vault.device);
    ports.emit(Event::Advanced { change: vault.counter(), ways });
    vault.reindex().map_err(|_| Failure::Confused)?;
    ports.emit(Event::Changed);
    Ok(if arrived { Arrived::Yes } else { Arrived::No })
}

/// What was offered is refused, and nothing is written any more.
fn refuse<P: Ports>(ports: &P, vault: &mut OpenVault, alarm: Alarm) -> Failure {
    vault.alarm = Some(alarm.clone());
    ports.emit(Event::Alarm(alarm.clone()));
    Failure::Alarm(alarm)
}

/// Signs what is to be replayed on the new state and stores both in one batch, so that memory is never ahead of the device's storage.
async fn adopt<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    before: &VaultState,
    replay: Option<Plan>,
    update: Update,
    touched: &BTreeSet<LeafId>,
) -> Result<Option<Pending>, Failure> {
    let pending = match replay {
        Some(plan) => Some(sign(ports, vault, plan).await?),
        None => None,
    };
    let back = vault.objects.apply(update);
    let batch = local::advance(Some(before.head()), &vault.state, &vault.objects, touched);
    let waiting = pending.as_ref().map(|pending| &pending.waiting);
    if let Err(failed) = ports.store().write(local::with_pending(batch, vault.id(), waiting)).await {
        vault.objects.apply(back);
        return Err(failed.into());
    }
    Ok(pending)
}

/// The server has it: what waited becomes the known state, on the device's storage first.
async fn confirm<P: Ports>(ports: &mut P, vault: &mut OpenVault, pending: &Pending) -> Result<(), Failure> {
    let After { state, update, touched } = pending.after(vault).ok_or(Failure::Confused)?;
    let back = vault.objects.apply(update);
    let batch = local::advance(Some(vault.state.head()), &state, &vault.objects, &touched);
    if let Err(failed) = ports.store().write(local::with_pending(batch, vault.id(), None)).await {
        vault.objects.apply(back);
        return Err(failed.into());
    }
    (vault.state, vault.pending) = (state, None);
    ports.emit(Event::Advanced { change: vault.counter(), ways: false });
    // A record in flight is shown before it is confirmed; ways in and wallets are not.
    if matches!(pending.work, Work::Whole) {
        vault.reindex().map_err(|_| Failure::Confused)?;
        ports.emit(Event::Changed);
    }
    set_sync(ports, vault, SyncState::Synced);
    Ok(())
}

pub(crate) fn set_sync<P: Ports>(ports: &P, vault: &mut OpenVault, sync: SyncState) {
    if vault.sync != sync {
        vault.sync = sync;
        ports.emit(Event::Sync(sync));
    }
}
