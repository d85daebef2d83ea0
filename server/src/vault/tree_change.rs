//! Converts changes from their wire form to changes of the tree, and leaves back.

use crystallum_api::{Bytes, Change, Id, Part};
use crystallum_format::change as format;
use crystallum_format::encoding::Malformed;
use crystallum_format::ids::{DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId};
use crystallum_format::keyslot::{Scope, SlotKind};
use crystallum_format::leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};
use crystallum_format::state::VaultState;

/// Converts a change. `before` is the state before it; a record that is not in it must come with
/// both parts.
pub(crate) fn to_tree(change: &Change, before: Option<&VaultState>) -> Result<format::Change, Malformed> {
    Ok(match change {
        Change::Device { id, key, max_format, added_by } => {
            let added_by = MethodId::new(added_by.0);
            let leaf = DeviceLeaf { key: array(key)?, max_format: *max_format, added_by };
            format::Change::Device(DeviceId::new(id.0), leaf)
        }
        Change::DeviceGone { id } => format::Change::DeviceRemoved(DeviceId::new(id.0)),
        Change::Keyslot { id, method, slot_kind, scope, hash, .. } => {
            let leaf = KeyslotLeaf {
                method: MethodId::new(method.0),
                kind: SlotKind::from_number(*slot_kind)?,
                scope: Scope::from_number(*scope)?,
                wrap_hash: array(hash)?,
            };
            format::Change::Keyslot(SlotId::new(id.0), leaf)
        }
        Change::KeyslotGone { id } => format::Change::KeyslotRemoved(SlotId::new(id.0)),
        Change::Record { id, overview, secret } => {
            let id = RecordId::new(id.0);
            let old = before.and_then(|state| state.record(id));
            let (overview_version, overview_hash) =
                part(overview.as_ref(), old.map(|leaf| (leaf.overview_version, leaf.overview_hash)))?;
            let (secret_version, secret_hash) =
                part(secret.as_ref(), old.map(|leaf| (leaf.secret_version, leaf.secret_hash)))?;
            let leaf = RecordLeaf { overview_version, overview_hash, secret_version, secret_hash };
            format::Change::Record(id, leaf)
        }
        Change::Tombstone { id, version } => format::Change::Tombstone(RecordId::new(id.0), *version),
        Change::Share { id, record, set, epoch, k, n, index, store, hash } => {
            let leaf = ShareLeaf {
                record: RecordId::new(record.0),
                set: ShareSetId::new(set.0),
                epoch: *epoch,
                k: *k,
                n: *n,
                index: *index,
                store: StoreId::new(store.0),
                hash: array(hash)?,
            };
            format::Change::Share(ShareId::new(id.0), leaf)
        }
        Change::ShareGone { id } => format::Change::ShareRemoved(ShareId::new(id.0)),
    })
}

/// Returns the change that would add a leaf, without ciphertext.
pub(super) fn from_tree(id: LeafId, leaf: &Leaf) -> Result<Change, Malformed> {
    let hash = |hash: &[u8; 32]| Bytes(hash.to_vec());
    Ok(match (id, leaf) {
        (LeafId::Device(id), Leaf::Device(device)) => Change::Device {
            id: Id(*id.as_bytes()),
            key: Bytes(device.key.to_vec()),
            max_format: device.max_format,
            added_by: Id(*device.added_by.as_bytes()),
        },
        (LeafId::Keyslot(id), Leaf::Keyslot(slot)) => Change::Keyslot {
            id: Id(*id.as_bytes()),
            method: Id(*slot.method.as_bytes()),
            slot_kind: slot.kind.number(),
            scope: slot.scope.number(),
            hash: hash(&slot.wrap_hash),
            wrap: None,
        },
        (LeafId::Record(id), Leaf::Record(record)) => Change::Record {
            id: Id(*id.as_bytes()),
            overview: Some(Part {
                version: record.overview_version,
                hash: hash(&record.overview_hash),
                blob: None,
            }),
            secret: Some(Part {
                version: record.secret_version,
                hash: hash(&record.secret_hash),
                blob: None,
            }),
        },
        (LeafId::Tombstone(id), Leaf::Tombstone { version }) => {
            Change::Tombstone { id: Id(*id.as_bytes()), version: *version }
        }
        (LeafId::Share(id), Leaf::Share(share)) => Change::Share {
            id: Id(*id.as_bytes()),
            record: Id(*share.record.as_bytes()),
            set: Id(*share.set.as_bytes()),
            epoch: share.epoch,
            k: share.k,
            n: share.n,
            index: share.index,
            store: Id(*share.store.as_bytes()),
            hash: hash(&share.hash),
        },
        _ => return Err(Malformed),
    })
}

/// Returns version and hash of a part after a change, which may have left it as it was.
fn part(new: Option<&Part>, old: Option<(u64, [u8; 32])>) -> Result<(u64, [u8; 32]), Malformed> {
    match new {
        Some(part) => Ok((part.version, array(&part.hash)?)),
        None => old.ok_or(Malformed),
    }
}

fn array<const N: usize>(bytes: &Bytes) -> Result<[u8; N], Malformed> {
    bytes.as_slice().try_into().map_err(|_| Malformed)
}
