//! Sealing the parts of records with the keys of a vault.

use crystallum_core::{Entropy, Environment, Overview, RecordContext, RecordId, Secret, VaultKeys};

use crate::vault::part::{Part, Parts, SecretPart};

/// The environment of this build's records.
pub(crate) const ENVIRONMENT: Environment = Environment::Real;

pub(crate) fn record_context(record: RecordId, version: u64) -> RecordContext {
    RecordContext { record, version, environment: ENVIRONMENT }
}

/// The part of a record that could not be sealed, because it is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooLarge {
    /// The overview.
    Overview,
    /// The secret.
    Secret,
}

pub(crate) fn seal_overview(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    id: RecordId,
    version: u64,
    overview: &Overview,
) -> Result<Part, TooLarge> {
    let blob = keys.seal_overview(record_context(id, version), overview, entropy);
    Ok(Part { version, blob: blob.map_err(|_| TooLarge::Overview)? })
}

pub(crate) fn seal_secret(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    id: RecordId,
    version: u64,
    secret: &Secret,
) -> Result<SecretPart, TooLarge> {
    let blob = keys.seal_secret(record_context(id, version), secret, entropy);
    Ok(SecretPart::Here(Part { version, blob: blob.map_err(|_| TooLarge::Secret)? }))
}

/// Seals both parts of a new record.
pub(crate) fn seal_new_record(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    id: RecordId,
    overview: &Overview,
    secret: &Secret,
) -> Result<Parts, TooLarge> {
    Ok(Parts {
        overview: seal_overview(entropy, keys, id, 1, overview)?,
        secret: seal_secret(entropy, keys, id, 1, secret)?,
    })
}
