//! Loading a stored vault, which is verified before it is used.

use std::collections::BTreeMap;

use crystallum_core::{Blob, DeviceId, History, Leaf, LeafId, Malformed, SignedHead, VaultId, VaultState};

use crate::local::aside::{ASIDE, aside_from_bytes};
use crate::local::joins::{JOINS, join_from_bytes};
use crate::local::load_error::LoadError;
use crate::local::schema::{OVERVIEWS, REMOVED, parse_record_id, parts_from_bytes, storage_key};
use crate::ports::{LocalStore, StoreFailed};
use crate::vault::aside::Aside;
use crate::vault::change::{SealedChange, SignedWrite};
use crate::vault::disowned::DisownedHeads;
use crate::vault::join::Join;
use crate::vault::objects::Objects;
use crate::vault::orphans::Orphans;
use crate::vault::received::ReceivedBlobs;
use crate::vault::slots::passkey_id;
use crate::wire::stored::{change_from_json, signed_write_from_json};

/// A vault as it is stored on this device.
pub(crate) struct StoredVault {
    pub(crate) device: DeviceId,
    /// Whether another device has removed this one.
    pub(crate) is_removed: bool,
    pub(crate) state: VaultState,
    pub(crate) objects: Objects,
    pub(crate) pending: Option<SignedWrite>,
    pub(crate) disowned: DisownedHeads,
    pub(crate) orphans: Orphans,
    /// What was set aside, oldest first.
    pub(crate) aside: Vec<Aside>,
    /// The devices that entered the vault and that nobody has looked at yet, oldest first.
    pub(crate) joins: Vec<Join>,
    /// The sealed snapshot of the overviews.
    pub(crate) snapshot: Option<Blob>,
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
    let mut changes: Vec<SealedChange> =
        stored.iter().filter_map(|(_, value)| change_from_json(value).ok()).collect();
    let pending = store.get(&storage_key(vault, "pending")).await?;
    let pending = pending.and_then(|commit| signed_write_from_json(&commit, None).ok());
    changes.extend(pending.into_iter().flat_map(|signed| signed.commit.changes));
    let mut ids: Vec<Vec<u8>> = changes
        .iter()
        .filter_map(|change| match change {
            SealedChange::Keyslot(_, leaf, Some(wrap)) => passkey_id(&wrap.read(leaf)?),
            _ => None,
        })
        .collect();
    ids.sort();
    ids.dedup();
    Ok(Some(ids))
}

fn parse_vault(
    vault: VaultId,
    head: &[u8],
    values: &BTreeMap<String, Vec<u8>>,
) -> Result<StoredVault, Malformed> {
    let head = SignedHead::from_bytes(head)?;
    let past = History::from_bytes(values.get(&storage_key(vault, "past")).ok_or(Malformed)?)?;
    let device = values.get(&storage_key(vault, "device")).ok_or(Malformed)?;
    let device = DeviceId::new(device.as_slice().try_into().map_err(|_| Malformed)?);
    let mut objects = Objects::default();
    let mut leaves = Vec::new();
    let (mut others, mut aside, mut joins) = (Vec::new(), Vec::new(), Vec::new());
    let [record, other, history, set_aside, entered] =
        ["record/", "other/", "history/", ASIDE, JOINS].map(|room| storage_key(vault, room));
    for (name, value) in values {
        if let Some(id) = name.strip_prefix(&record) {
            let (id, parts) = (parse_record_id(id)?, parts_from_bytes(value)?);
            leaves.push((LeafId::Record(id), Leaf::Record(parts.leaf())));
            objects.records.insert(id, parts);
        } else if let Some(id) = name.strip_prefix(&history) {
            let versions = serde_json::from_slice(value).map_err(|_| Malformed)?;
            objects.history.insert(parse_record_id(id)?, versions);
        } else if let Some(id) = name.strip_prefix(&set_aside) {
            aside.push(aside_from_bytes(id, value)?);
        } else if let Some(counter) = name.strip_prefix(&entered) {
            joins.push(join_from_bytes(counter, value)?);
        } else if name.starts_with(&other) {
            others.push(change_from_json(value)?);
        }
    }
    aside.sort_by_key(|aside| aside.time);
    joins.sort_by_key(|join| join.counter);
    let mut received = ReceivedBlobs::default();
    for change in received.take(others, None)? {
        let (id, leaf) = change.leaf();
        leaves.push((id, leaf.ok_or(Malformed)?));
    }
    let state = VaultState::restore(head, past, leaves).map_err(|_| Malformed)?;
    let is_removed = values.contains_key(&storage_key(vault, REMOVED));
    if state.head().body().vault != vault || state.device(device).is_none() != is_removed {
        return Err(Malformed);
    }
    let changed = state.leaves().map(|(id, _)| id).filter(|id| !matches!(id, LeafId::Record(_))).collect();
    objects.apply(received.update(&state, &Objects::default(), &changed).ok_or(Malformed)?);
    let pending = match values.get(&storage_key(vault, "pending")) {
        Some(commit) => {
            let request = values.get(&storage_key(vault, "methods")).cloned();
            Some(signed_write_from_json(commit, request)?)
        }
        None => None,
    };
    let disowned = values.get(&storage_key(vault, "disowned"));
    let disowned = disowned.map_or(Ok(DisownedHeads::default()), |heads| DisownedHeads::from_bytes(heads))?;
    let orphans = values.get(&storage_key(vault, "orphans"));
    let orphans = orphans.map_or(Ok(Orphans::default()), |orphans| Orphans::from_bytes(orphans))?;
    let snapshot = values.get(&storage_key(vault, OVERVIEWS)).cloned().map(Blob::from_bytes);
    Ok(StoredVault { device, is_removed, state, objects, pending, disowned, orphans, aside, joins, snapshot })
}
