//! Copying a record: the same content under an id of its own.

use crystallum_core::{Entropy, KeyOverview, KeySecret, Overview, RecordId, Secret, copy_id};
use crystallum_messages::{ImpossibleState, VaultFailure};

use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::seal_new_record;

/// How many live copies a record has at most. What would be one more is not written.
pub(crate) const MAX_COPIES: usize = 3;

/// Reads the content of an exchange key, without its earlier secrets. Returns `None` for everything
/// else, and for what cannot be read: a copy of a wallet or a sign-in method would have no shares
/// or no slot, and a vault has one profile.
fn read_key(vault: &OpenVault, id: RecordId, parts: &Parts) -> Option<(KeyOverview, KeySecret)> {
    match vault.open_record(id, parts) {
        Ok((Overview::Key(overview), Secret::Key(mut secret))) => {
            secret.earlier.clear();
            Some((overview, secret))
        }
        _ => None,
    }
}

fn seal_key(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    (overview, secret): (KeyOverview, KeySecret),
) -> Result<Parts, VaultFailure> {
    let parts = seal_new_record(entropy, &vault.keys, id, &Overview::Key(overview), &Secret::Key(secret));
    Ok(parts.map_err(|_| ImpossibleState::RecordTooLarge)?)
}

/// Seals the same content as a new record with its own id and versions.
pub(crate) fn copy_record(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let Some(key) = read_key(vault, id, parts) else { return Ok(None) };
    let record = RecordId::random(entropy);
    Ok(Some((record, seal_key(entropy, vault, record, key)?)))
}

/// Seals the content of a record that another device has changed as a copy beside it. A copy of a
/// copy is one of the original. Returns `None` also if there are as many as there may be, so that
/// conflicts without end do not make records without end.
pub(crate) fn copy_beside(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let Some((mut overview, secret)) = read_key(vault, id, parts) else { return Ok(None) };
    let original = overview.copy_of.unwrap_or(id);
    if count_copies(vault, original) >= MAX_COPIES {
        return Ok(None);
    }
    overview.copy_of = Some(original);
    let record = RecordId::random(entropy);
    Ok(Some((record, seal_key(entropy, vault, record, (overview, secret))?)))
}

/// Seals the content of a record of another history as its copy. Every device computes the same id
/// for it, so that they agree.
pub(crate) fn copy_from_history(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<(RecordId, Parts)>, VaultFailure> {
    let Some((mut overview, secret)) = read_key(vault, id, parts) else { return Ok(None) };
    overview.copy_of = Some(id);
    let copy = copy_id(id, &parts.leaf());
    Ok(Some((copy, seal_key(entropy, vault, copy, (overview, secret))?)))
}

/// Seals the content of a record as the first versions of the same record, which another history
/// does not have.
pub(crate) fn seal_anew(
    entropy: &mut impl Entropy,
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Option<Parts>, VaultFailure> {
    read_key(vault, id, parts).map(|key| seal_key(entropy, vault, id, key)).transpose()
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
