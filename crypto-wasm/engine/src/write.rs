//! The one write: signed on verified state, stored before it is sent, the same bytes again until a head at its counter is verified.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{Change, Entropy, LeafId, Op, RecordId, SignedHead, VaultState};
use crystallum_messages::{Event, Failure, SyncState};

use crate::client::Client;
use crate::local;
use crate::objects::{Objects, Parts, Update, touched};
use crate::ports::{Clock, DeviceKey, LocalStore, NoDeviceKey, Ports, WriteFailed};
use crate::pull::{self, PullFailed};
use crate::rebase;
use crate::vault::{OpenVault, Pending};

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
    match Client(ports.transport()).session().await {
        Ok(session) if session.account.0 != *vault.id().as_bytes() => {
            set_sync(ports, vault, SyncState::SignedOut);
            Err(Failure::SessionExpired)
        }
        Ok(session) => {
            if session.counter != vault.counter() {
                catch_up(ports, vault).await?;
            }
            vault.room = Some(session.room);
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
    if let Some(room) = vault.room {
        fits(vault, &plan, room)?;
    }
    let pending = sign(ports, vault, plan).await?;
    ports.store().write(local::pending(&vault.state, &pending.commit)).await?;
    vault.pending = Some(pending);
    match reached {
        Reached::Yes => record = flush(ports, vault).await?.unwrap_or(record),
        Reached::No => set_sync(ports, vault, SyncState::Waiting),
    }
    vault.reindex().map_err(|_| Failure::Confused)?;
    ports.emit(Event::Changed);
    Ok(record)
}

/// Sends what waits, as often as the server says that somebody else was first. How it ended stands in `vault.sync`; returned is the record
/// that was last sent.
pub(crate) async fn flush<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<Option<RecordId>, Failure> {
    /// Rounds of losing the race against other devices.
    const ROUNDS: usize = 8;
    let (mut lost_answers, mut record) = (0, None);
    for _ in 0..ROUNDS {
        let Some(pending) = vault.pending.clone() else { break };
        record = Some(pending.record);
        let failed = match Client(ports.transport()).commit(&pending.commit).await {
            Ok(committed) if Some(committed.counter) == pending.commit.expected_counter.checked_add(1) => {
                confirm(ports, vault, pending).await?;
                return Ok(record);
            }
            Ok(_) => {
                set_sync(ports, vault, SyncState::Waiting);
                return Ok(record);
            }
            Err(failed) => failed,
        };
        match failed.code() {
            Some(api::Code::Conflict | api::Code::CommitIdReused) => match catch_up(ports, vault).await {
                Ok(()) => {}
                // What waits is stored: it goes as soon as the server can be read again.
                Err(Failure::Unreachable | Failure::StrangeAnswer | Failure::RateLimited { .. }) => {
                    set_sync(ports, vault, SyncState::Waiting);
                    return Ok(record);
                }
                Err(Failure::SessionExpired) => {
                    set_sync(ports, vault, SyncState::SignedOut);
                    return Ok(record);
                }
                Err(failure) => return Err(failure),
            },
            Some(api::Code::SessionExpired) => {
                set_sync(ports, vault, SyncState::SignedOut);
                return Ok(record);
            }
            // Perhaps only the answer was lost: the same bytes again are harmless.
            None if lost_answers == 0 => lost_answers += 1,
            _ => {
                set_sync(ports, vault, SyncState::Waiting);
                return Ok(record);
            }
        }
    }
    let sync = if vault.pending.is_some() { SyncState::Waiting } else { SyncState::Synced };
    set_sync(ports, vault, sync);
    Ok(record)
}

/// Fetches and verifies what others wrote; what waits here is found among it, or replayed on top of it.
pub(crate) async fn catch_up<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), Failure> {
    let pulled = match pull::since(&Client(ports.transport()), &vault.state, &vault.objects).await {
        Ok(pulled) => pulled,
        Err(PullFailed::Alarm(alarm)) => {
            vault.alarm = Some(alarm.clone());
            ports.emit(Event::Alarm(alarm.clone()));
            return Err(Failure::Alarm(alarm));
        }
        Err(PullFailed::Call(failed)) => return Err(failed.into()),
    };
    let Some(child) = pulled.child else { return Ok(()) };

    let waiting = vault.pending.clone();
    let arrived = waiting.as_ref().and_then(Pending::head) == Some(child);
    let replay = match &waiting {
        Some(pending) if !arrived => rebase::plan(ports.entropy(), vault, pending, &pulled.state)?,
        _ => None,
    };
    let before = std::mem::replace(&mut vault.state, pulled.state);
    match adopt(ports, vault, &before, replay, pulled.update, &pulled.touched).await {
        Ok((objects, pending)) => (vault.objects, vault.pending) = (objects, pending),
        Err(failure) => {
            vault.state = before;
            return Err(failure);
        }
    }
    vault.reindex().map_err(|_| Failure::Confused)?;
    ports.emit(Event::Changed);
    Ok(())
}

/// Signs what is to be replayed on the new state and stores both in one batch, so that memory is never ahead of the device's storage.
async fn adopt<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    before: &VaultState,
    replay: Option<Plan>,
    update: Update,
    touched: &BTreeSet<LeafId>,
) -> Result<(Objects, Option<Pending>), Failure> {
    let pending = match replay {
        Some(plan) => Some(sign(ports, vault, plan).await?),
        None => None,
    };
    let mut objects = vault.objects.clone();
    objects.apply(update);
    let batch = local::advance(Some(before.head()), &vault.state, &objects, touched);
    let commit = pending.as_ref().map(|pending| &pending.commit);
    ports.store().write(local::with_pending(batch, vault.id(), commit)).await?;
    Ok((objects, pending))
}

/// The server has it: what waited becomes the known state, on the device's storage first.
async fn confirm<P: Ports>(ports: &mut P, vault: &mut OpenVault, pending: Pending) -> Result<(), Failure> {
    let head = pending.head().ok_or(Failure::Confused)?;
    let change = change(vault, pending.record, pending.parts.as_ref()).ok_or(Failure::Confused)?;
    let mut state = vault.state.clone();
    state.advance(head, &[change]).map_err(|_| Failure::Confused)?;
    let old = vault.objects.set_record(pending.record, pending.parts);
    let batch = local::advance(Some(vault.state.head()), &state, &vault.objects, &touched(&change));
    if let Err(failed) = ports.store().write(local::with_pending(batch, vault.id(), None)).await {
        vault.objects.set_record(pending.record, old);
        return Err(failed.into());
    }
    (vault.state, vault.pending) = (state, None);
    set_sync(ports, vault, SyncState::Synced);
    Ok(())
}

/// Signs a head for one record's change on the known state.
async fn sign<P: Ports>(ports: &mut P, vault: &OpenVault, plan: Plan) -> Result<Pending, Failure> {
    let Plan { record, parts } = plan;
    let change = change(vault, record, parts.as_ref()).ok_or(Failure::NoSuchRecord)?;
    let wire = match (&parts, change) {
        (Some(parts), _) => parts.change_from(record, vault.state.record(record)),
        (None, Change::Tombstone(_, version)) => {
            api::Change::Tombstone { id: api::Id(*record.as_bytes()), version }
        }
        (None, _) => return Err(Failure::Confused),
    };
    let head = sign_head(ports, vault, Op::Write, &[change]).await?;
    let mut commit_id = [0; 16];
    ports.entropy().fill(&mut commit_id);
    let commit = api::Commit {
        commit_id: api::Id(commit_id),
        expected_counter: vault.counter(),
        changes: vec![wire],
        head: head.to_bytes().into(),
    };
    Ok(Pending { commit, record, parts })
}

/// A head with both signatures, made from the verified state of this device.
pub(crate) async fn sign_head<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    op: Op,
    changes: &[Change],
) -> Result<SignedHead, Failure> {
    let body = vault
        .state
        .next_body(op, vault.device, changes, ports.clock().now())
        .map_err(|_| Failure::Confused)?;
    let signature = ports
        .device_key()
        .sign(vault.device, &body.message())
        .await
        .map_err(|NoDeviceKey| Failure::StorageFailed)?;
    Ok(body.sign(&vault.signer, signature))
}

/// What a plan does to the tree; `None` when it deletes what is not there.
fn change(vault: &OpenVault, record: RecordId, parts: Option<&Parts>) -> Option<Change> {
    match parts {
        Some(parts) => Some(Change::Record(record, parts.leaf())),
        None => {
            let leaf = vault.state.record(record)?;
            let version = leaf.overview_version.max(leaf.secret_version).checked_add(1)?;
            Some(Change::Tombstone(record, version))
        }
    }
}

/// Refuses what the server has no room for before it is signed: a signed head cannot be taken back.
fn fits(vault: &OpenVault, plan: &Plan, room: api::Room) -> Result<(), Failure> {
    let Some(parts) = &plan.parts else { return Ok(()) };
    let old = vault.state.record(plan.record);
    let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    let blobs =
        |parts: &Parts| size(parts.overview.blob.as_bytes().len()) + size(parts.secret.blob.as_bytes().len());
    let before = vault.objects.records.get(&plan.record).map_or(0, blobs);
    let bytes = blobs(parts).saturating_sub(before);
    // What only replaces still adds to the account's history: it needs some room, too.
    if (old.is_none() && room.records == 0) || room.bytes == 0 || bytes > room.bytes {
        return Err(Failure::QuotaExceeded);
    }
    Ok(())
}

pub(crate) fn set_sync<P: Ports>(ports: &P, vault: &mut OpenVault, sync: SyncState) {
    if vault.sync != sync {
        vault.sync = sync;
        ports.emit(Event::Sync(sync));
    }
}
