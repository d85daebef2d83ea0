//! The vault's public key, under which the vault's signatures verify.

use ed25519_dalek::{Signature, Verifier, VerifyingKey};

use crate::defence::Defence;

/// The public key of a vault (Ed25519). Any 32 bytes can be one; under bytes that are not a valid
/// key, no signature verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultVerifier([u8; 32]);

impl VaultVerifier {
    /// Creates the key from its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes of the public key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns whether the signature of the message verifies under this key. Keys of small order
    /// and other encodings of a signature are refused.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| match Defence::StrictSignatures.holds() {
            true => key.verify_strict(message, &signature).is_ok(),
            false => key.verify(message, &signature).is_ok(),
        })
    }
}
