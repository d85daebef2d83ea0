//! Rebasing a pending write onto what other devices have written. The operation is replayed, not
//! the resulting state.

use crystallum_core::{Entropy, LeafId, RecordId, VaultState};
use crystallum_messages::VaultFailure;

use crate::sync::plan::RecordPlan;
use crate::vault::copy::copy_record;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;

/// Plans how to repeat a write of one record, which was signed on `vault.state`, after `next`.
///
/// If the record is unchanged, the same sealed parts are written again. If it has changed, an edit
/// becomes a new record, and a deletion is dropped. Returns `None` if nothing is left to write.
pub(crate) fn replay(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    record: RecordId,
    parts: Option<&Parts>,
    next: &VaultState,
) -> Result<Option<RecordPlan>, VaultFailure> {
    let unchanged =
        vault.state.record(record) == next.record(record) && next.leaf(LeafId::Tombstone(record)).is_none();
    match (parts, unchanged) {
        (parts, true) => Ok(Some(RecordPlan::new(record, parts.cloned()))),
        (None, false) => Ok(None),
        (Some(parts), false) => {
            let copy = copy_record(entropy, vault, record, parts)?;
            Ok(copy.map(|(record, parts)| RecordPlan::new(record, Some(parts))))
        }
    }
}
