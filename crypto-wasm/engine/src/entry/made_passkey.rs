//! The first step of creating a vault: the key of this device, and a passkey.

use crystallum_core::{DeviceId, VaultId};
use crystallum_messages::{CeremonyReason, Registered, VaultFailure, entry::Failure};

use crate::passkeys::ceremony::{discard_passkey, register_passkey};
use crate::passkeys::challenge::FreshChallenge;
use crate::passkeys::options::NewPasskey;
use crate::ports::{DeviceKey, NoDeviceKey, Ports};
use crate::vault::open_vault::OpenVault;

/// What a new vault has before it has keys: an id, a device and a passkey.
pub(crate) struct MadePasskey {
    pub(crate) ready: FreshChallenge,
    pub(crate) vault: VaultId,
    /// This device with its public key.
    pub(crate) device: (DeviceId, [u8; 65]),
    pub(crate) registered: Registered,
}

impl MadePasskey {
    /// Gives up the passkey and the device.
    pub(crate) async fn discard(self, ports: &impl Ports) {
        ports.device_key().remove(self.device.0).await;
        discard_passkey(ports, &self.registered);
    }
}

/// Creates the key of this device, then the passkey. A browser that refuses to store keys is thus
/// found before there is a passkey, which nobody could use. Commands about the vault that is open,
/// if one is, are carried out meanwhile.
pub(crate) async fn make_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    ready: FreshChallenge,
    name: &str,
    open: Option<&mut OpenVault>,
) -> Result<MadePasskey, Failure> {
    let device = DeviceId::random(ports.entropy());
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| VaultFailure::StorageFailed)?;
    let vault = VaultId::random(ports.entropy());
    let new = NewPasskey { reason: CeremonyReason::Create, vault, name, exclude: Vec::new() };
    match register_passkey(ports, rp_id, open, &ready, new).await {
        Ok(registered) => Ok(MadePasskey { ready, vault, device: (device, key), registered }),
        Err(failure) => {
            ports.device_key().remove(device).await;
            Err(failure.into())
        }
    }
}
