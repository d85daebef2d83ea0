//! Converts changes from their wire form to changes of leaves.

use crystallum_api::Change;
use crystallum_format::change as format;
use crystallum_format::ids::{DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId};
use crystallum_format::keyslot::{Scope, SlotKind};
use crystallum_format::leaf::{DeviceLeaf, KeyslotLeaf, LeafId, ShareLeaf};
use crystallum_format::state::VaultState;

use super::error::HistoryError;
use super::record::Record;

/// Converts a change. `record` is the changed record as it is afterwards, if there may be one.
///
/// What was not live before cannot be removed, and what is live cannot be added. The rules of the
/// format check this too, but do not report which of them a change breaks.
pub(super) fn to_format(
    change: &Change,
    before: Option<&VaultState>,
    record: Option<&Record>,
    wrap_hash: fn(&[u8]) -> [u8; 32],
) -> Result<format::Change, HistoryError> {
    let is_live = |id| before.is_some_and(|state| state.leaf(id).is_some());
    let converted = match change {
        Change::Device { id, key, max_format, added_by } => {
            let key = key.as_slice().try_into().map_err(|_| HistoryError::Change)?;
            let added_by = MethodId::new(added_by.0);
            format::Change::Device(DeviceId::new(id.0), DeviceLeaf { key, max_format: *max_format, added_by })
        }
        Change::DeviceGone { id } => format::Change::DeviceRemoved(DeviceId::new(id.0)),
        Change::Keyslot { id, method, slot_kind, scope, wrap } => {
            let kind = SlotKind::from_number(*slot_kind).map_err(|_| HistoryError::Operation)?;
            let scope = Scope::from_number(*scope).map_err(|_| HistoryError::Operation)?;
            let wrap_hash = wrap_hash(wrap.as_slice());
            let method = MethodId::new(method.0);
            format::Change::Keyslot(SlotId::new(id.0), KeyslotLeaf { method, kind, scope, wrap_hash })
        }
        Change::KeyslotGone { id } => format::Change::KeyslotRemoved(SlotId::new(id.0)),
        Change::Record { id, .. } => {
            format::Change::Record(RecordId::new(id.0), record.ok_or(HistoryError::Change)?.leaf())
        }
        Change::Tombstone { id, version } => format::Change::Tombstone(RecordId::new(id.0), *version),
        Change::Share { id, record: wallet, set, epoch, k, n, index, store, hash } => {
            let leaf = ShareLeaf {
                record: RecordId::new(wallet.0),
                set: ShareSetId::new(set.0),
                epoch: *epoch,
                k: *k,
                n: *n,
                index: *index,
                store: StoreId::new(store.0),
                hash: hash.as_slice().try_into().map_err(|_| HistoryError::Change)?,
            };
            format::Change::Share(ShareId::new(id.0), leaf)
        }
        Change::ShareGone { id } => format::Change::ShareRemoved(ShareId::new(id.0)),
    };
    let follows = match converted {
        format::Change::DeviceRemoved(id) => is_live(LeafId::Device(id)),
        format::Change::Keyslot(id, _) => !is_live(LeafId::Keyslot(id)),
        format::Change::KeyslotRemoved(id) => is_live(LeafId::Keyslot(id)),
        format::Change::Share(id, _) => !is_live(LeafId::Share(id)),
        format::Change::Tombstone(id, version) => before
            .and_then(|state| state.record(id))
            .is_some_and(|leaf| version > leaf.overview_version && version > leaf.secret_version),
        // The leaf of a record was made from the one before, a device may be added or changed, and
        // the operation's rule is about removed shares.
        format::Change::Record(..) | format::Change::Device(..) | format::Change::ShareRemoved(_) => true,
    };
    if follows { Ok(converted) } else { Err(HistoryError::Change) }
}
