//! Confirming changes of sign-in methods: a passkey of the vault opens the roots on this device,
//! and the server verifies that the owner is there.

use crystallum_core::{MethodId, Opener};
use crystallum_messages::{Asserted, CeremonyFailure, CeremonyReason, VaultFailure};

use crate::access::roots::{MethodKeys, Roots};
use crate::access::vault_login::sign_vault_proof;
use crate::passkeys::ceremony::assert_passkey;
use crate::passkeys::challenge::FreshChallenge;
use crate::passkeys::options::WantedKeys;
use crate::passkeys::prf;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;
use crate::vault::slots::{methods, methods_of_passkey};
use crate::wire::proof::{PasskeyProof, Proof};

/// The challenges of the server that confirm a change.
pub(crate) struct Confirmation {
    /// The one that the passkey signs.
    pub(crate) login: FreshChallenge,
    /// The one that the vault's key signs, in a session of that key: the server has lost what it
    /// knew of the passkey.
    pub(crate) by_vault: Option<FreshChallenge>,
}

impl Confirmation {
    /// Returns the proof that the server verifies before it changes anything.
    pub(crate) async fn prove<'a, P: Ports>(
        &self,
        ports: &P,
        rp_id: &str,
        vault: &OpenVault,
        asserted: &'a Asserted,
    ) -> Result<Proof<'a>, VaultFailure> {
        match &self.by_vault {
            Some(nonce) => Ok(Proof::Vault(sign_vault_proof(ports, rp_id, nonce, vault).await?)),
            None => Ok(passkey_proof(&self.login, asserted)),
        }
    }
}

/// Returns the proof by a passkey's signature.
pub(crate) fn passkey_proof<'a>(login: &FreshChallenge, asserted: &'a Asserted) -> Proof<'a> {
    Proof::Passkey(PasskeyProof { ceremony: login.ceremony, asserted })
}

/// Asks for a passkey of the vault and opens both roots with it.
pub(crate) async fn confirm_with_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    login: &FreshChallenge,
) -> Result<(Asserted, Roots), CeremonyFailure> {
    let mut asserted =
        assert_passkey(ports, rp_id, vault, &login.challenge, CeremonyReason::Confirm, WantedKeys::Both)
            .await?;
    let outputs = prf::parse_both(std::mem::take(&mut asserted.prf))?;
    let keys = MethodKeys::from_passkey(&outputs, rp_id, &asserted.raw_id)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    let roots = Roots::open(&vault.state, &vault.objects, opener, &keys)?;
    Ok((asserted, roots))
}

/// Returns the sign-in methods whose place a new passkey takes: those of this passkey, if the
/// server has lost it. An authenticator keeps one passkey for each vault, so that a new one may
/// overwrite this one, with which the vault would be lost if the change was not made. That the
/// server has lost it is the server's word alone. So there must be a recovery sheet that was made
/// and written down since, and that the server knows: an earlier one may be lost by now.
pub(crate) fn replaced_methods(vault: &OpenVault, credential_id: &[u8]) -> Vec<MethodId> {
    let Some(lacking) = &vault.lacking else { return Vec::new() };
    let opens_without_it = methods(&vault.state).any(|(method, _)| {
        let is_confirmed = vault.confirmed_sheet.is_some_and(|sheet| sheet.method == method);
        is_confirmed && !lacking.contains(&method)
    });
    let mut replaced = methods_of_passkey(&vault.state, &vault.objects, credential_id);
    replaced.retain(|method| opens_without_it && lacking.contains(method));
    replaced
}
