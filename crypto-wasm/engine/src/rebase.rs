//! Replaying an operation on a state that others have moved on: operations are replayed, never states.

use crystallum_core::{Entropy, LeafId, Overview, RecordId, VaultState};
use crystallum_messages::Failure;

use crate::objects::{Part, Parts};
use crate::vault::{OpenVault, context};
use crate::write::Plan;

/// What is left to do of a write of one record, which was signed on `vault.state`, after `next`.
///
/// The record is as it was: the same sealed parts. It changed: an edit becomes a new record, sealed afresh; a deletion gives way. `None`: nothing.
pub(crate) fn plan(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    record: RecordId,
    parts: Option<&Parts>,
    next: &VaultState,
) -> Result<Option<Plan>, Failure> {
    let unchanged =
        vault.state.record(record) == next.record(record) && next.leaf(LeafId::Tombstone(record)).is_none();
    match (parts, unchanged) {
        (parts, true) => Ok(Some(Plan { record, parts: parts.cloned() })),
        (None, false) => Ok(None),
        (Some(parts), false) => copy(entropy, vault, record, parts),
    }
}

/// The same content as a new record, under its own id and versions. A wallet's name and a way's are not worth a second record, which would
/// stand for no shares and no slot.
pub(crate) fn copy(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<Plan>, Failure> {
    let overview = vault.open_overview(id, parts).map_err(|_| Failure::Confused)?;
    if matches!(overview, Overview::Wallet(_) | Overview::SignInMethod(_)) {
        return Ok(None);
    }
    let secret = vault
        .keys
        .open_secret(context(id, parts.secret.version), &parts.secret.blob)
        .map_err(|_| Failure::Confused)?;
    let record = RecordId::random(entropy);
    let overview =
        vault.keys.seal_overview(context(record, 1), &overview, entropy).map_err(|_| Failure::Confused)?;
    let secret =
        vault.keys.seal_secret(context(record, 1), &secret, entropy).map_err(|_| Failure::Confused)?;
    let part = |blob| Part { version: 1, blob };
    Ok(Some(Plan { record, parts: Some(Parts { overview: part(overview), secret: part(secret) }) }))
}
