//! What the vault and one of its devices sign where the server has lost the passkeys of the vault
//! (FORMAT.md, section 7.8).

use p256::ecdsa::signature::Verifier;
use zeroize::Zeroizing;

use crate::encoding::{Encoder, Malformed};
use crate::labels;
use crate::leaf::blob_hash;
use crate::limits::{MAX_RP_ID, SERVER_NONCE};
use crate::vault_key::VaultVerifier;

/// The message that the vault and a live device sign to authenticate to the server without a
/// sign-in method.
#[derive(Clone, Copy, Debug)]
pub struct VaultLogin<'a> {
    /// The RP id of the page, never a host that an answer names.
    pub host: &'a str,
    /// The server's nonce, 16 to 64 bytes.
    pub server_nonce: &'a [u8],
    /// The device's public key, SEC1 uncompressed.
    pub device_key: &'a [u8; 65],
}

impl VaultLogin<'_> {
    /// Encodes the message. Returns [`Malformed`] if the host or the server's nonce exceeds its
    /// limits.
    pub fn message(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        if !(1..=MAX_RP_ID).contains(&self.host.len()) || !SERVER_NONCE.contains(&self.server_nonce.len()) {
            return Err(Malformed);
        }
        Ok(Encoder::new(labels::VAULT_LOGIN)
            .field(1, self.host.as_bytes())
            .field(2, self.server_nonce)
            .field(3, &blob_hash(self.device_key))
            .finish())
    }

    /// Returns whether both signatures verify: that of the vault with this key, and that of the
    /// device. The device's is looked at only if the vault's verifies.
    pub fn is_signed_by(
        &self,
        vault_key: &VaultVerifier,
        (by_vault, by_device): (&[u8; 64], &[u8; 64]),
    ) -> bool {
        let Ok(message) = self.message() else { return false };
        vault_key.verifies(&message, by_vault) && self.is_signed_by_device(&message, by_device)
    }

    fn is_signed_by_device(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(self.device_key);
        let signature = p256::ecdsa::Signature::from_slice(signature);
        matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Signer;

    use super::*;
    use crate::samples::{device_key, public, sign_as_vault, vault_verifier};

    fn sign(login: &VaultLogin<'_>, device: u8) -> ([u8; 64], [u8; 64]) {
        let message = login.message().unwrap();
        let by_device: p256::ecdsa::Signature = device_key(device).sign(&message);
        (sign_as_vault(1, &message), by_device.to_bytes().into())
    }

    #[test]
    fn both_must_sign_this_very_message() {
        let (key, other) = (public(&device_key(0x21)), public(&device_key(0x22)));
        let login = VaultLogin { host: "vault.example", server_nonce: &[7; 32], device_key: &key };
        let (by_vault, by_device) = sign(&login, 0x21);
        let vault = vault_verifier(1);
        assert!(login.is_signed_by(&vault, (&by_vault, &by_device)));
        assert!(!login.is_signed_by(&vault_verifier(2), (&by_vault, &by_device)), "another vault");
        assert!(!login.is_signed_by(&vault, (&by_vault, &sign(&login, 0x22).1)), "another device");
        assert!(!login.is_signed_by(&vault, (&[0; 64], &by_device)), "the device alone");
        assert!(!login.is_signed_by(&vault, (&by_vault, &[0; 64])), "the vault alone");
        for changed in [
            VaultLogin { host: "vault.example.org", ..login },
            VaultLogin { server_nonce: &[8; 32], ..login },
            VaultLogin { device_key: &other, ..login },
        ] {
            assert!(!changed.is_signed_by(&vault, (&by_vault, &by_device)), "{changed:?}");
            // Each of them alone is refused as well.
            assert!(!changed.is_signed_by(&vault, (&sign(&changed, 0x21).0, &by_device)), "{changed:?}");
            assert!(!changed.is_signed_by(&vault, (&by_vault, &sign(&changed, 0x22).1)), "{changed:?}");
        }
    }

    #[test]
    fn host_and_nonce_have_limits() {
        let key = public(&device_key(0x21));
        for (host, nonce, fits) in [
            (0, 16, false),
            (1, 15, false),
            (1, 16, true),
            (253, 64, true),
            (254, 64, false),
            (253, 65, false),
        ] {
            let (host, nonce) = ("h".repeat(host), vec![7; nonce]);
            let login = VaultLogin { host: &host, server_nonce: &nonce, device_key: &key };
            assert_eq!(login.message().is_ok(), fits, "{login:?}");
        }
    }
}
