//! The ciphertext of a vault: the sealed parts of records and the wraps of keyslots, and their wire
//! form.

use std::collections::{BTreeMap, BTreeSet};

use crystallum_api as api;
use crystallum_core::{
    Blob, Change, DeviceId, DeviceLeaf, HeadBody, KeyslotLeaf, Leaf, LeafId, Malformed, RecordId, RecordLeaf,
    Scope, ShareId, ShareLeaf, ShareSetId, SlotId, SlotKind, StoreId, VaultState, Wrap, blob_hash,
};

use crate::vault::history::{self, SecretVersion};

/// One sealed part of a record, with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) version: u64,
    pub(crate) blob: Blob,
}

impl Part {
    pub(crate) fn hash(&self) -> [u8; 32] {
        blob_hash(self.blob.as_bytes())
    }

    pub(crate) fn to_wire(&self) -> api::Part {
        api::Part {
            version: self.version,
            hash: self.hash().to_vec().into(),
            blob: Some(self.blob.as_bytes().into()),
        }
    }
}

/// Both parts of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) overview: Part,
    pub(crate) secret: Part,
}

impl Parts {
    pub(crate) fn leaf(&self) -> RecordLeaf {
        RecordLeaf {
            overview_version: self.overview.version,
            overview_hash: self.overview.hash(),
            secret_version: self.secret.version,
            secret_hash: self.secret.hash(),
        }
    }

    /// Builds the change that takes a record from `before` to these parts. It contains only the
    /// parts that differ.
    pub(crate) fn change_from(&self, id: RecordId, before: Option<&RecordLeaf>) -> api::Change {
        let same_overview = before.is_some_and(|leaf| leaf.overview_version == self.overview.version);
        let same_secret = before.is_some_and(|leaf| leaf.secret_version == self.secret.version);
        api::Change::Record {
            id: api::Id(*id.as_bytes()),
            overview: (!same_overview).then(|| self.overview.to_wire()),
            secret: (!same_secret).then(|| self.secret.to_wire()),
        }
    }
}

/// The parts of every live record, the wrap of every keyslot, and the known versions of secrets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects {
    pub(crate) records: BTreeMap<RecordId, Parts>,
    pub(crate) wraps: BTreeMap<SlotId, Wrap>,
    pub(crate) history: BTreeMap<RecordId, Vec<SecretVersion>>,
}

/// Blobs that were received with a sequence of changes. Only the newest of each part is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReceivedBlobs {
    overviews: BTreeMap<RecordId, Part>,
    secrets: BTreeMap<RecordId, Part>,
    wraps: BTreeMap<SlotId, Wrap>,
    secret_versions: BTreeMap<RecordId, Vec<SecretVersion>>,
}

impl ReceivedBlobs {
    /// Reads the changes of one signed head and returns the tree changes. `state` is the one before
    /// the head.
    pub(crate) fn read_all(
        &mut self,
        changes: &[api::Change],
        head: &HeadBody,
        state: Option<&VaultState>,
    ) -> Result<Vec<Change>, Malformed> {
        let read = changes.iter().map(|change| self.read(change, state)).collect::<Result<_, _>>()?;
        for (id, entry) in history::secret_versions(changes, head) {
            self.secret_versions.entry(id).or_default().push(entry);
        }
        Ok(read)
    }

    /// Reads one change, keeps its blobs, and returns the tree change. `state` is the one before
    /// it.
    pub(crate) fn read(
        &mut self,
        change: &api::Change,
        state: Option<&VaultState>,
    ) -> Result<Change, Malformed> {
        match change {
            api::Change::Device { id, key, max_format, added_by } => {
                let key = key.as_slice().try_into().map_err(|_| Malformed)?;
                let leaf = DeviceLeaf { key, max_format: *max_format, added_by: SlotId::new(added_by.0) };
                Ok(Change::Device(DeviceId::new(id.0), leaf))
            }
            api::Change::Keyslot { id, slot_kind, scope, wrap } => {
                let id = SlotId::new(id.0);
                let leaf = KeyslotLeaf {
                    kind: SlotKind::from_number(*slot_kind)?,
                    scope: Scope::from_number(*scope)?,
                    wrap_hash: blob_hash(wrap.as_slice()),
                };
                self.wraps.insert(id, Wrap::from_bytes(wrap.as_slice())?);
                Ok(Change::Keyslot(id, leaf))
            }
            api::Change::Record { id, overview, secret } => {
                let id = RecordId::new(id.0);
                let before = state.and_then(|state| state.record(id));
                let (overview_version, overview_hash) = match (overview, before) {
                    (Some(part), _) => keep_blob(&mut self.overviews, id, part)?,
                    (None, Some(leaf)) => (leaf.overview_version, leaf.overview_hash),
                    (None, None) => return Err(Malformed),
                };
                let (secret_version, secret_hash) = match (secret, before) {
                    (Some(part), _) => keep_blob(&mut self.secrets, id, part)?,
                    (None, Some(leaf)) => (leaf.secret_version, leaf.secret_hash),
                    (None, None) => return Err(Malformed),
                };
                let leaf = RecordLeaf { overview_version, overview_hash, secret_version, secret_hash };
                Ok(Change::Record(id, leaf))
            }
            api::Change::Tombstone { id, version } => Ok(Change::Tombstone(RecordId::new(id.0), *version)),
            api::Change::KeyslotGone { id } => Ok(Change::KeyslotGone(SlotId::new(id.0))),
            api::Change::Share { id, set, epoch, k, n, index, store, hash } => {
                let leaf = ShareLeaf {
                    set: ShareSetId::new(set.0),
                    epoch: *epoch,
                    k: *k,
                    n: *n,
                    index: *index,
                    store: StoreId::new(store.0),
                    hash: hash.as_slice().try_into().map_err(|_| Malformed)?,
                };
                Ok(Change::Share(ShareId::new(id.0), leaf))
            }
            api::Change::ShareGone { id } => Ok(Change::ShareGone(ShareId::new(id.0))),
        }
    }

    /// Computes how the `known` objects change at the `changed` leaves of `state`. Returns `None`
    /// if a blob that the state commits to is missing.
    pub(crate) fn update(
        mut self,
        state: &VaultState,
        known: &Objects,
        changed: &BTreeSet<LeafId>,
    ) -> Option<Update> {
        let mut update = Update::default();
        for id in changed {
            match (*id, state.leaf(*id)) {
                (LeafId::Record(id), Some(Leaf::Record(leaf))) => {
                    let old = known.records.get(&id);
                    let overview = select_part(
                        self.overviews.remove(&id),
                        old.map(|parts| &parts.overview),
                        leaf.overview_version,
                        &leaf.overview_hash,
                    )?;
                    let secret = select_part(
                        self.secrets.remove(&id),
                        old.map(|parts| &parts.secret),
                        leaf.secret_version,
                        &leaf.secret_hash,
                    )?;
                    update.records.push((id, Some(Parts { overview, secret })));
                    if let Some(new) = self.secret_versions.remove(&id) {
                        let old = known.history.get(&id).map_or(&[][..], Vec::as_slice);
                        update.history.push((id, Some(history::merge_versions(old, &new))));
                    }
                }
                (LeafId::Record(id), _) => {
                    update.records.push((id, None));
                    update.history.push((id, None));
                }
                (LeafId::Keyslot(id), Some(_)) => update.wraps.push((id, Some(self.wraps.remove(&id)?))),
                (LeafId::Keyslot(id), None) => update.wraps.push((id, None)),
                _ => {}
            }
        }
        Some(update)
    }
}

/// An update of the objects: new values, and `None` for those that are removed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Update {
    records: Vec<(RecordId, Option<Parts>)>,
    wraps: Vec<(SlotId, Option<Wrap>)>,
    history: Vec<(RecordId, Option<Vec<SecretVersion>>)>,
}

impl Update {
    /// Iterates over the records that are new or changed.
    pub(crate) fn records(&self) -> impl Iterator<Item = (RecordId, &Parts)> {
        self.records.iter().filter_map(|(id, parts)| Some((*id, parts.as_ref()?)))
    }
}

impl Objects {
    /// Applies an update and returns the one that undoes it.
    pub(crate) fn apply(&mut self, update: Update) -> Update {
        Update {
            records: swap_values(&mut self.records, update.records),
            wraps: swap_values(&mut self.wraps, update.wraps),
            history: swap_values(&mut self.history, update.history),
        }
    }
}

/// Sets or removes each value and returns the previous ones, last one first.
fn swap_values<K: Copy + Ord, V>(
    map: &mut BTreeMap<K, V>,
    values: Vec<(K, Option<V>)>,
) -> Vec<(K, Option<V>)> {
    let mut before: Vec<_> = values
        .into_iter()
        .map(|(key, value)| {
            let old = match value {
                Some(value) => map.insert(key, value),
                None => map.remove(&key),
            };
            (key, old)
        })
        .collect();
    before.reverse();
    before
}

/// Converts a share's leaf to its wire form.
pub(crate) fn share_to_wire(id: ShareId, leaf: &ShareLeaf) -> api::Change {
    api::Change::Share {
        id: api::Id(*id.as_bytes()),
        set: api::Id(*leaf.set.as_bytes()),
        epoch: leaf.epoch,
        k: leaf.k,
        n: leaf.n,
        index: leaf.index,
        store: api::Id(*leaf.store.as_bytes()),
        hash: leaf.hash.to_vec().into(),
    }
}

/// Returns the leaves that a change changes.
pub(crate) fn leaves_changed_by(change: &Change) -> [LeafId; 2] {
    match change {
        Change::Device(id, _) => [LeafId::Device(*id); 2],
        Change::Keyslot(id, _) | Change::KeyslotGone(id) => [LeafId::Keyslot(*id); 2],
        Change::Record(id, _) => [LeafId::Record(*id); 2],
        Change::Share(id, _) | Change::ShareGone(id) => [LeafId::Share(*id); 2],
        Change::Tombstone(id, _) => [LeafId::Record(*id), LeafId::Tombstone(*id)],
    }
}

/// Keeps the blob of a part after checking it against the stated hash. Returns the version and the
/// hash.
fn keep_blob(
    parts: &mut BTreeMap<RecordId, Part>,
    id: RecordId,
    part: &api::Part,
) -> Result<(u64, [u8; 32]), Malformed> {
    let hash = part.hash.as_slice().try_into().map_err(|_| Malformed)?;
    if let Some(blob) = &part.blob {
        let blob = Blob::from_bytes(blob.0.clone());
        if blob_hash(blob.as_bytes()) != hash {
            return Err(Malformed);
        }
        parts.insert(id, Part { version: part.version, blob });
    }
    Ok((part.version, hash))
}

/// Returns the received or else the known part, whichever has this version and hash.
fn select_part(received: Option<Part>, known: Option<&Part>, version: u64, hash: &[u8; 32]) -> Option<Part> {
    let fits = |part: &Part| part.version == version && part.hash() == *hash;
    received
        .filter(fits)
        .or_else(|| known.filter(|part| part.version == version && part.hash() == *hash).cloned())
}
