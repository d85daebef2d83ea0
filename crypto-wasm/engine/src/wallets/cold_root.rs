//! The cold root, which wallets need and no session holds.

use crystallum_core::{ColdRoot, Opener, Scope};
use crystallum_messages::{CeremonyFailure, CeremonyReason};

use crate::access::roots::open_cold_root;
use crate::passkeys::ceremony::assert_passkey;
use crate::passkeys::challenge::local_challenge;
use crate::passkeys::options::WantedKeys;
use crate::passkeys::prf;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;

/// Opens the cold root with a ceremony of its own. The session's keys cannot open it.
pub(crate) async fn obtain_cold_root<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
) -> Result<ColdRoot, CeremonyFailure> {
    let challenge = local_challenge(ports.entropy());
    let mut asserted =
        assert_passkey(ports, rp_id, vault, &challenge, CeremonyReason::Wallet, WantedKeys::Cold).await?;
    let key = prf::derive_key(&mut asserted, rp_id, Scope::Cold)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    open_cold_root(&vault.state, &vault.objects, opener, &key)
}
