//! Rebasing a pending write onto what other devices have written. The operation is replayed, not
//! the resulting state.

use crystallum_core::{Entropy, LeafId, Overview, RecordId, VaultState};
use crystallum_messages::VaultFailure;

use crate::sync::plan::RecordPlan;
use crate::vault::copy::copy_beside;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;

/// What becomes of a write of one record.
pub(crate) enum Replayed {
    /// It is written again.
    Write(RecordPlan),
    /// It cannot be written again, and its content would be lost.
    CannotWrite,
    /// Nothing is left to write.
    Nothing,
}

/// Plans how to repeat a write of one record, which was signed on `vault.state`, after `next`.
///
/// If the record is unchanged, the same sealed parts are written again. If it has changed, an edit
/// becomes a new record if it can be copied, and a deletion is dropped. A device that was removed
/// writes nothing.
pub(crate) fn replay(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    record: RecordId,
    parts: Option<&Parts>,
    next: &VaultState,
) -> Result<Replayed, VaultFailure> {
    let unchanged =
        vault.state.record(record) == next.record(record) && next.leaf(LeafId::Tombstone(record)).is_none();
    let is_removed = next.device(vault.device).is_none();
    Ok(match (parts, unchanged) {
        (Some(parts), _) if has_it_already(vault, record, parts, next) => Replayed::Nothing,
        (Some(_), _) if is_removed => Replayed::CannotWrite,
        (parts, true) if !is_removed => Replayed::Write(RecordPlan::new(record, parts.cloned())),
        (None, _) => Replayed::Nothing,
        (Some(parts), _) => match copy_beside(entropy, vault, record, parts)? {
            Some((record, parts)) => Replayed::Write(RecordPlan::new(record, Some(parts))),
            None => Replayed::CannotWrite,
        },
    })
}

/// Returns whether another device has written the same record first: the very parts, or the copy
/// of a record of another history, whose id follows from its content.
fn has_it_already(vault: &OpenVault, record: RecordId, parts: &Parts, next: &VaultState) -> bool {
    let Some(leaf) = next.record(record) else { return false };
    let is_copy = || match vault.open_overview(record, parts) {
        Ok(Overview::Key(key)) => key.copy_of.is_some(),
        _ => false,
    };
    // A copy that comes along under its own id has whatever content its history gave it.
    let comes_along = || {
        let items = vault.gone_over.iter().flat_map(|gone| &gone.items);
        items.into_iter().any(|item| item.record == record)
    };
    *leaf == parts.leaf() || (vault.state.record(record).is_none() && is_copy() && !comes_along())
}
