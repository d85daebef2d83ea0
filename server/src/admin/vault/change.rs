//! Converts changes from their wire form to changes of leaves, and says which of them do not
//! follow.

use crystallum_api::Change;
use crystallum_format::change as format;
use crystallum_format::leaf::LeafId;
use crystallum_format::state::VaultState;

use super::error::HistoryError;
use super::record::Record;
use crate::vault::tree_change::to_tree;

/// Converts a change. `record` is the changed record as it is afterwards, if there may be one.
///
/// What was not live before cannot be removed, and what is live cannot be added. The rules of the
/// format check this too, but do not report which of them a change breaks.
pub(super) fn to_format(
    change: &Change,
    before: Option<&VaultState>,
    record: Option<&Record>,
) -> Result<format::Change, HistoryError> {
    let is_live = |id| before.is_some_and(|state| state.leaf(id).is_some());
    if matches!(change, Change::Record { .. }) && record.is_none() {
        return Err(HistoryError::Change);
    }
    let converted = to_tree(change, before).map_err(|_| HistoryError::Change)?;
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
