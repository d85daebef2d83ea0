//! Changes and commits in their wire form, and back.

use crystallum_api as api;
use crystallum_core::{
    Blob, DeviceId, DeviceLeaf, KeyslotLeaf, Malformed, MethodId, RecordId, Scope, ShareId, ShareLeaf,
    ShareSetId, SignedHead, SlotId, SlotKind, StoreId,
};

use crate::vault::change::{Commit, PartChange, SealedChange};
use crate::vault::wrap_bytes::WrapBytes;

pub(super) fn commit_to_wire(commit: &Commit) -> api::Commit {
    api::Commit {
        commit_id: api::Id(commit.id),
        expected_counter: commit.expected_counter,
        changes: commit.changes.iter().map(change_to_wire).collect(),
        head: commit.head.to_bytes().into(),
    }
}

pub(super) fn commit_from_wire(commit: api::Commit) -> Result<Commit, Malformed> {
    Ok(Commit {
        id: commit.commit_id.0,
        expected_counter: commit.expected_counter,
        changes: changes_from_wire(commit.changes)?,
        head: SignedHead::from_bytes(commit.head.as_slice())?,
    })
}

pub(super) fn changes_from_wire(changes: Vec<api::Change>) -> Result<Vec<SealedChange>, Malformed> {
    changes.into_iter().map(change_from_wire).collect()
}

pub(super) fn change_to_wire(change: &SealedChange) -> api::Change {
    match change {
        SealedChange::Device(id, leaf) => api::Change::Device {
            id: api::Id(*id.as_bytes()),
            key: leaf.key.as_slice().into(),
            max_format: leaf.max_format,
            added_by: api::Id(*leaf.added_by.as_bytes()),
        },
        SealedChange::DeviceRemoved(id) => api::Change::DeviceGone { id: api::Id(*id.as_bytes()) },
        SealedChange::Keyslot(id, leaf, wrap) => api::Change::Keyslot {
            id: api::Id(*id.as_bytes()),
            method: api::Id(*leaf.method.as_bytes()),
            slot_kind: leaf.kind.number(),
            scope: leaf.scope.number(),
            hash: leaf.wrap_hash.as_slice().into(),
            wrap: wrap.as_ref().map(|wrap| wrap.as_bytes().into()),
        },
        SealedChange::KeyslotRemoved(id) => api::Change::KeyslotGone { id: api::Id(*id.as_bytes()) },
        SealedChange::Record { id, overview, secret } => api::Change::Record {
            id: api::Id(*id.as_bytes()),
            overview: overview.as_ref().map(part_to_wire),
            secret: secret.as_ref().map(part_to_wire),
        },
        SealedChange::Share(id, leaf) => api::Change::Share {
            id: api::Id(*id.as_bytes()),
            record: api::Id(*leaf.record.as_bytes()),
            set: api::Id(*leaf.set.as_bytes()),
            epoch: leaf.epoch,
            k: leaf.k,
            n: leaf.n,
            index: leaf.index,
            store: api::Id(*leaf.store.as_bytes()),
            hash: leaf.hash.as_slice().into(),
        },
        SealedChange::ShareRemoved(id) => api::Change::ShareGone { id: api::Id(*id.as_bytes()) },
        SealedChange::Tombstone(id, version) => {
            api::Change::Tombstone { id: api::Id(*id.as_bytes()), version: *version }
        }
    }
}

pub(super) fn change_from_wire(change: api::Change) -> Result<SealedChange, Malformed> {
    Ok(match change {
        api::Change::Device { id, key, max_format, added_by } => {
            let leaf = DeviceLeaf { key: array(&key)?, max_format, added_by: MethodId::new(added_by.0) };
            SealedChange::Device(DeviceId::new(id.0), leaf)
        }
        api::Change::DeviceGone { id } => SealedChange::DeviceRemoved(DeviceId::new(id.0)),
        api::Change::Keyslot { id, method, slot_kind, scope, hash, wrap } => {
            let leaf = KeyslotLeaf {
                method: MethodId::new(method.0),
                kind: SlotKind::from_number(slot_kind)?,
                scope: Scope::from_number(scope)?,
                wrap_hash: array(&hash)?,
            };
            let wrap = wrap.map(|wrap| WrapBytes::from_bytes(wrap.0));
            if wrap.as_ref().is_some_and(|wrap| wrap.hash() != leaf.wrap_hash) {
                return Err(Malformed);
            }
            SealedChange::Keyslot(SlotId::new(id.0), leaf, wrap)
        }
        api::Change::KeyslotGone { id } => SealedChange::KeyslotRemoved(SlotId::new(id.0)),
        api::Change::Record { id, overview, secret } => SealedChange::Record {
            id: RecordId::new(id.0),
            overview: overview.map(part_from_wire).transpose()?,
            secret: secret.map(part_from_wire).transpose()?,
        },
        api::Change::Share { id, record, set, epoch, k, n, index, store, hash } => {
            let leaf = ShareLeaf {
                record: RecordId::new(record.0),
                set: ShareSetId::new(set.0),
                epoch,
                k,
                n,
                index,
                store: StoreId::new(store.0),
                hash: array(&hash)?,
            };
            SealedChange::Share(ShareId::new(id.0), leaf)
        }
        api::Change::ShareGone { id } => SealedChange::ShareRemoved(ShareId::new(id.0)),
        api::Change::Tombstone { id, version } => SealedChange::Tombstone(RecordId::new(id.0), version),
    })
}

fn part_to_wire(part: &PartChange) -> api::Part {
    api::Part {
        version: part.version,
        hash: part.hash.as_slice().into(),
        blob: part.blob.as_ref().map(|blob| blob.as_bytes().into()),
    }
}

pub(super) fn part_from_wire(part: api::Part) -> Result<PartChange, Malformed> {
    Ok(PartChange {
        version: part.version,
        hash: array(&part.hash)?,
        blob: part.blob.map(|blob| Blob::from_bytes(blob.0)),
    })
}

fn array<const N: usize>(bytes: &api::Bytes) -> Result<[u8; N], Malformed> {
    bytes.as_slice().try_into().map_err(|_| Malformed)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
