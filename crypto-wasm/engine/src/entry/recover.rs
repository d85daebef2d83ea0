//! Recovering a vault with the recovery code alone: sign in with it, show which state the server
//! returned, register a passkey on this device, and replace the code.

use crystallum_api as api;
use crystallum_core::{
    DeviceId, Entropy, Op, Opener, Purpose, RecoveryCode, Scope, SheetFloor, SignIn, SlotId, VaultId,
    blob_hash, parse_sheet,
};
use crystallum_messages::{Alarm, CeremonyReason, Failure, Notice, SecretText};

use crate::access::edit::{name_method, replace_code, unsigned_request};
use crate::access::methods::parse_method_name;
use crate::access::roots::{MethodKeys, Roots};
use crate::access::sheet::{self, FreshSheet};
use crate::entry::create;
use crate::entry::join::{self, UnjoinedVault};
use crate::entry::unlock::{self, Unlocked};
use crate::local::load as local;
use crate::passkeys::options::{self as ceremonies, FreshChallenge, NewPasskey, SeenChallenges};
use crate::ports::{Clock, DeviceKey, NoDeviceKey, Ports};
use crate::sync::atomic::{self, AtomicChange};
use crate::sync::pull::Floor;
use crate::vault::open_vault::{OpenVault, passkey_ids};
use crate::wire::client::{CallFailed, Client};

/// A vault that its recovery code has opened, before this device has a passkey for it.
pub(crate) struct VaultRecovery {
    code: RecoveryCode,
    vault: RecoveredVault,
    /// The change that was sent and whose outcome is unknown. No second one is made meanwhile.
    sent: Option<SentChange>,
}

/// A new passkey and a new recovery code whose slots are in a signed change.
struct SentChange {
    passkey: SlotId,
    sheet: FreshSheet,
}

enum RecoveredVault {
    /// A vault that this device knows.
    Known(Box<OpenVault>),
    /// A vault that was new on this device when the recovery began.
    Unjoined(Box<UnjoinedVault>),
}

impl VaultRecovery {
    fn open(&self) -> &OpenVault {
        match &self.vault {
            RecoveredVault::Known(open) => open,
            RecoveredVault::Unjoined(unjoined) => &unjoined.open,
        }
    }

    /// Describes the state that was returned, before anything of the vault is shown.
    pub(crate) fn notice(&self) -> Notice {
        join::build_notice(self.open())
    }
}

/// Signs in with the code and verifies what the server returns.
pub(crate) async fn start_recovery<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut SeenChallenges,
    typed: &SecretText,
    change: Option<u64>,
) -> Result<VaultRecovery, Failure> {
    // EXPOSE: parsed on this device; only a signature by the code is sent.
    let parsed = parse_sheet(typed.expose());
    let (code, sheet) = parsed.map_err(|rejected| Failure::CodeRejected(sheet::code_problem(rejected)))?;
    let device = DeviceId::random(ports.entropy());
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| Failure::StorageFailed)?;
    let session = match sign_login(ports, rp_id, challenges, &code, &key, Purpose::SignIn).await {
        Ok(login) => Client(ports.transport()).recovery(&login).await.map_err(map_login_error),
        Err(failure) => Err(failure),
    };
    let session = match session {
        Ok(session) => session,
        Err(failure) => {
            ports.device_key().remove(device).await;
            return Err(failure);
        }
    };
    let vault = VaultId::new(session.account.0);
    let floor = floor_of_sheet(sheet, change, vault);
    let opened = open_with_code(ports, &code, vault, floor).await;
    match opened {
        Ok(Unlocked::Unjoined(mut unjoined)) => {
            unjoined.open.device = device;
            unjoined.key = Some(key);
            Ok(VaultRecovery { code, vault: RecoveredVault::Unjoined(unjoined), sent: None })
        }
        Ok(Unlocked::Known(open)) => {
            // This device already has a key for the vault.
            ports.device_key().remove(device).await;
            Ok(VaultRecovery { code, vault: RecoveredVault::Known(open), sent: None })
        }
        Err(failure) => {
            ports.device_key().remove(device).await;
            // The server accepts the code but returns a vault that the code does not open.
            Err(if failure == Failure::WrongPasskey { Failure::CodeUnknown } else { failure })
        }
    }
}

async fn open_with_code<P: Ports>(
    ports: &mut P,
    code: &RecoveryCode,
    vault: VaultId,
    floor: Result<Option<Floor>, Failure>,
) -> Result<Unlocked, Failure> {
    let verifier = code.verifier();
    let opener = Opener::RecoveryCode { verifier: &verifier };
    let loaded = (vault, local::load_vault(ports.store(), vault).await);
    unlock::open_with_key(ports, (&code.kek(Scope::Root), opener), loaded, Ok(()), floor?).await
}

/// Returns the floor that the sheet or the typed change number sets. A QR code also names the
/// vault, which must match.
fn floor_of_sheet(
    sheet: Option<SheetFloor>,
    change: Option<u64>,
    vault: VaultId,
) -> Result<Option<Floor>, Failure> {
    match (sheet, change) {
        (Some(sheet), _) if sheet.vault != vault => {
            Err(Failure::Alarm(Alarm::BelowSheet { sheet: sheet.counter, offered: 0 }))
        }
        (Some(sheet), _) => Ok(Some(Floor { counter: sheet.counter, head: Some(sheet.head) })),
        (None, Some(counter)) => Ok(Some(Floor { counter, head: None })),
        (None, None) => Ok(None),
    }
}

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
    let registered = create::register_passkey(ports, rp_id, &register, new).await?;
    let outputs = create::prf_outputs(ports, rp_id, &registered).await?;
    let keys = MethodKeys::from_passkey(&outputs, rp_id, &registered.raw_id)?;

    let VaultRecovery { code, vault, sent } = recovery;
    let open = match vault {
        RecoveredVault::Known(open) => open.as_mut(),
        RecoveredVault::Unjoined(unjoined) => {
            if unjoined.open.state.device(unjoined.open.device).is_none() {
                join::join_vault(ports, unjoined).await?;
            }
            &mut unjoined.open
        }
    };
    atomic::require_online(ports, open).await?;
    let verifier = code.verifier();
    let opener = Opener::RecoveryCode { verifier: &verifier };
    let roots = Roots::open(&open.state, &open.objects, opener, &MethodKeys::from_code(code))?;
    let made = roots.wrap(&keys, open.id(), open.keys.epoch(), ports.entropy())?;
    let slot = made.slot;
    let mut changes = Vec::from(made.changes);
    changes.push(name_method(ports, open, slot, name)?.1);
    let (new_code, of) = replace_code(ports, open, &roots, &mut changes)?;
    drop(roots);

    let key = open.state.device(open.device).ok_or(Failure::Confused)?.key;
    let proof = sign_login(ports, rp_id, challenges, code, &key, Purpose::ChangeSignInMethods).await?;
    let mut request = unsigned_request(api::Proof::Recovery(proof));
    let credential = ceremonies::registration_to_wire(&registered);
    request.add_passkey = Some(api::NewPasskey { ceremony: register.ceremony, credential });
    request.set_recovery = Some(sheet::recovery_verifier(&new_code));
    let now = ports.clock().now();
    *sent = Some(SentChange { passkey: slot, sheet: FreshSheet::new(ports.entropy(), new_code, of, now) });
    atomic::commit_atomic(
        ports,
        open,
        AtomicChange { op: Op::SignInMethods, changes, request: Some(request) },
    )
    .await?;
    adopt_sent_change(recovery);
    Ok(())
}

/// Finds out whether an earlier attempt succeeded. Nothing new is made before that is known: an
/// authenticator keeps one passkey for a vault, and a second one would replace the first, which may
/// be the one that opens it.
async fn resolve_sent_change<P: Ports>(ports: &mut P, recovery: &mut VaultRecovery) -> Result<bool, Failure> {
    if recovery.sent.is_none() {
        return Ok(false);
    }
    let open = match &mut recovery.vault {
        RecoveredVault::Known(open) => open.as_mut(),
        RecoveredVault::Unjoined(unjoined) => &mut unjoined.open,
    };
    match atomic::require_online(ports, open).await {
        Ok(()) | Err(Failure::EarlierNotMade) => {}
        Err(Failure::WaitingForServer) => return Err(Failure::Unsettled),
        // The change ends every session of the replaced code. Its new passkey and code can start
        // new ones.
        Err(failure) => return Err(failure),
    }
    Ok(adopt_sent_change(recovery))
}

/// Adopts the new passkey and code if the sent change is part of the vault, and forgets them
/// otherwise. Returns whether they were adopted.
fn adopt_sent_change(recovery: &mut VaultRecovery) -> bool {
    let open = match &mut recovery.vault {
        RecoveredVault::Known(open) => open.as_mut(),
        RecoveredVault::Unjoined(unjoined) => &mut unjoined.open,
    };
    let Some(SentChange { passkey, sheet }) = recovery.sent.take() else { return false };
    if open.state.keyslot(passkey).is_none() {
        return false;
    }
    (open.opened_by, open.sheet) = (passkey, Some(sheet));
    true
}

/// Signs a login with the code, for this host, this nonce, this device and this purpose.
async fn sign_login<P: Ports>(
    ports: &mut P,
    host: &str,
    challenges: &mut SeenChallenges,
    code: &RecoveryCode,
    device_key: &[u8; 65],
    purpose: Purpose,
) -> Result<api::RecoveryLogin, Failure> {
    let now = ports.clock().now();
    let challenge = Client(ports.transport()).recovery_challenge().await?;
    let FreshChallenge { ceremony, challenge, .. } = challenges.accept(challenge, now)?;
    let mut client_nonce = [0; 32];
    ports.entropy().fill(&mut client_nonce);
    let device_key_hash = blob_hash(device_key);
    let message = SignIn { host, server_nonce: &challenge, client_nonce, device_key_hash, purpose };
    let signature = code.sign_in(&message).map_err(|_| Failure::StrangeAnswer)?;
    Ok(api::RecoveryLogin {
        ceremony,
        lookup: code.lookup().to_vec().into(),
        client_nonce: client_nonce.to_vec().into(),
        device_key_hash: device_key_hash.to_vec().into(),
        signature: signature.to_vec().into(),
    })
}

fn map_login_error(failed: CallFailed) -> Failure {
    match failed.code() {
        Some(api::Code::ProofRejected) => Failure::CodeUnknown,
        _ => failed.into(),
    }
}
