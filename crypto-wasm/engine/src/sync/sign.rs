//! Signing of writes, always on a state that this device has verified itself.

use crystallum_core::{Change, Op, SignedHead, VaultState};
use crystallum_messages::{ImpossibleState, ServerFailure, VaultFailure};

use crate::ports::{Clock, DeviceKey, Entropy, NoDeviceKey, Ports};
use crate::sync::plan::RecordPlan;
use crate::vault::change::{Commit, SealedChange, SignedWrite, tombstone_version, tree_changes};
use crate::vault::open_vault::{OpenVault, Quota};
use crate::vault::part::{Part, Parts};
use crate::vault::pending::{Pending, Work};

/// Signs the change of one record on a verified state.
pub(crate) async fn sign_record<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    state: &VaultState,
    plan: RecordPlan,
) -> Result<Pending, VaultFailure> {
    let RecordPlan { record, parts, from_aside, .. } = plan;
    let change = match &parts {
        Some(parts) => parts.change_from(record, state.record(record)),
        None => {
            let version = state.record(record).and_then(tombstone_version);
            SealedChange::Tombstone(record, version.ok_or(VaultFailure::NoSuchRecord)?)
        }
    };
    let commit = sign_commit(ports, vault, state, Op::Write, vec![change]).await?;
    let signed = SignedWrite { commit, request: None };
    let is_promised = from_aside.is_some();
    Ok(Pending { signed, work: Work::Record { id: record, parts }, is_promised })
}

/// Builds and signs a commit of these changes on a verified state.
pub(crate) async fn sign_commit<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    state: &VaultState,
    op: Op,
    changes: Vec<SealedChange>,
) -> Result<Commit, VaultFailure> {
    let tree_changes = tree_changes(&changes, Some(state)).map_err(|_| ImpossibleState::OwnChangeRefused)?;
    let head = sign_head(ports, vault, state, op, &tree_changes).await?;
    let mut id = [0; 16];
    ports.entropy().fill(&mut id);
    Ok(Commit { id, expected_counter: state.head().body().counter, changes, head })
}

/// Builds the next head from a verified state and adds both signatures.
async fn sign_head<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    state: &VaultState,
    op: Op,
    changes: &[Change],
) -> Result<SignedHead, VaultFailure> {
    if op != Op::Join && state.device(vault.device).is_none() {
        // One that went over to a history without it enters first.
        return Err(match vault.gone_over {
            Some(_) => VaultFailure::WaitingForServer,
            None => ImpossibleState::DeviceNotJoined.into(),
        });
    }
    let body = state
        .next_body(op, vault.device, changes, ports.clock().now())
        .map_err(|_| ImpossibleState::OwnChangeRefused)?;
    let signature = ports
        .device_key()
        .sign(vault.device, &body.message())
        .await
        .map_err(|NoDeviceKey| VaultFailure::StorageFailed)?;
    Ok(vault.signer.sign_head(body, signature))
}

/// The most bytes that one write adds to the account's history: a head, and the change without its
/// blobs.
const MAX_HISTORY_GROWTH: u64 = 1_024;
/// The most bytes that an atomic change adds to an account: sixteen shares or four wraps, and a
/// record.
const MAX_ATOMIC_GROWTH: u64 = 32 * 1_024;

/// Refuses a write that exceeds the account's quota. This happens before signing, because a signed
/// head cannot be taken back.
pub(crate) fn check_quota(vault: &OpenVault, plan: &RecordPlan, quota: Quota) -> Result<(), VaultFailure> {
    let Some(parts) = &plan.parts else { return Ok(()) };
    let old = vault.state.record(plan.record);
    let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    let part = |part: &Part| size(part.blob.as_bytes().len());
    // A secret that is not here is not changed either.
    let blobs = |parts: &Parts| part(&parts.overview) + parts.secret.here().map_or(0, part);
    let before = vault.objects.records.get(&plan.record).map_or(0, blobs);
    let bytes = blobs(parts).saturating_sub(before);
    if (old.is_none() && quota.records == 0) || bytes.max(MAX_HISTORY_GROWTH) > quota.bytes {
        return Err(ServerFailure::QuotaExceeded.into());
    }
    Ok(())
}

/// Refuses an atomic change that adds slots or shares and may exceed the account's quota.
pub(crate) fn check_atomic_quota(changes: &[SealedChange], quota: Quota) -> Result<(), VaultFailure> {
    let left = |change: &SealedChange| match change {
        SealedChange::Keyslot(..) => Some(quota.access),
        SealedChange::Share(..) => Some(quota.bytes),
        _ => None,
    };
    let fits = changes.iter().filter_map(left).all(|left| left >= MAX_ATOMIC_GROWTH);
    if fits { Ok(()) } else { Err(ServerFailure::QuotaExceeded.into()) }
}
