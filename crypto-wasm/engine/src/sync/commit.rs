//! Writes: signed on verified state, stored on this device, and only then sent. At most one write
//! is pending.

use crystallum_core::{Op, RecordId};
use crystallum_messages::{Event, SyncState, VaultFailure};

use crate::local::aside::aside_key;
use crate::local::batch::pending_batch;
use crate::ports::{LocalStore, Ports};
use crate::sync::plan::{AtomicChange, RecordPlan};
use crate::sync::preflight::Connectivity;
use crate::sync::push::{FlushOutcome, flush_pending};
use crate::sync::sign::{check_atomic_quota, check_quota, sign_commit, sign_record};
use crate::sync::status::{check_session, set_sync_state};
use crate::vault::change::SignedWrite;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::pending::{Pending, Work};

/// Signs a write, stores it, and sends it if the server can be reached. Once this returns, the
/// write is not lost. Returns the id of the record that was written, which is a new one if the
/// record was changed by another device in the meantime and this version was kept beside it.
pub(crate) async fn commit_record<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    connectivity: Connectivity,
    plan: RecordPlan,
) -> Result<RecordId, VaultFailure> {
    check_session(vault)?;
    let mut record = plan.record;
    let (first, planned) = (plan.record, plan.parts.as_ref().map(Parts::leaf));
    if let Some(quota) = vault.quota {
        check_quota(vault, &plan, quota)?;
    }
    let (from_aside, beside) = (plan.from_aside, plan.beside.clone());
    let pending = sign_record(ports, vault, &vault.state, plan).await?;
    let mut batch = pending_batch(&vault.state, Some(&pending.signed));
    batch.writes.extend(from_aside.map(|id| (aside_key(vault.id(), id), None)));
    batch.writes.extend(beside);
    ports.store().write(batch).await?;
    vault.pending = Some(pending);
    vault.aside.retain(|aside| Some(aside.id) != from_aside);
    match connectivity {
        Connectivity::Online => {
            let flushed = flush_pending(ports, vault).await;
            // What still waits is on this device, as the user is told.
            if let Some(pending) = &mut vault.pending {
                pending.is_promised = true;
            }
            if flushed.is_err() {
                vault.relist();
                ports.emit(Event::Changed);
            }
            if let FlushOutcome { record: Some(sent), .. } = flushed? {
                record = sent;
            }
            // A new name for a wallet or a sign-in method is dropped if another device has written
            // first.
            if vault.pending.is_none() && vault.state.record(record) != planned.as_ref() && record == first {
                vault.relist();
                return Err(VaultFailure::Changed);
            }
        }
        Connectivity::Offline => {
            if let Some(pending) = &mut vault.pending {
                pending.is_promised = true;
            }
            set_sync_state(ports, vault, SyncState::Waiting);
        }
    }
    vault.relist();
    ports.emit(Event::Changed);
    Ok(record)
}

/// Signs, stores and sends a change. `Ok` means that both the server and this device have it.
pub(crate) async fn commit_atomic<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    change: AtomicChange<'_>,
) -> Result<(), VaultFailure> {
    let AtomicChange { op, changes, request } = change;
    if op != Op::SignInMethods {
        check_session(vault)?;
    }
    if let Some(quota) = vault.quota {
        check_atomic_quota(&changes, quota)?;
    }
    let commit = sign_commit(ports, vault, &vault.state, op, changes).await?;
    let request = request.map(|request| request.body(&commit));
    if let Some(sheet) = &mut vault.sheet {
        sheet.note_commit(&commit);
    }
    let signed = SignedWrite { commit, request };
    ports.store().write(pending_batch(&vault.state, Some(&signed))).await?;
    vault.pending = Some(Pending { signed, work: Work::Atomic, is_promised: false });
    let outcome = flush_pending(ports, vault).await?;
    vault.unreported_failure = false;
    match (outcome.failed, &vault.pending) {
        (Some(failure), _) => Err(failure),
        (None, Some(_)) => Err(VaultFailure::Unsettled),
        (None, None) => Ok(()),
    }
}
