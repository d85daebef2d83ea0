//! Replaying an operation on a state that others have moved on: operations are replayed, never states.

use crystallum_core::{Entropy, RecordId, VaultState};
use crystallum_messages::Failure;

use crate::objects::{Part, Parts};
use crate::vault::{OpenVault, Pending, context};
use crate::write::Plan;

/// What is left to do of `pending`, which was signed on `vault.state`, after `next`.
///
/// The record is as it was: the same sealed parts. It changed: an edit becomes a new record, sealed afresh; a deletion gives way. `None`: nothing.
pub(crate) fn plan(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    pending: &Pending,
    next: &VaultState,
) -> Result<Option<Plan>, Failure> {
    let unchanged = vault.state.record(pending.record) == next.record(pending.record)
        && next.leaf(crystallum_core::LeafId::Tombstone(pending.record)).is_none();
    match (&pending.parts, unchanged) {
        (parts, true) => Ok(Some(Plan { record: pending.record, parts: parts.clone() })),
        (None, false) => Ok(None),
        (Some(parts), false) => copy(entropy, vault, pending.record, parts).map(Some),
    }
}

/// The same content as a new record, under its own id and versions.
pub(crate) fn copy(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Plan, Failure> {
    let overview = vault.open_overview(id, parts).map_err(|_| Failure::Confused)?;
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
    Ok(Plan { record, parts: Some(Parts { overview: part(overview), secret: part(secret) }) })
}
