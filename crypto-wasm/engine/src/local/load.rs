//! Local storage of vaults: the newest head, the ciphertext, the pending write, and the summary
//! that the unlock page shows.
//!
//! | key | value |
//! | --- | --- |
//! | `vaults/V` | JSON: the name and the time of last use |
//! | `vault/V/device` | the device id |
//! | `vault/V/head` | the newest verified head |
//! | `vault/V/pending` | JSON: the commit that is signed but not confirmed |
//! | `vault/V/ways` | JSON: the request that carries it, if it changes sign-in methods |
//! | `vault/V/record/R` | both sealed parts |
//! | `vault/V/history/R` | JSON: the versions of the secret, once there are two |
//! | `vault/V/trash/R` | when this device first saw the record in the trash, u64 |
//! | `vault/V/other/…` | JSON: devices, keyslots, shares and tombstones in their wire form |

use std::collections::BTreeMap;

use crystallum_api as api;
use crystallum_core::{
    Blob, DeviceId, Leaf, LeafId, Malformed, Opener, RecordId, SignedHead, VaultId, VaultState, Wrap,
};
use crystallum_messages as messages;
use serde::{Deserialize, Serialize};

use crate::ports::{Batch, LocalStore, StoreFailed, WriteFailed};
use crate::vault::objects::{Objects, Part, Parts, ReceivedBlobs, share_to_wire};

/// The part of a vault that the unlock page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VaultSummary {
    pub(crate) name: String,
    pub(crate) last_used: u64,
}

/// A vault as it is stored on this device.
pub(crate) struct StoredVault {
    pub(crate) device: DeviceId,
    pub(crate) state: VaultState,
    pub(crate) objects: Objects,
    pub(crate) pending: Option<SignedWrite>,
}

/// A signed write that was stored before it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedWrite {
    pub(crate) commit: api::Commit,
    /// The request that carries the commit, if it changes sign-in methods.
    pub(crate) request: Option<Box<api::ChangeSignInMethods>>,
}

/// Why a stored vault could not be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoadError {
    /// The stored objects do not form the state that the head signs.
    Damaged,
    /// The storage failed.
    Failed,
}

impl From<StoreFailed> for LoadError {
    fn from(StoreFailed: StoreFailed) -> Self {
        Self::Failed
    }
}

/// Lists the vaults that this device knows, last used first.
pub(crate) async fn known_vaults(store: &impl LocalStore) -> Result<Vec<messages::KnownVault>, StoreFailed> {
    let mut vaults = Vec::new();
    for (key, value) in store.scan("vaults/").await? {
        let id = key.strip_prefix("vaults/").and_then(|id| id.parse::<messages::VaultId>().ok());
        if let (Some(id), Ok(VaultSummary { name, last_used })) = (id, serde_json::from_slice(&value)) {
            vaults.push(messages::KnownVault { id, name, last_used });
        }
    }
    vaults.sort_by_key(|vault| std::cmp::Reverse(vault.last_used));
    Ok(vaults)
}

/// Loads and verifies a vault. Returns `None` if this device does not know it.
pub(crate) async fn load_vault(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<Option<StoredVault>, LoadError> {
    let values: BTreeMap<String, Vec<u8>> = store.scan(&storage_key(vault, "")).await?.into_iter().collect();
    let Some(head) = values.get(&storage_key(vault, "head")) else { return Ok(None) };
    parse_vault(vault, head, &values).map(Some).map_err(|Malformed| LoadError::Damaged)
}

/// Returns whether what was loaded is still what is stored.
pub(crate) async fn is_current(
    store: &impl LocalStore,
    vault: VaultId,
    loaded: &Result<Option<StoredVault>, LoadError>,
) -> bool {
    let head = match loaded {
        Ok(stored) => stored.as_ref().map(|stored| stored.state.head().to_bytes()),
        Err(_) => return false,
    };
    store.get(&storage_key(vault, "head")).await.is_ok_and(|now| now == head)
}

/// Returns the credential ids of the passkeys that may open the vault, if this device knows it:
/// those of the stored state, and those that a pending write adds, since the server may have
/// accepted it. They only select which passkeys are asked; what they open is verified afterwards.
pub(crate) async fn stored_passkey_ids(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<Option<Vec<Vec<u8>>>, StoreFailed> {
    if store.get(&storage_key(vault, "head")).await?.is_none() {
        return Ok(None);
    }
    let stored = store.scan(&storage_key(vault, "other/keyslot/")).await?;
    let mut changes: Vec<api::Change> =
        stored.iter().filter_map(|(_, value)| serde_json::from_slice(value).ok()).collect();
    let pending = store.get(&storage_key(vault, "pending")).await?;
    let pending = pending.and_then(|commit| serde_json::from_slice::<api::Commit>(&commit).ok());
    changes.extend(pending.into_iter().flat_map(|commit| commit.changes));
    let mut ids: Vec<Vec<u8>> = changes.iter().filter_map(passkey_id).collect();
    ids.sort();
    ids.dedup();
    Ok(Some(ids))
}

fn passkey_id(change: &api::Change) -> Option<Vec<u8>> {
    let api::Change::Keyslot { wrap, .. } = change else { return None };
    match Wrap::from_bytes(wrap.as_slice()).ok()?.opener() {
        Opener::Passkey { credential_id } => Some(credential_id.to_vec()),
        Opener::RecoveryCode { .. } => None,
    }
}

fn parse_vault(
    vault: VaultId,
    head: &[u8],
    values: &BTreeMap<String, Vec<u8>>,
) -> Result<StoredVault, Malformed> {
    let head = SignedHead::from_bytes(head)?;
    let device = values.get(&storage_key(vault, "device")).ok_or(Malformed)?;
    let device = DeviceId::new(device.as_slice().try_into().map_err(|_| Malformed)?);
    let mut objects = Objects::default();
    let mut leaves = Vec::new();
    let mut received = ReceivedBlobs::default();
    let (records, others, history) =
        (storage_key(vault, "record/"), storage_key(vault, "other/"), storage_key(vault, "history/"));
    for (name, value) in values {
        if let Some(id) = name.strip_prefix(&records) {
            let id = RecordId::new(id.parse::<messages::RecordId>().map_err(|_| Malformed)?.0);
            let parts = parts_from_bytes(value)?;
            leaves.push((LeafId::Record(id), Leaf::Record(parts.leaf())));
            objects.records.insert(id, parts);
        } else if let Some(id) = name.strip_prefix(&history) {
            let id = RecordId::new(id.parse::<messages::RecordId>().map_err(|_| Malformed)?.0);
            objects.history.insert(id, serde_json::from_slice(value).map_err(|_| Malformed)?);
        } else if name.starts_with(&others) {
            let change: api::Change = serde_json::from_slice(value).map_err(|_| Malformed)?;
            let (id, leaf) = received.read(&change, None)?.leaf();
            leaves.push((id, leaf.ok_or(Malformed)?));
        }
    }
    let state = VaultState::restore(head, leaves).map_err(|_| Malformed)?;
    if state.head().body().vault != vault || state.device(device).is_none() {
        return Err(Malformed);
    }
    let changed = state.leaves().map(|(id, _)| id).filter(|id| !matches!(id, LeafId::Record(_))).collect();
    objects.apply(received.update(&state, &Objects::default(), &changed).ok_or(Malformed)?);
    let pending = match values.get(&storage_key(vault, "pending")) {
        Some(commit) => {
            let request = values.get(&storage_key(vault, "ways"));
            let request = request.map(|request| serde_json::from_slice(request)).transpose();
            let commit = serde_json::from_slice(commit).map_err(|_| Malformed)?;
            Some(SignedWrite { commit, request: request.map_err(|_| Malformed)? })
        }
        None => None,
    };
    Ok(StoredVault { device, state, objects, pending })
}

/// Builds a batch that moves the stored vault from the head `before` (`None` for a vault that is
/// new on this device) to `state` by writing the `changed` leaves. It is only written if `before`
/// is still the stored head.
pub(crate) fn advance_batch<'a>(
    before: Option<&SignedHead>,
    state: &VaultState,
    objects: &Objects,
    changed: impl IntoIterator<Item = &'a LeafId>,
) -> Batch {
    let vault = state.head().body().vault;
    let head = storage_key(vault, "head");
    let mut writes = vec![(head.clone(), Some(state.head().to_bytes()))];
    for id in changed {
        let value = state.leaf(*id).and_then(|leaf| object_value(*id, leaf, objects));
        writes.push((object_key(vault, *id), value));
        if let LeafId::Record(id) = id {
            let versions = objects.history.get(id).filter(|versions| versions.len() > 1);
            let value = versions.map(|versions| serde_json::to_vec(versions).expect("numbers and bytes"));
            writes.push((
                storage_key(vault, &format!("history/{}", messages::RecordId(*id.as_bytes()))),
                value,
            ));
        }
    }
    Batch { expect: Some((head, before.map(SignedHead::to_bytes))), writes }
}

/// Adds the device id to the first batch of a new vault.
pub(crate) fn with_device(mut batch: Batch, vault: VaultId, device: DeviceId) -> Batch {
    batch.writes.push((storage_key(vault, "device"), Some(device.as_bytes().to_vec())));
    batch
}

/// Adds the pending write to a batch, or its removal.
pub(crate) fn with_pending(mut batch: Batch, vault: VaultId, pending: Option<&SignedWrite>) -> Batch {
    let commit = pending.map(|signed| to_json(&signed.commit));
    let request = pending.and_then(|signed| signed.request.as_ref()).map(to_json);
    batch.writes.extend([(storage_key(vault, "pending"), commit), (storage_key(vault, "ways"), request)]);
    batch
}

/// Builds a batch that stores only the pending write, or removes it, if `state` is still what is
/// stored.
pub(crate) fn pending_batch(state: &VaultState, pending: Option<&SignedWrite>) -> Batch {
    let vault = state.head().body().vault;
    let expect = Some((storage_key(vault, "head"), Some(state.head().to_bytes())));
    with_pending(Batch { expect, writes: Vec::new() }, vault, pending)
}

/// Returns when this device first saw each record in the trash, in milliseconds since 1970.
pub(crate) async fn trash_times(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<BTreeMap<RecordId, u64>, StoreFailed> {
    let prefix = storage_key(vault, "trash/");
    let stored = store.scan(&prefix).await?.into_iter().filter_map(|(name, value)| {
        let id = name.strip_prefix(&prefix)?.parse::<messages::RecordId>().ok()?;
        Some((RecordId::new(id.0), u64::from_be_bytes(value.try_into().ok()?)))
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
        let id = messages::RecordId(*id.as_bytes());
        (storage_key(vault, &format!("trash/{id}")), time.map(|time| time.to_be_bytes().to_vec()))
    };
    let writes: Vec<_> = seen.map(row).collect();
    if writes.is_empty() { Ok(()) } else { store.write(Batch { expect: None, writes }).await }
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
    let summary = format!("vaults/{}", messages::VaultId(*vault.as_bytes()));
    let names = stored.into_iter().map(|(name, _)| name).chain([summary]);
    let batch = Batch { expect: None, writes: names.map(|name| (name, None)).collect() };
    store.write(batch).await.map_err(|_| StoreFailed)?;
    Ok(device)
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("wire types have string keys only")
}

/// Saves the summary of a vault for the unlock page.
pub(crate) async fn save_summary(
    store: &impl LocalStore,
    vault: VaultId,
    summary: &VaultSummary,
) -> Result<(), WriteFailed> {
    let value = serde_json::to_vec(summary).expect("a name and a number");
    let name = format!("vaults/{}", messages::VaultId(*vault.as_bytes()));
    store.write(Batch { expect: None, writes: vec![(name, Some(value))] }).await
}

fn storage_key(vault: VaultId, rest: &str) -> String {
    format!("vault/{}/{rest}", messages::VaultId(*vault.as_bytes()))
}

fn object_key(vault: VaultId, id: LeafId) -> String {
    let hex = |id: &[u8; 16]| messages::RecordId(*id).to_string();
    match id {
        LeafId::Record(id) => storage_key(vault, &format!("record/{}", hex(id.as_bytes()))),
        LeafId::Tombstone(id) => storage_key(vault, &format!("other/tombstone/{}", hex(id.as_bytes()))),
        LeafId::Keyslot(id) => storage_key(vault, &format!("other/keyslot/{}", hex(id.as_bytes()))),
        LeafId::Device(id) => storage_key(vault, &format!("other/device/{}", hex(id.as_bytes()))),
        LeafId::Share(id) => storage_key(vault, &format!("other/share/{}", hex(id.as_bytes()))),
    }
}

/// Returns the stored form of a live object. Returns `None` only for an object that `objects`
/// lacks, which does not happen for a verified state.
fn object_value(id: LeafId, leaf: &Leaf, objects: &Objects) -> Option<Vec<u8>> {
    let change = match (id, leaf) {
        (LeafId::Record(id), _) => return objects.records.get(&id).map(parts_to_bytes),
        (LeafId::Tombstone(id), Leaf::Tombstone { version }) => {
            api::Change::Tombstone { id: api::Id(*id.as_bytes()), version: *version }
        }
        (LeafId::Keyslot(id), Leaf::Keyslot(slot)) => api::Change::Keyslot {
            id: api::Id(*id.as_bytes()),
            slot_kind: slot.kind.number(),
            scope: slot.scope.number(),
            wrap: objects.wraps.get(&id)?.to_bytes().into(),
        },
        (LeafId::Device(id), Leaf::Device(device)) => api::Change::Device {
            id: api::Id(*id.as_bytes()),
            key: device.key.as_slice().into(),
            max_format: device.max_format,
            added_by: api::Id(*device.added_by.as_bytes()),
        },
        (LeafId::Share(id), Leaf::Share(share)) => share_to_wire(id, share),
        _ => return None,
    };
    Some(to_json(&change))
}

/// `u64 overview version ‖ u64 secret version ‖ u32 overview length ‖ overview ‖ secret`.
fn parts_to_bytes(parts: &Parts) -> Vec<u8> {
    let (overview, secret) = (parts.overview.blob.as_bytes(), parts.secret.blob.as_bytes());
    let length = u32::try_from(overview.len()).expect("a blob is at most 16 kB");
    [
        parts.overview.version.to_be_bytes().as_slice(),
        &parts.secret.version.to_be_bytes(),
        &length.to_be_bytes(),
        overview,
        secret,
    ]
    .concat()
}

fn parts_from_bytes(bytes: &[u8]) -> Result<Parts, Malformed> {
    let (overview_version, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    let (secret_version, rest) = rest.split_first_chunk().ok_or(Malformed)?;
    let (length, rest) = rest.split_first_chunk().ok_or(Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed)?;
    let (overview, secret) = rest.split_at_checked(length).ok_or(Malformed)?;
    let part = |version: &[u8; 8], blob: &[u8]| Part {
        version: u64::from_be_bytes(*version),
        blob: Blob::from_bytes(blob.to_vec()),
    };
    Ok(Parts { overview: part(overview_version, overview), secret: part(secret_version, secret) })
}
