//! Sealing the parts of records with the keys of a vault.

use crystallum_core::{Entropy, Environment, Overview, RecordContext, RecordId, Secret, VaultKeys};
use crystallum_messages::{Failure, Field};

use crate::vault::part::{Part, Parts};

/// The environment of this build's records.
pub(crate) const ENVIRONMENT: Environment = Environment::Real;

pub(crate) fn record_context(record: RecordId, version: u64) -> RecordContext {
    RecordContext { record, version, environment: ENVIRONMENT }
}

pub(crate) fn seal_overview(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    id: RecordId,
    version: u64,
    overview: &Overview,
) -> Result<Part, Failure> {
    let blob = keys.seal_overview(record_context(id, version), overview, entropy);
    Ok(Part { version, blob: blob.map_err(|_| Failure::LabelRejected)? })
}

pub(crate) fn seal_secret(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    id: RecordId,
    version: u64,
    secret: &Secret,
) -> Result<Part, Failure> {
    let blob = keys.seal_secret(record_context(id, version), secret, entropy);
    Ok(Part { version, blob: blob.map_err(|_| Failure::FieldRejected(Field::ApiSecret))? })
}

/// The part of a new record that could not be sealed, because it is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooLarge {
    /// The overview.
    Overview,
    /// The secret.
    Secret,
}

/// Seals both parts of a new record.
pub(crate) fn seal_new_record(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    id: RecordId,
    overview: &Overview,
    secret: &Secret,
) -> Result<Parts, TooLarge> {
    let context = record_context(id, 1);
    let overview = keys.seal_overview(context, overview, entropy).map_err(|_| TooLarge::Overview)?;
    let secret = keys.seal_secret(context, secret, entropy).map_err(|_| TooLarge::Secret)?;
    let part = |blob| Part { version: 1, blob };
    Ok(Parts { overview: part(overview), secret: part(secret) })
}
