//! The first part of recovering a vault with the recovery code alone: signing in with it, and
//! showing which state the server returned. The second part is in `finish_recovery`.

use crystallum_core::{
    DeviceId, MethodId, Opener, Purpose, RecoveryCode, Scope, SheetFloor, VaultId, parse_sheet,
};
use crystallum_messages::{
    Alarm, CeremonyFailure, Notice, SecretText, ServerFailure, VaultFailure, entry::Failure,
};

use crate::access::sheet;
use crate::entry::code_login::{map_login_error, sign_login};
use crate::entry::join::{self, UnjoinedVault};
use crate::entry::open::{Unlocked, open_with_key};
use crate::local::load::load_vault;
use crate::passkeys::challenge::SeenChallenges;
use crate::ports::{DeviceKey, NoDeviceKey, Ports};
use crate::sync::floor::Floor;
use crate::vault::open_vault::OpenVault;
use crate::wire::answer::Session;
use crate::wire::client::Client;

/// A vault that its recovery code has opened, before this device has a passkey for it.
pub(crate) struct VaultRecovery {
    pub(super) code: RecoveryCode,
    pub(super) vault: RecoveredVault,
    /// The change that was sent and whose outcome is unknown. No second one is made in the
    /// meantime.
    pub(super) sent: Option<SentChange>,
}

/// A signed change that adds a new passkey, and the recovery code that is the vault's new sheet.
pub(super) struct SentChange {
    pub(super) passkey: MethodId,
}

pub(super) enum RecoveredVault {
    /// A vault that this device knows.
    Known(Box<OpenVault>),
    /// A vault that was new on this device when the recovery began.
    Unjoined(Box<UnjoinedVault>),
}

impl VaultRecovery {
    pub(super) fn open(&self) -> &OpenVault {
        match &self.vault {
            RecoveredVault::Known(open) => open,
            RecoveredVault::Unjoined(unjoined) => &unjoined.open,
        }
    }

    pub(super) fn open_mut(&mut self) -> &mut OpenVault {
        match &mut self.vault {
            RecoveredVault::Known(open) => open,
            RecoveredVault::Unjoined(unjoined) => &mut unjoined.open,
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
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| VaultFailure::StorageFailed)?;
    let session = match sign_login(ports, rp_id, challenges, &code, &key, Purpose::SignIn).await {
        Ok(login) => Client(ports.transport()).recovery(login).await.map_err(map_login_error),
        Err(failure) => Err(failure.into()),
    };
    let session = match session {
        Ok(session) => session,
        Err(failure) => {
            ports.device_key().remove(device).await;
            return Err(failure);
        }
    };
    let floor = floor_of_sheet(sheet, change, session.vault);
    let opened = open_with_code(ports, &code, session, floor).await;
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
            Err(if is_wrong_key(&failure) { Failure::CodeUnknown } else { failure })
        }
    }
}

/// Returns whether the key opens no keyslot of the vault, as this device or the server found out.
fn is_wrong_key(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Ceremony(CeremonyFailure::WrongPasskey)
            | Failure::Vault(VaultFailure::Server(ServerFailure::WrongPasskey))
    )
}

async fn open_with_code<P: Ports>(
    ports: &mut P,
    code: &RecoveryCode,
    session: Session,
    floor: Result<Option<Floor>, Failure>,
) -> Result<Unlocked, Failure> {
    let vault = session.vault;
    let verifier = code.verifier();
    let opener = Opener::RecoveryCode { verifier: &verifier };
    let loaded = (vault, load_vault(ports.store(), vault, None).await);
    open_with_key(ports, (code.kek(Scope::Root), opener), loaded, Ok(session), floor?).await
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
            Err(VaultFailure::Alarm(Alarm::BelowSheet { sheet: sheet.counter, offered: 0 }).into())
        }
        (Some(sheet), _) => Ok(Some(Floor { counter: sheet.counter, head: Some(sheet.head) })),
        (None, Some(counter)) => Ok(Some(Floor { counter, head: None })),
        (None, None) => Ok(None),
    }
}
