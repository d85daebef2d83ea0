//! Deleting the whole vault at the server.

use crystallum_messages::{CeremonyReason, session::Failure};

use crate::access::confirmation::passkey_proof;
use crate::passkeys::ceremony::assert_passkey;
use crate::passkeys::challenge::FreshChallenge;
use crate::passkeys::options::WantedKeys;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;
use crate::wire::client::Client;

/// Deletes the account with everything stored for it, after a passkey of the vault has confirmed
/// it.
pub(crate) async fn delete_account<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    login: &FreshChallenge,
) -> Result<(), Failure> {
    let asserted =
        assert_passkey(ports, rp_id, vault, &login.challenge, CeremonyReason::Confirm, WantedKeys::None)
            .await?;
    Ok(Client(ports.transport()).delete_account(passkey_proof(login, &asserted)).await?)
}
