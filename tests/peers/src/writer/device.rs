use crystallum_api::Id;
use crystallum_core::{
    Change, DeviceId, DeviceLeaf, Entropy, HeadBody, MAX_FORMAT, MethodId, SignedHead, VaultSigner,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

use crate::writer::records::DualChange;

/// The RP id of the passkeys that open the vaults.
pub(super) const RP_ID: &str = "localhost";

/// A device and its key.
pub(super) struct Device {
    pub(super) id: DeviceId,
    key: SigningKey,
}

impl Device {
    pub(super) fn random(entropy: &mut impl Entropy) -> Self {
        let id = DeviceId::random(entropy);
        loop {
            let mut scalar = [0; 32];
            entropy.fill(&mut scalar);
            // Zero and values above the order of the curve are not keys.
            if let Ok(key) = SigningKey::from_slice(&scalar) {
                return Self { id, key };
            }
        }
    }

    /// Returns the change that adds this device, which joined with the given sign-in method.
    pub(super) fn add_change(&self, added_by: MethodId) -> DualChange {
        let point = self.key.verifying_key().to_sec1_point(false);
        let key: [u8; 65] = point.as_bytes().try_into().expect("an uncompressed point has 65 bytes");
        DualChange {
            core: Change::Device(self.id, DeviceLeaf { key, max_format: MAX_FORMAT, added_by }),
            wire: crystallum_api::Change::Device {
                id: Id(*self.id.as_bytes()),
                key: key.as_slice().into(),
                max_format: MAX_FORMAT,
                added_by: Id(*added_by.as_bytes()),
            },
        }
    }

    pub(super) fn sign(&self, body: HeadBody, vault: &VaultSigner) -> SignedHead {
        let signature: Signature = self.key.sign(&body.message());
        vault.sign_head(body, signature.to_bytes().into())
    }
}
