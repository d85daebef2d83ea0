//! Batches that change a stored vault. Each is written as a whole or not at all.

use crystallum_core::{DeviceId, LeafId, RecordId, SignedHead, VaultId, VaultState};
use crystallum_messages::VaultFailure;

use crate::local::heads::LogWrites;
use crate::local::schema::{REMOVED, object_key, object_value, parts_to_bytes, record_key, storage_key};
use crate::ports::{Batch, StoreFailed, WriteFailed};
use crate::vault::change::SignedWrite;
use crate::vault::disowned::DisownedHeads;
use crate::vault::objects::ObjectsAfter;
use crate::vault::orphans::Orphans;
use crate::vault::part::Parts;
use crate::wire::stored::commit_to_json;

impl From<WriteFailed> for VaultFailure {
    fn from(failed: WriteFailed) -> Self {
        match failed {
            WriteFailed::Changed => Self::AnotherTab,
            WriteFailed::Failed => Self::StorageFailed,
        }
    }
}

impl From<StoreFailed> for VaultFailure {
    fn from(StoreFailed: StoreFailed) -> Self {
        Self::StorageFailed
    }
}

/// Builds a batch that moves the stored vault from the head `before` to `state` by writing the
/// `changed` leaves, and `log`, the heads up to `state`. It is only written if `before` is still
/// the stored head.
pub(crate) fn advance_batch<'a>(
    before: &SignedHead,
    state: &VaultState,
    objects: ObjectsAfter<'_>,
    changed: impl IntoIterator<Item = &'a LeafId>,
    log: LogWrites,
) -> Batch {
    state_batch(Some(before), state, objects, changed, log)
}

/// Builds a batch that stores a vault that is new on this device, with all heads up to its state.
pub(crate) fn new_vault_batch(
    device: DeviceId,
    state: &VaultState,
    objects: ObjectsAfter<'_>,
    log: LogWrites,
) -> Batch {
    let every: Vec<LeafId> = state.leaves().map(|(id, _)| id).collect();
    let mut batch = state_batch(None, state, objects, &every, log);
    let vault = state.head().body().vault;
    batch.writes.push((storage_key(vault, "device"), Some(device.as_bytes().to_vec())));
    batch
}

fn state_batch<'a>(
    before: Option<&SignedHead>,
    state: &VaultState,
    objects: ObjectsAfter<'_>,
    changed: impl IntoIterator<Item = &'a LeafId>,
    LogWrites(log): LogWrites,
) -> Batch {
    let vault = state.head().body().vault;
    let head = storage_key(vault, "head");
    let mut writes = vec![
        (head.clone(), Some(state.head().to_bytes())),
        (storage_key(vault, "past"), Some(state.past().to_bytes())),
    ];
    for id in changed {
        let value = state.leaf(*id).and_then(|leaf| object_value(*id, leaf, objects));
        writes.push((object_key(vault, *id), value));
        if let LeafId::Record(id) = id {
            let versions = objects.history(*id).filter(|versions| versions.len() > 1);
            let value = versions.map(|versions| serde_json::to_vec(versions).expect("numbers and bytes"));
            writes.push((record_key(vault, "history/", *id), value));
        }
    }
    writes.extend(log);
    Batch { expect: Some((head, before.map(SignedHead::to_bytes))), writes }
}

/// Builds a batch that stores records whose secrets have arrived, if `state` is still what is
/// stored.
pub(crate) fn secrets_batch(state: &VaultState, arrived: &[(RecordId, Parts)]) -> Batch {
    let vault = state.head().body().vault;
    let expect = Some((storage_key(vault, "head"), Some(state.head().to_bytes())));
    let writes = arrived
        .iter()
        .map(|(id, parts)| (object_key(vault, LeafId::Record(*id)), Some(parts_to_bytes(parts))));
    Batch { expect, writes: writes.collect() }
}

/// Adds the pending write to a batch, or its removal.
pub(crate) fn with_pending(mut batch: Batch, vault: VaultId, pending: Option<&SignedWrite>) -> Batch {
    let commit = pending.map(|signed| commit_to_json(&signed.commit));
    let request = pending.and_then(|signed| signed.request.clone());
    batch.writes.extend([(storage_key(vault, "pending"), commit), (storage_key(vault, "methods"), request)]);
    batch
}

/// Returns the write that says that this device was removed from the vault. It belongs into the
/// batch that stores the state without it.
pub(crate) fn removal_write(vault: VaultId) -> (String, Option<Vec<u8>>) {
    (storage_key(vault, REMOVED), Some(Vec::new()))
}

/// Builds a batch that removes the pending write and stores the heads that this device has given
/// up, its own among them, if `state` is still what is stored.
pub(crate) fn disown_batch(state: &VaultState, disowned: &DisownedHeads) -> Batch {
    let mut batch = pending_batch(state, None);
    batch.writes.push(disowned_write(state.head().body().vault, disowned));
    batch
}

/// Returns the write that stores the heads that this device has given up.
pub(crate) fn disowned_write(vault: VaultId, disowned: &DisownedHeads) -> (String, Option<Vec<u8>>) {
    (storage_key(vault, "disowned"), Some(disowned.to_bytes()))
}

/// Returns the write that stores the sign-in methods of withdrawn heads, or removes the last of
/// them.
pub(crate) fn orphans_write(vault: VaultId, orphans: &Orphans) -> (String, Option<Vec<u8>>) {
    (storage_key(vault, "orphans"), (!orphans.is_empty()).then(|| orphans.to_bytes()))
}

/// Builds a batch that stores only the pending write, or removes it, if `state` is still what is
/// stored.
pub(crate) fn pending_batch(state: &VaultState, pending: Option<&SignedWrite>) -> Batch {
    let vault = state.head().body().vault;
    let expect = Some((storage_key(vault, "head"), Some(state.head().to_bytes())));
    with_pending(Batch { expect, writes: Vec::new() }, vault, pending)
}
