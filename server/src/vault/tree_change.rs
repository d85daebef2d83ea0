//! Converts changes from their wire form to changes of the tree.

use crystallum_api::{Bytes, Change, Part};
use crystallum_format::change as format;
use crystallum_format::encoding::Malformed;
use crystallum_format::ids::{DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId};
use crystallum_format::keyslot::{Scope, SlotKind};
use crystallum_format::leaf::{DeviceLeaf, KeyslotLeaf, RecordLeaf, ShareLeaf};
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
