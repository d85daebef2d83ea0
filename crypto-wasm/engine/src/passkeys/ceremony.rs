//! The ceremonies: registering a passkey, and using a passkey of a vault.

use crystallum_core::{PrfOutput, VaultId};
use crystallum_messages::{Asserted, CeremonyFailure, CeremonyReason, Event, Refusal, Registered};

use crate::passkeys::challenge::{FreshChallenge, local_challenge};
use crate::passkeys::options::{NewPasskey, WantedKeys, create_options, get_options};
use crate::passkeys::{prf, waiting};
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;
use crate::vault::slots::passkey_ids;

/// Registers a passkey, which must support the `prf` extension.
pub(crate) async fn register_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: Option<&mut OpenVault>,
    ready: &FreshChallenge,
    new: NewPasskey<'_>,
) -> Result<Registered, CeremonyFailure> {
    let options = create_options(rp_id, &ready.challenge, new);
    let registered = waiting::create(ports, vault, options).await.map_err(map_refusal)?;
    let usable = registered.prf.enabled == Some(true)
        || (registered.prf.enabled.is_none() && prf::both_outputs(&registered.prf).is_some());
    if usable {
        Ok(registered)
    } else {
        discard_passkey(ports, &registered);
        Err(CeremonyFailure::PrfMissing)
    }
}

/// Registers a passkey and returns it with its PRF outputs. Without them, it is discarded.
pub(crate) async fn register_with_outputs<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    mut vault: Option<&mut OpenVault>,
    ready: &FreshChallenge,
    new: NewPasskey<'_>,
) -> Result<(Registered, (PrfOutput, PrfOutput)), CeremonyFailure> {
    let mut registered = register_passkey(ports, rp_id, vault.as_deref_mut(), ready, new).await?;
    match prf_outputs(ports, rp_id, vault, &mut registered).await {
        Ok(outputs) => Ok((registered, outputs)),
        Err(failure) => {
            discard_passkey(ports, &registered);
            Err(failure)
        }
    }
}

/// Has the authenticator told that a new passkey came to nothing. Only one that this client has
/// just made is ever discarded: the server's word that it knows no such passkey would let it delete
/// the passkeys of its vaults.
pub(crate) fn discard_passkey(ports: &impl Ports, registered: &Registered) {
    ports.emit(Event::UnusedPasskey(registered.raw_id.clone().into()));
}

/// Returns the PRF outputs for both roots, taken out of the registration. If it did not give them,
/// a second ceremony asks for them.
pub(crate) async fn prf_outputs<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: Option<&mut OpenVault>,
    registered: &mut Registered,
) -> Result<(PrfOutput, PrfOutput), CeremonyFailure> {
    if prf::both_outputs(&registered.prf).is_some() {
        return prf::parse_both(std::mem::take(&mut registered.prf));
    }
    let challenge = local_challenge(ports.entropy());
    let allow = vec![registered.raw_id.clone()];
    let options = get_options(CeremonyReason::Again, rp_id, &challenge, allow, WantedKeys::Both);
    let mut asserted = waiting::get(ports, vault, options).await.map_err(map_refusal)?;
    if asserted.raw_id != registered.raw_id {
        return Err(CeremonyFailure::WrongPasskey);
    }
    prf::parse_both(std::mem::take(&mut asserted.prf))
}

/// Asks for one of the vault's passkeys, which signs the challenge. The page explains the reason to
/// the user. Other commands may change the vault meanwhile, so whatever was read from it before is
/// to be read again.
pub(crate) async fn assert_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    challenge: &[u8],
    reason: CeremonyReason,
    keys: WantedKeys,
) -> Result<Asserted, CeremonyFailure> {
    let allow = passkey_ids(&vault.state, &vault.objects);
    let options = get_options(reason, rp_id, challenge, allow, keys);
    let mut asserted = waiting::get(ports, Some(vault), options).await.map_err(map_refusal)?;
    vault_of_assertion(&mut asserted, Some(vault.id()))?;
    Ok(asserted)
}

/// Returns the vault that the passkey is for. If `wanted` names a vault, it must be that one. An
/// authenticator that was given credential ids may omit the user handle (CTAP 2.1, section 6.2.2);
/// the passkey is then for the wanted vault.
pub(crate) fn vault_of_assertion(
    asserted: &mut Asserted,
    wanted: Option<VaultId>,
) -> Result<VaultId, CeremonyFailure> {
    if let (true, Some(wanted)) = (asserted.user_handle.is_empty(), wanted) {
        asserted.user_handle = wanted.as_bytes().to_vec();
    }
    let id: [u8; 16] =
        asserted.user_handle.as_slice().try_into().map_err(|_| CeremonyFailure::NoSuchVault)?;
    let vault = VaultId::new(id);
    if wanted.is_some_and(|wanted| wanted != vault) {
        return Err(CeremonyFailure::WrongPasskey);
    }
    Ok(vault)
}

/// Converts a refusal by the page into a failure of the ceremony.
pub(crate) fn map_refusal(refusal: Refusal) -> CeremonyFailure {
    match refusal {
        Refusal::Cancelled => CeremonyFailure::Cancelled,
        Refusal::Duplicate => CeremonyFailure::PasskeyExists,
        Refusal::Fault(fault) => CeremonyFailure::PasskeyFault(fault),
        Refusal::Unsupported => CeremonyFailure::Unsupported,
        Refusal::Forbidden => CeremonyFailure::Forbidden,
    }
}
