//! Copying a record: the same content under an id of its own.

use crystallum_core::{Entropy, Overview, RecordId, Secret, copy_id};
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

/// How many live copies a record has at most. What would be one more is not written.
pub(crate) const MAX_COPIES: usize = 3;

/// Seals the content of a record that another device has changed as a copy beside it. A copy of a
/// copy is one of the original. Returns `None` also if there are as many as there may be, so that
/// conflicts without end do not make records without end.
pub(crate) fn copy_beside(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let Ok((Overview::Key(mut overview), Secret::Key(mut secret))) = vault.open_record(id, parts) else {
        return Ok(None);
    };
    let original = overview.copy_of.unwrap_or(id);
    if count_copies(vault, original) >= MAX_COPIES {
        return Ok(None);
    }
    overview.copy_of = Some(original);
    secret.earlier.clear();
    let record = RecordId::random(entropy);
    let parts = seal_new_record(entropy, &vault.keys, record, &Overview::Key(overview), &Secret::Key(secret))
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    Ok(Some((record, parts)))
}

/// Seals the content of a record of another history as its copy. Every device computes the same id
/// for it, so that they agree. Returns `None` for everything but exchange keys that can be read.
pub(crate) fn copy_from_history(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let Ok((Overview::Key(mut overview), Secret::Key(mut secret))) = vault.open_record(id, parts) else {
        return Ok(None);
    };
    secret.earlier.clear();
    overview.copy_of = Some(id);
    let (copy, overview, secret) = (copy_id(id, &parts.leaf()), Overview::Key(overview), Secret::Key(secret));
    let parts = seal_new_record(entropy, &vault.keys, copy, &overview, &secret)
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    Ok(Some((copy, parts)))
}

/// Seals the content of a record as the first versions of the same record, which another history
/// does not have. Returns `None` for everything but exchange keys that can be read.
pub(crate) fn seal_anew(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<Parts>, VaultFailure> {
    let Ok((overview @ Overview::Key(_), Secret::Key(mut secret))) = vault.open_record(id, parts) else {
        return Ok(None);
    };
    secret.earlier.clear();
    let parts = seal_new_record(entropy, &vault.keys, id, &overview, &Secret::Key(secret))
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    Ok(Some(parts))
}

/// Counts the live copies of a record, those in the trash included.
pub(crate) fn count_copies(vault: &OpenVault, id: RecordId) -> usize {
    let listed = vault.index.search("").filter(|row| row.overview.copy_of == Some(id)).count();
    let trashed = vault.catalogue.trash.iter().filter(|row| {
        let trashed = RecordId::new(row.id.0);
        let overview = vault.parts(trashed).and_then(|parts| vault.open_overview(trashed, parts).ok());
        matches!(overview, Some(Overview::Key(key)) if key.copy_of == Some(id))
    });
    listed + trashed.count()
}
