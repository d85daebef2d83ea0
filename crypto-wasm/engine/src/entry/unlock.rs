//! Unlocking a vault with a passkey. One ceremony gives both the session and the key.

use crystallum_core::{Opener, Scope, VaultId};
use crystallum_messages::{CeremonyReason, entry::Failure};
use futures_util::future::join;

use crate::access::vault_login::enter_with_vault_key;
use crate::entry::open::{Unlocked, open_with_key};
use crate::entry::preload::Preload;
use crate::local::load::{load_vault, stored_passkey_ids};
use crate::passkeys::ceremony::{map_refusal, vault_of_assertion};
use crate::passkeys::challenge::local_challenge;
use crate::passkeys::options::{WantedKeys, get_options};
use crate::passkeys::prefetch::ChallengePrefetch;
use crate::passkeys::prf;
use crate::passkeys::waiting;
use crate::ports::Ports;
use crate::wire::answer::Session;
use crate::wire::client::Client;
use crate::wire::proof::PasskeyProof;
use crate::wire::refusal::{CallFailed, Refusal};

/// Opens a vault with a passkey. If `wanted` names a vault, the passkey must be for that one. What
/// is preloaded need not be loaded.
pub(crate) async fn unlock_vault<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut ChallengePrefetch,
    wanted: Option<VaultId>,
    preload: &mut Preload,
) -> Result<Unlocked, Failure> {
    let known = match wanted {
        Some(vault) => stored_passkey_ids(ports.store(), vault).await.ok().flatten(),
        None => None,
    };
    // Without the server, a vault that is stored on this device can still be opened. The
    // ceremony then uses a challenge of this client.
    let (challenge, ceremony) = match challenges.take_for_unlock(ports).await {
        Ok(ready) => (ready.challenge, Ok(ready.ceremony)),
        Err(failure) if known.is_none() => return Err(failure.into()),
        Err(_) => (local_challenge(ports.entropy()), Err(CallFailed::Unreachable)),
    };
    let allow = known.unwrap_or_default();
    let options = get_options(CeremonyReason::Unlock, rp_id, &challenge, allow, WantedKeys::Root);
    // The stored vault is loaded and verified while the ceremony runs, if it is not there yet.
    let store = ports.store().clone();
    let load = async {
        if let Some(vault) = wanted {
            preload.load_current(&store, vault).await;
        }
    };
    let (asserted, ()) = join(waiting::get(ports, None, options), load).await;
    let mut asserted = asserted.map_err(map_refusal)?;
    let vault = vault_of_assertion(&mut asserted, wanted)?;
    let key = prf::derive_key(&mut asserted, rp_id, Scope::Root);
    let login = async {
        let proof = PasskeyProof { ceremony: ceremony?, asserted: &asserted };
        log_in(ports, proof, vault).await
    };
    let (login, stored) = join(login, load_vault(&store, vault, preload.take(vault))).await;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    let is_lost = matches!(login, Err(CallFailed::Refused(Refusal::CredentialRejected)));
    let mut unlocked = open_with_key(ports, (key?, opener), (vault, stored), login, None).await?;
    if let (true, Unlocked::Known(open)) = (is_lost, &mut unlocked) {
        enter_with_vault_key(ports, rp_id, challenges, open).await;
    }
    Ok(unlocked)
}

/// Starts a session of the vault at the server.
pub(crate) async fn log_in<P: Ports>(
    ports: &P,
    proof: PasskeyProof<'_>,
    vault: VaultId,
) -> Result<Session, CallFailed> {
    let session = Client(ports.transport()).login(proof).await?;
    if session.vault == vault { Ok(session) } else { Err(CallFailed::InvalidAnswer) }
}
