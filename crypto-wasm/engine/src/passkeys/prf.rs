//! PRF outputs of passkeys. Whatever an authenticator returns is checked before it becomes a key.

use crystallum_core::{KeyEncryptionKey, PasskeyRejected, PrfOutput, PrfRejected, Scope};
use crystallum_messages::{Asserted, CeremonyFailure, Prf};

/// Returns both PRF outputs, if the authenticator gave both.
pub(crate) fn both_outputs(prf: &Prf) -> Option<(&[u8], &[u8])> {
    Some((prf.first.as_deref()?, prf.second.as_deref()?))
}

/// Parses both PRF outputs of one ceremony, and wipes what the authenticator returned.
pub(crate) fn parse_both(prf: Prf) -> Result<(PrfOutput, PrfOutput), CeremonyFailure> {
    let (first, second) = both_outputs(&prf).ok_or(CeremonyFailure::PrfMissing)?;
    PrfOutput::parse_both(first, second).map_err(|PrfRejected| CeremonyFailure::PrfMissing)
}

/// Derives the key of one scope from the first output of a ceremony that asked for this scope only.
/// The outputs are taken out of the assertion and wiped, before anything waits for the server.
pub(crate) fn derive_key(
    asserted: &mut Asserted,
    rp_id: &str,
    scope: Scope,
) -> Result<KeyEncryptionKey, CeremonyFailure> {
    let prf = std::mem::take(&mut asserted.prf);
    let output = prf.first.as_deref().ok_or(CeremonyFailure::PrfMissing)?;
    let output = PrfOutput::parse(output).map_err(|PrfRejected| CeremonyFailure::PrfMissing)?;
    key_of_output(&output, rp_id, scope, &asserted.raw_id)
}

/// Derives the key of one scope from the output for it.
pub(crate) fn key_of_output(
    output: &PrfOutput,
    rp_id: &str,
    scope: Scope,
    credential_id: &[u8],
) -> Result<KeyEncryptionKey, CeremonyFailure> {
    KeyEncryptionKey::from_passkey(output, rp_id, scope, credential_id)
        .map_err(|_: PasskeyRejected| CeremonyFailure::Unsupported)
}
