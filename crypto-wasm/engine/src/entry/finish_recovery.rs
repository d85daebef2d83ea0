//! The second part of recovering a vault: registering a passkey on this device, joining with the
//! device, and replacing the used code.

use crystallum_core::{Op, Opener, PrfOutput, Purpose};
use crystallum_messages::{CeremonyReason, ImpossibleState, Registered, VaultFailure, entry::Failure};

use crate::access::edit::{name_method, replace_code};
use crate::access::methods::parse_method_name;
use crate::access::roots::{MethodKeys, Roots};
use crate::access::settle::settle_orphans;
use crate::entry::code_login::sign_login;
use crate::entry::join::join_vault;
use crate::entry::recover::{RecoveredVault, SentChange, VaultRecovery};
use crate::passkeys::ceremony::{discard_passkey, register_with_outputs};
use crate::passkeys::challenge::{FreshChallenge, SeenChallenges};
use crate::passkeys::options::NewPasskey;
use crate::ports::{Clock, Ports};
use crate::sync::commit::commit_atomic;
use crate::sync::plan::AtomicChange;
use crate::sync::preflight::require_online;
use crate::vault::fresh_sheet::FreshSheet;
use crate::vault::open_vault::OpenVault;
use crate::vault::slots::passkey_ids;
use crate::wire::proof::{NewCredential, Proof, RecoveryVerifier};
use crate::wire::request::MethodsChange;

/// Registers a passkey, joins this device, and replaces the used code. Can be called again after a
/// failure.
pub(crate) async fn finish_recovery<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut SeenChallenges,
    register: FreshChallenge,
    mut recovery: VaultRecovery,
    name: &str,
) -> Result<OpenVault, (VaultRecovery, Failure)> {
    match enroll_device(ports, rp_id, challenges, register, &mut recovery, name).await {
        Ok(()) => match recovery.vault {
            RecoveredVault::Known(open) => Ok(*open),
            RecoveredVault::Unjoined(unjoined) => Ok(unjoined.open),
        },
        Err(failure) => Err((recovery, failure)),
    }
}

async fn enroll_device<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut SeenChallenges,
    register: FreshChallenge,
    recovery: &mut VaultRecovery,
    name: &str,
) -> Result<(), Failure> {
    let name = parse_method_name(name)?;
    if resolve_sent_change(ports, recovery).await? {
        return Ok(());
    }
    let open = recovery.open();
    let new = NewPasskey {
        reason: CeremonyReason::NewPasskey,
        vault: open.id(),
        name: &open.name,
        exclude: passkey_ids(&open.state, &open.objects),
    };
    let (registered, outputs) = register_with_outputs(ports, rp_id, None, &register, new).await?;
    let result =
        use_passkey(ports, rp_id, challenges, (register, &registered), &outputs, recovery, name).await;
    if result.is_err() && !may_be_adopted(recovery, &registered.raw_id) {
        discard_passkey(ports, &registered);
    }
    result
}

/// Returns whether the passkey of a change that was sent belongs to the vault, or may yet do so. A
/// change that the server has refused may do so until another head takes its number.
fn may_be_adopted(recovery: &VaultRecovery, credential_id: &[u8]) -> bool {
    let open = recovery.open();
    let is_sent = |sent: &SentChange| open.pending.is_some() || open.state.has_method(sent.passkey);
    recovery.sent.as_ref().is_some_and(is_sent) || open.orphans.has_passkey(credential_id)
}

/// Joins this device and replaces the used code. The new passkey becomes a sign-in method.
async fn use_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut SeenChallenges,
    (register, registered): (FreshChallenge, &Registered),
    outputs: &(PrfOutput, PrfOutput),
    recovery: &mut VaultRecovery,
    name: String,
) -> Result<(), Failure> {
    let keys = MethodKeys::from_passkey(outputs, rp_id, &registered.raw_id)?;

    let VaultRecovery { code, vault, sent } = recovery;
    let open = match vault {
        RecoveredVault::Known(open) => open.as_mut(),
        RecoveredVault::Unjoined(unjoined) => {
            if unjoined.open.state.device(unjoined.open.device).is_none() {
                join_vault(ports, unjoined).await?;
            }
            &mut unjoined.open
        }
    };
    require_online(ports, open).await?;
    let verifier = code.verifier();
    let opener = Opener::RecoveryCode { verifier: &verifier };
    let roots = Roots::open(&open.state, &open.objects, opener, &MethodKeys::from_code(code))?;
    let made = roots.wrap(&keys, open.id(), open.keys.epoch(), ports.entropy())?;
    let passkey = made.id;
    let mut changes = Vec::from(made.changes);
    changes.push(name_method(ports, open, passkey, name)?);
    let (new_code, sheet) = replace_code(ports, open, &roots, &mut changes)?;
    drop(roots);

    let key = open.state.device(open.device).ok_or(ImpossibleState::DeviceNotJoined)?.key;
    let proof = sign_login(ports, rp_id, challenges, code, &key, Purpose::ChangeSignInMethods).await?;
    let request = MethodsChange {
        add_passkey: Some(NewCredential { ceremony: register.ceremony, registered }),
        set_recovery: Some(RecoveryVerifier::of_code(&new_code)),
        ..MethodsChange::new(Proof::Recovery(proof))
    };
    let now = ports.clock().now();
    open.sheet = Some(FreshSheet::new(ports.entropy(), new_code, sheet, now));
    *sent = Some(SentChange { passkey });
    let change = AtomicChange { op: Op::SignInMethods, changes, request: Some(request) };
    commit_atomic(ports, open, change).await?;
    adopt_sent_change(recovery);
    Ok(())
}

/// Finds out whether an earlier attempt succeeded. Nothing new is created before that is known and
/// can no longer change: an authenticator keeps one passkey for a vault, and a second one would
/// replace the first, which may be the one that opens it.
async fn resolve_sent_change<P: Ports>(
    ports: &mut P,
    recovery: &mut VaultRecovery,
) -> Result<bool, VaultFailure> {
    if recovery.sent.is_none() && recovery.open().orphans.is_empty() {
        return Ok(false);
    }
    match require_online(ports, recovery.open_mut()).await {
        Ok(()) | Err(VaultFailure::EarlierNotMade) => {}
        Err(VaultFailure::WaitingForServer) => return Err(VaultFailure::Unsettled),
        // The change ends every session of the replaced code. Its new passkey and code can start
        // new ones.
        Err(failure) => return Err(failure),
    }
    settle_orphans(ports, recovery.open_mut()).await?;
    Ok(adopt_sent_change(recovery))
}

/// Adopts the new passkey and code if the sent change is part of the vault, and forgets them
/// otherwise. Returns whether they were adopted.
fn adopt_sent_change(recovery: &mut VaultRecovery) -> bool {
    let Some(SentChange { passkey }) = recovery.sent.take() else { return false };
    let open = recovery.open_mut();
    if !open.state.has_method(passkey) {
        open.sheet = None;
        return false;
    }
    open.opened_by = passkey;
    true
}
