//! Signing of writes, always on the state that this device has verified itself.

use crystallum_api as api;
use crystallum_core::{Change, Entropy, Op, RecordId, SignedHead};
use crystallum_messages::Failure;

use crate::local::load::SignedWrite;
use crate::ports::{Clock, DeviceKey, NoDeviceKey, Ports};
use crate::sync::push::RecordPlan;
use crate::vault::objects::Parts;
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::{Pending, Work};

/// Signs the change of one record on the known state.
pub(crate) async fn sign_record<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    plan: RecordPlan,
) -> Result<Pending, Failure> {
    let RecordPlan { record, parts } = plan;
    let change = tree_change(vault, record, parts.as_ref()).ok_or(Failure::NoSuchRecord)?;
    let wire = match (&parts, change) {
        (Some(parts), _) => parts.change_from(record, vault.state.record(record)),
        (None, Change::Tombstone(_, version)) => {
            api::Change::Tombstone { id: api::Id(*record.as_bytes()), version }
        }
        (None, _) => return Err(Failure::Confused),
    };
    let commit = sign_commit(ports, vault, Op::Write, &[change], vec![wire]).await?;
    Ok(Pending { signed: SignedWrite { commit, request: None }, work: Work::Record { id: record, parts } })
}

/// Builds and signs a commit of these changes on the known state. The changes are given as tree
/// changes and in their wire form.
pub(crate) async fn sign_commit<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    op: Op,
    changes: &[Change],
    wire: Vec<api::Change>,
) -> Result<api::Commit, Failure> {
    let head = sign_head(ports, vault, op, changes).await?;
    let mut commit_id = [0; 16];
    ports.entropy().fill(&mut commit_id);
    Ok(api::Commit {
        commit_id: api::Id(commit_id),
        expected_counter: vault.counter(),
        changes: wire,
        head: head.to_bytes().into(),
    })
}

/// Builds the next head from the verified state of this device and adds both signatures.
async fn sign_head<P: Ports>(
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
    Ok(vault.signer.sign_head(body, signature))
}

/// Returns the tree change of a planned write, `None` if it deletes a record that does not exist.
pub(crate) fn tree_change(vault: &OpenVault, record: RecordId, parts: Option<&Parts>) -> Option<Change> {
    match parts {
        Some(parts) => Some(Change::Record(record, parts.leaf())),
        None => {
            let leaf = vault.state.record(record)?;
            let version = leaf.overview_version.max(leaf.secret_version).checked_add(1)?;
            Some(Change::Tombstone(record, version))
        }
    }
}

/// The most bytes that one write adds to the account's history: a head, and the change without its
/// blobs.
const MAX_HISTORY_GROWTH: u64 = 1_024;

/// Refuses a write that exceeds the account's quota. This happens before signing, because a signed
/// head cannot be taken back.
pub(crate) fn check_quota(
    vault: &OpenVault,
    plan: &RecordPlan,
    quota: api::RemainingQuota,
) -> Result<(), Failure> {
    let Some(parts) = &plan.parts else { return Ok(()) };
    let old = vault.state.record(plan.record);
    let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    let blobs =
        |parts: &Parts| size(parts.overview.blob.as_bytes().len()) + size(parts.secret.blob.as_bytes().len());
    let before = vault.objects.records.get(&plan.record).map_or(0, blobs);
    let bytes = blobs(parts).saturating_sub(before);
    if (old.is_none() && quota.records == 0) || bytes.max(MAX_HISTORY_GROWTH) > quota.bytes {
        return Err(Failure::QuotaExceeded);
    }
    Ok(())
}
