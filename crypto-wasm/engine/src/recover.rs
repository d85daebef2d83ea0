//! Coming back with the recovery code alone: sign in by it, show what the server gives, make a passkey here, and replace the code.

use crystallum_api as api;
use crystallum_core::{
    DeviceId, Entropy, Op, Opener, Purpose, RecoveryCode, Scope, SheetFloor, SignIn, SlotId, VaultId,
    blob_hash, parse_sheet,
};
use crystallum_messages::{Alarm, Failure, Notice, SecretText, Touch};

use crate::ceremonies::{self, Challenges, NewPasskey, Ready};
use crate::client::{CallFailed, Client};
use crate::create;
use crate::join::{self, Stranger};
use crate::local;
use crate::ports::{Clock, DeviceKey, NoDeviceKey, Ports};
use crate::pull::Floor;
use crate::roots::{Keys, Roots};
use crate::sheet::{self, FreshSheet};
use crate::unlock::{self, Unlocked};
use crate::vault::{OpenVault, passkeys};
use crate::ways::{name_way, replace_code, request, way_name};
use crate::write::{self, Whole};

/// A vault that its code has opened, before this device has a passkey for it.
pub(crate) struct Recovering {
    code: RecoveryCode,
    vault: Recovered,
    /// What was made and sent, while nobody knows whether it came through: it is never made a second time meanwhile.
    sent: Option<Sent>,
}

/// A passkey and a code whose slots are in a signed change.
struct Sent {
    passkey: SlotId,
    sheet: FreshSheet,
}

enum Recovered {
    /// A vault that this device knows, or has joined meanwhile.
    Known(Box<OpenVault>),
    /// A vault that is new here.
    Stranger(Box<Stranger>),
}

impl Recovering {
    fn open(&self) -> &OpenVault {
        match &self.vault {
            Recovered::Known(open) => open,
            Recovered::Stranger(stranger) => &stranger.open,
        }
    }

    /// What the person is told before anything of the vault is shown.
    pub(crate) fn notice(&self) -> Notice {
        join::notice(self.open())
    }
}

/// Signs in with the code and verifies what the server gives.
pub(crate) async fn recover<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut Challenges,
    typed: &SecretText,
    change: Option<u64>,
) -> Result<Recovering, Failure> {
    // EXPOSE: read on this device; only a signature by it is sent.
    let parsed = parse_sheet(typed.expose());
    let (code, sheet) = parsed.map_err(|rejected| Failure::CodeRejected(sheet::problem(rejected)))?;
    let device = DeviceId::random(ports.entropy());
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| Failure::StorageFailed)?;
    let session = match sign_in(ports, rp_id, challenges, &code, &key, Purpose::SignIn).await {
        Ok(login) => Client(ports.transport()).recovery(&login).await.map_err(unknown),
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
    let floor = floor(sheet, change, vault);
    let opened = open(ports, &code, vault, floor).await;
    match opened {
        Ok(Unlocked::Stranger(mut stranger)) => {
            stranger.open.device = device;
            stranger.key = Some(key);
            Ok(Recovering { code, vault: Recovered::Stranger(stranger), sent: None })
        }
        Ok(Unlocked::Known(open)) => {
            // This device has a key already.
            ports.device_key().remove(device).await;
            Ok(Recovering { code, vault: Recovered::Known(open), sent: None })
        }
        Err(failure) => {
            ports.device_key().remove(device).await;
            // The server accepts the code and gives a vault that the code does not open.
            Err(if failure == Failure::WrongPasskey { Failure::CodeUnknown } else { failure })
        }
    }
}

async fn open<P: Ports>(
    ports: &mut P,
    code: &RecoveryCode,
    vault: VaultId,
    floor: Result<Option<Floor>, Failure>,
) -> Result<Unlocked, Failure> {
    let verifier = code.verifier();
    let opener = Opener::RecoveryCode { verifier: &verifier };
    let loaded = (vault, local::load(ports.store(), vault).await);
    unlock::open_with(ports, (&code.kek(Scope::Root), opener), loaded, Ok(()), floor?).await
}

/// What the sheet says of the vault; a QR code names the vault too.
fn floor(sheet: Option<SheetFloor>, change: Option<u64>, vault: VaultId) -> Result<Option<Floor>, Failure> {
    match (sheet, change) {
        (Some(sheet), _) if sheet.vault != vault => {
            Err(Failure::Alarm(Alarm::BelowSheet { sheet: sheet.counter, offered: 0 }))
        }
        (Some(sheet), _) => Ok(Some(Floor { counter: sheet.counter, head: Some(sheet.head) })),
        (None, Some(counter)) => Ok(Some(Floor { counter, head: None })),
        (None, None) => Ok(None),
    }
}

/// Makes a passkey, takes this device in, and puts a new code in the place of the used one. After a failure it can be called again.
pub(crate) async fn finish<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut Challenges,
    register: Ready,
    mut recovering: Recovering,
    name: &str,
) -> Result<OpenVault, (Recovering, Failure)> {
    match take_in(ports, rp_id, challenges, register, &mut recovering, name).await {
        Ok(()) => match recovering.vault {
            Recovered::Known(open) => Ok(*open),
            Recovered::Stranger(stranger) => Ok(stranger.open),
        },
        Err(failure) => Err((recovering, failure)),
    }
}

async fn take_in<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut Challenges,
    register: Ready,
    recovering: &mut Recovering,
    name: &str,
) -> Result<(), Failure> {
    let name = way_name(name)?;
    if settled(ports, recovering).await? {
        return Ok(());
    }
    let open = recovering.open();
    let new = NewPasskey {
        touch: Touch::NewPasskey,
        vault: open.id(),
        name: &open.name,
        exclude: passkeys(&open.state, &open.objects),
    };
    let registered = create::passkey(ports, rp_id, &register, new).await?;
    let outputs = create::outputs(ports, rp_id, &registered).await?;
    let keys = Keys::of_passkey(&outputs, rp_id, &registered.raw_id)?;

    let Recovering { code, vault, sent } = recovering;
    let open = match vault {
        Recovered::Known(open) => open.as_mut(),
        Recovered::Stranger(stranger) => {
            if stranger.open.state.device(stranger.open.device).is_none() {
                join::join(ports, stranger).await?;
            }
            &mut stranger.open
        }
    };
    write::ready(ports, open).await?;
    let verifier = code.verifier();
    let opener = Opener::RecoveryCode { verifier: &verifier };
    let roots = Roots::open(&open.state, &open.objects, opener, &Keys::of_code(code))?;
    let made = roots.wrap(&keys, open.id(), open.keys.epoch(), ports.entropy())?;
    let slot = made.slot;
    let mut changes = Vec::from(made.changes);
    changes.push(name_way(ports, open, slot, name)?.1);
    let (new_code, of) = replace_code(ports, open, &roots, &mut changes)?;
    drop(roots);

    let key = open.state.device(open.device).ok_or(Failure::Confused)?.key;
    let proof = sign_in(ports, rp_id, challenges, code, &key, Purpose::ChangeSignInMethods).await?;
    let mut request = request(api::Proof::Recovery(proof));
    let credential = ceremonies::registration(&registered);
    request.add_passkey = Some(api::NewPasskey { ceremony: register.ceremony, credential });
    request.set_recovery = Some(sheet::verifier(&new_code));
    let now = ports.clock().now();
    *sent = Some(Sent { passkey: slot, sheet: FreshSheet::new(ports.entropy(), new_code, of, now) });
    write::whole(ports, open, Whole { op: Op::SignInMethods, changes, ways: Some(request) }).await?;
    settle(recovering);
    Ok(())
}

/// Finds out what became of an earlier try. Until that is known nothing is made: an authenticator keeps one passkey for a vault, and a second
/// one would take the place of the first, which may be the one that opens it.
async fn settled<P: Ports>(ports: &mut P, recovering: &mut Recovering) -> Result<bool, Failure> {
    if recovering.sent.is_none() {
        return Ok(false);
    }
    let open = match &mut recovering.vault {
        Recovered::Known(open) => open.as_mut(),
        Recovered::Stranger(stranger) => &mut stranger.open,
    };
    match write::ready(ports, open).await {
        Ok(()) | Err(Failure::EarlierNotMade) => {}
        Err(Failure::WaitingForServer) => return Err(Failure::Unsettled),
        // The change ends every session of the code that it replaces; what it made opens new ones.
        Err(failure) => return Err(failure),
    }
    Ok(settle(recovering))
}

/// Takes over what was sent, if it is part of the vault; forgets it otherwise.
fn settle(recovering: &mut Recovering) -> bool {
    let open = match &mut recovering.vault {
        Recovered::Known(open) => open.as_mut(),
        Recovered::Stranger(stranger) => &mut stranger.open,
    };
    let Some(Sent { passkey, sheet }) = recovering.sent.take() else { return false };
    if open.state.keyslot(passkey).is_none() {
        return false;
    }
    (open.opened_by, open.sheet) = (passkey, Some(sheet));
    true
}

/// A signature by the code: for this host, this nonce, this device and this purpose.
async fn sign_in<P: Ports>(
    ports: &mut P,
    host: &str,
    challenges: &mut Challenges,
    code: &RecoveryCode,
    device_key: &[u8; 65],
    purpose: Purpose,
) -> Result<api::RecoveryLogin, Failure> {
    let now = ports.clock().now();
    let challenge = Client(ports.transport()).recovery_challenge().await?;
    let Ready { ceremony, challenge, .. } = challenges.accept(challenge, now)?;
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

fn unknown(failed: CallFailed) -> Failure {
    match failed.code() {
        Some(api::Code::ProofRejected) => Failure::CodeUnknown,
        _ => failed.into(),
    }
}
