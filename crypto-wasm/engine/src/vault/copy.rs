//! Copying a record: the same content under an id of its own.

use crystallum_core::{Entropy, Overview, RecordId, Secret};
use crystallum_messages::{ImpossibleState, VaultFailure};

use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::seal_new_record;

/// Seals the same content as a new record with its own id and versions, which has no earlier
/// secrets. Returns `None` for everything but exchange keys that can be read: a copy of a wallet or
/// a sign-in method would have no shares or no slot, and a vault has one profile.
pub(crate) fn copy_record(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let Ok((overview @ Overview::Key(_), Secret::Key(mut key))) = vault.open_record(id, parts) else {
        return Ok(None);
    };
    key.earlier.clear();
    let secret = Secret::Key(key);
    let record = RecordId::random(entropy);
    let parts = seal_new_record(entropy, &vault.keys, record, &overview, &secret)
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    Ok(Some((record, parts)))
}
