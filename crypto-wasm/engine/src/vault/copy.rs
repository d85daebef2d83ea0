//! Copying a record: the same content under an id of its own.

use crystallum_core::{Entropy, Overview, RecordId, Secret};
use crystallum_messages::{ImpossibleState, VaultFailure};

use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::seal_new_record;

/// Seals the same content as a new record with its own id and versions, which has no earlier
/// secrets. Returns `None` for everything but exchange keys: a copy of a wallet or a sign-in method
/// would have no shares or no slot, and a vault has one profile.
pub(crate) fn copy_record(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let overview = vault.open_overview(id, parts)?;
    if !matches!(overview, Overview::Key(_)) {
        return Ok(None);
    }
    let mut secret = vault.open_secret(id, parts)?;
    if let Secret::Key(key) = &mut secret {
        key.earlier.clear();
    }
    let record = RecordId::random(entropy);
    let parts = seal_new_record(entropy, &vault.keys, record, &overview, &secret)
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    Ok(Some((record, parts)))
}
