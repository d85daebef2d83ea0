//! Renewing the session of an open vault after it has ended.

use crystallum_messages::{CeremonyReason, SyncState, session::Failure};

use crate::access::vault_login::enter_with_vault_key;
use crate::entry::unlock::log_in;
use crate::passkeys::ceremony::assert_passkey;
use crate::passkeys::options::WantedKeys;
use crate::passkeys::prefetch::ChallengePrefetch;
use crate::ports::Ports;
use crate::sync::preflight::sync_vault;
use crate::sync::status::set_sync_state;
use crate::vault::alarm::KeptAlarm;
use crate::vault::open_vault::OpenVault;
use crate::wire::proof::PasskeyProof;
use crate::wire::refusal::{CallFailed, Refusal};

/// Starts a new session with a passkey of the vault, and synchronises.
pub(crate) async fn renew_session<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut ChallengePrefetch,
    vault: &mut OpenVault,
) -> Result<(), Failure> {
    let ready = challenges.take_for_unlock(ports).await?;
    let asserted =
        assert_passkey(ports, rp_id, vault, &ready.challenge, CeremonyReason::Renew, WantedKeys::None)
            .await?;
    let proof = PasskeyProof { ceremony: ready.ceremony, asserted: &asserted };
    match log_in(ports, proof, vault.id()).await {
        Err(failed @ CallFailed::Refused(Refusal::CredentialRejected)) => {
            enter_with_vault_key(ports, rp_id, challenges, vault).await;
            return if vault.lacking.is_some() { Ok(()) } else { Err(failed.into()) };
        }
        session => drop(session?),
    }
    vault.lacking = None;
    // A write that still waits is not said to be sent.
    let sync = if vault.pending.is_some() { SyncState::Waiting } else { SyncState::Synced };
    set_sync_state(ports, vault, sync);
    if vault.alarm.as_ref().is_none_or(KeptAlarm::can_end) {
        sync_vault(ports, vault).await?;
    }
    Ok(())
}
