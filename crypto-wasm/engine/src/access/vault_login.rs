//! Signing in with the vault's key, where the server has lost the passkey that opened the vault: it
//! was restored from an older backup. The session reads, puts back, and changes sign-in methods.

use crystallum_core::VaultLogin;
use crystallum_messages::{Alarm, ImpossibleState, ServerFailure, SyncState, VaultFailure};

use crate::passkeys::challenge::FreshChallenge;
use crate::passkeys::prefetch::ChallengePrefetch;
use crate::ports::{DeviceKey, NoDeviceKey, Ports};
use crate::sync::alarms::raise_and_keep;
use crate::sync::preflight::sync_at_login;
use crate::sync::put_back::bare_writes;
use crate::sync::status::set_sync_state;
use crate::vault::lost_write::LostWrite;
use crate::vault::open_vault::OpenVault;
use crate::wire::answer::{Session, VaultSession};
use crate::wire::client::Client;
use crate::wire::proof::VaultProof;
use crate::wire::refusal::{CallFailed, Refusal};

/// Signs in with the vault's key, after the server has refused the passkey that opened the vault,
/// and synchronises. Whatever the server answers, the vault stays open.
pub(crate) async fn enter_with_vault_key<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut ChallengePrefetch,
    vault: &mut OpenVault,
) {
    if vault.alarm.as_ref().is_some_and(|kept| !kept.can_end()) {
        return;
    }
    // After a failure it is as if the session had ended, and an alarm was raised if there is one.
    let Ok(session) = log_in_with_vault_key(ports, rp_id, challenges, vault).await else { return };
    if sync_at_login(ports, vault, &session).await.is_err() {
        set_sync_state(ports, vault, SyncState::Offline);
    }
}

/// Opens a session with the vault's key. A server that has fewer changes than this device is shown
/// the ones after its newest, without their ciphertext: this device may have entered by one of
/// them. If it does not recognise them, the alarm is raised.
pub(crate) async fn log_in_with_vault_key<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut ChallengePrefetch,
    vault: &mut OpenVault,
) -> Result<Session, VaultFailure> {
    let opened = match ask_for_session(ports, rp_id, challenges, vault, &[]).await? {
        Err(CallFailed::Refused(Refusal::Conflict { counter: Some(offered) }))
            if offered < vault.counter() =>
        {
            let lost = bare_writes(ports, vault, offered).await?;
            let shown = match lost.as_slice() {
                [] => Err(CallFailed::Refused(Refusal::Other)),
                lost => ask_for_session(ports, rp_id, challenges, vault, lost).await?,
            };
            match shown {
                Err(CallFailed::Refused(Refusal::Conflict { .. } | Refusal::Other)) => {
                    let alarm = Alarm::Rollback { mine: vault.counter(), offered };
                    return Err(raise_and_keep(ports, vault, alarm, None).await);
                }
                shown => shown?,
            }
        }
        opened => opened?,
    };
    if opened.session.vault != vault.id() {
        return Err(ServerFailure::StrangeAnswer.into());
    }
    vault.lacking = Some(opened.lacking);
    vault.quota = Some(opened.session.quota);
    set_sync_state(ports, vault, SyncState::Synced);
    Ok(opened.session)
}

async fn ask_for_session<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut ChallengePrefetch,
    vault: &OpenVault,
    lost: &[LostWrite],
) -> Result<Result<VaultSession, CallFailed>, VaultFailure> {
    let nonce = challenges.take_for_vault(ports).await?;
    let proof = sign_vault_proof(ports, rp_id, &nonce, vault).await?;
    Ok(Client(ports.transport()).vault_login(vault.id(), proof, lost).await)
}

/// Signs a nonce of the server with the vault's key and this device's.
pub(crate) async fn sign_vault_proof<P: Ports>(
    ports: &P,
    rp_id: &str,
    nonce: &FreshChallenge,
    vault: &OpenVault,
) -> Result<VaultProof, VaultFailure> {
    let device = vault.device;
    let device_key = vault.state.device(device).ok_or(ImpossibleState::DeviceNotJoined)?.key;
    let login = VaultLogin { host: rp_id, server_nonce: &nonce.challenge, device_key: &device_key };
    let message = login.message().map_err(|_| ServerFailure::StrangeAnswer)?;
    let by_vault = vault.signer.sign_login(&login).map_err(|_| ServerFailure::StrangeAnswer)?;
    let signed = ports.device_key().sign(device, &message).await;
    let by_device = signed.map_err(|NoDeviceKey| VaultFailure::StorageFailed)?;
    Ok(VaultProof { ceremony: nonce.ceremony, device, device_key, by_vault, by_device })
}
