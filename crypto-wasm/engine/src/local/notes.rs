//! Notes of this device beside the vault itself: what the unlock page shows, when records were
//! first seen in the trash, the draft of a form, and the snapshot of the overviews.

use std::collections::BTreeMap;

use crystallum_core::{Blob, DeviceId, RecordId, SignedHead, VaultId};
use crystallum_messages as messages;
use serde::{Deserialize, Serialize};

use crate::local::aside::ASIDE;
use crate::local::schema::{
    OVERVIEWS, SUMMARIES, heads_key, parse_record_id, record_key, storage_key, summary_key,
};
use crate::ports::{Batch, LocalStore, StoreFailed, WriteFailed};

/// The part of a vault that the unlock page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VaultSummary {
    pub(crate) name: String,
    pub(crate) last_used: u64,
}

/// Lists the vaults that this device knows, last used first.
pub(crate) async fn known_vaults(store: &impl LocalStore) -> Result<Vec<messages::KnownVault>, StoreFailed> {
    let mut vaults = Vec::new();
    for (key, value) in store.scan(SUMMARIES).await? {
        let id = key.strip_prefix(SUMMARIES).and_then(|id| id.parse::<messages::VaultId>().ok());
        if let (Some(id), Ok(VaultSummary { name, last_used })) = (id, serde_json::from_slice(&value)) {
            vaults.push(messages::KnownVault { id, name, last_used });
        }
    }
    vaults.sort_by_key(|vault| std::cmp::Reverse(vault.last_used));
    Ok(vaults)
}

/// Saves the summary of a vault for the unlock page.
pub(crate) async fn save_summary(
    store: &impl LocalStore,
    vault: VaultId,
    summary: &VaultSummary,
) -> Result<(), WriteFailed> {
    let value = serde_json::to_vec(summary).expect("a name and a number");
    store.write(Batch { expect: None, writes: vec![(summary_key(vault), Some(value))] }).await
}

/// Returns when this device first saw each record in the trash, in milliseconds since 1970.
pub(crate) async fn trash_times(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<BTreeMap<RecordId, u64>, StoreFailed> {
    let prefix = storage_key(vault, "trash/");
    let stored = store.scan(&prefix).await?.into_iter().filter_map(|(name, value)| {
        let id = parse_record_id(name.strip_prefix(&prefix)?).ok()?;
        Some((id, u64::from_be_bytes(value.try_into().ok()?)))
    });
    Ok(stored.collect())
}

/// Saves when records were first seen in the trash, or, with `None`, that they are no longer in it.
pub(crate) async fn save_trash_times(
    store: &impl LocalStore,
    vault: VaultId,
    seen: impl Iterator<Item = (RecordId, Option<u64>)>,
) -> Result<(), WriteFailed> {
    let row = |(id, time): (RecordId, Option<u64>)| {
        (record_key(vault, "trash/", id), time.map(|time| time.to_be_bytes().to_vec()))
    };
    let writes: Vec<_> = seen.map(row).collect();
    if writes.is_empty() { Ok(()) } else { store.write(Batch { expect: None, writes }).await }
}

/// Saves the sealed draft in place of an earlier one, or removes it. Nothing is written if `head`
/// is no longer what is stored, because another tab has forgotten the vault.
pub(crate) async fn save_draft(
    store: &impl LocalStore,
    head: &SignedHead,
    draft: Option<&Blob>,
) -> Result<(), WriteFailed> {
    save_sealed(store, head, "draft", draft).await
}

/// Saves the sealed snapshot of the overviews in place of an earlier one, in the same way.
pub(crate) async fn save_snapshot(
    store: &impl LocalStore,
    head: &SignedHead,
    snapshot: Option<&Blob>,
) -> Result<(), WriteFailed> {
    save_sealed(store, head, OVERVIEWS, snapshot).await
}

async fn save_sealed(
    store: &impl LocalStore,
    head: &SignedHead,
    name: &str,
    blob: Option<&Blob>,
) -> Result<(), WriteFailed> {
    let vault = head.body().vault;
    let expect = Some((storage_key(vault, "head"), Some(head.to_bytes())));
    let value = blob.map(|blob| blob.as_bytes().to_vec());
    store.write(Batch { expect, writes: vec![(storage_key(vault, name), value)] }).await
}

/// Returns the sealed draft.
pub(crate) async fn load_draft(store: &impl LocalStore, vault: VaultId) -> Result<Option<Blob>, StoreFailed> {
    Ok(store.get(&storage_key(vault, "draft")).await?.map(Blob::from_bytes))
}

/// Counts the changes of a vault that are stored on this device only: the pending one, and those
/// that were set aside.
pub(crate) async fn count_unsaved(store: &impl LocalStore, vault: VaultId) -> Result<u32, StoreFailed> {
    let pending = store.get(&storage_key(vault, "pending")).await?;
    let aside = store.scan(&storage_key(vault, ASIDE)).await?;
    u32::try_from(aside.len() + usize::from(pending.is_some())).map_err(|_| StoreFailed)
}

/// Removes everything of a vault from this device except its signing key, and returns the device
/// id.
pub(crate) async fn forget_vault(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<Option<DeviceId>, StoreFailed> {
    let stored = store.scan(&storage_key(vault, "")).await?;
    let device = stored.iter().find(|(name, _)| *name == storage_key(vault, "device"));
    let device = device.and_then(|(_, id)| id.as_slice().try_into().ok()).map(DeviceId::new);
    let heads = store.scan(&heads_key(vault, "")).await?;
    let names = stored.into_iter().chain(heads).map(|(name, _)| name).chain([summary_key(vault)]);
    let batch = Batch { expect: None, writes: names.map(|name| (name, None)).collect() };
    store.write(batch).await.map_err(|_| StoreFailed)?;
    Ok(device)
}
