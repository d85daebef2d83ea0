//! Rebasing a pending write onto what other devices have written. The operation is replayed, not
//! the resulting state.

use crystallum_core::{Entropy, LeafId, Overview, RecordId, VaultState};
use crystallum_messages::{ImpossibleState, VaultFailure};

use crate::sync::plan::RecordPlan;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::seal_new_record;

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
        (parts, true) => Ok(Some(RecordPlan { record, parts: parts.cloned() })),
        (None, false) => Ok(None),
        (Some(parts), false) => copy_as_new(entropy, vault, record, parts),
    }
}

/// Seals the same content as a new record with its own id and versions. Returns `None` for wallets
/// and sign-in methods: a copy of their record would have no shares or no slot.
pub(crate) fn copy_as_new(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<RecordPlan>, VaultFailure> {
    let overview = vault.open_overview(id, parts)?;
    if matches!(overview, Overview::Wallet(_) | Overview::SignInMethod(_)) {
        return Ok(None);
    }
    let secret = vault.open_secret(id, parts)?;
    let record = RecordId::random(entropy);
    let parts = seal_new_record(entropy, &vault.keys, record, &overview, &secret)
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    Ok(Some(RecordPlan { record, parts: Some(parts) }))
}
