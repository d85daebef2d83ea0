//! Renewing the session of an open vault after it has ended.

use crystallum_messages::{CeremonyReason, SyncState, session::Failure};

use crate::entry::unlock::log_in;
use crate::passkeys::ceremony::assert_passkey;
use crate::passkeys::challenge::FreshChallenge;
use crate::passkeys::options::WantedKeys;
use crate::ports::Ports;
use crate::sync::preflight::sync_vault;
use crate::sync::status::set_sync_state;
use crate::vault::alarm::KeptAlarm;
use crate::vault::open_vault::OpenVault;
use crate::wire::proof::PasskeyProof;

/// Starts a new session with a passkey of the vault, and synchronises.
pub(crate) async fn renew_session<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    ready: FreshChallenge,
) -> Result<(), Failure> {
    let asserted =
        assert_passkey(ports, rp_id, vault, &ready.challenge, CeremonyReason::Renew, WantedKeys::None)
            .await?;
    log_in(ports, PasskeyProof { ceremony: ready.ceremony, asserted: &asserted }, vault.id()).await?;
    // A write that still waits is not said to be sent.
    let sync = if vault.pending.is_some() { SyncState::Waiting } else { SyncState::Synced };
    set_sync_state(ports, vault, sync);
    if vault.alarm.as_ref().is_none_or(KeptAlarm::can_end) {
        sync_vault(ports, vault).await?;
    }
    Ok(())
}
