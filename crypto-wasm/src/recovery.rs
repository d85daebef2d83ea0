//! Recovery codes: 16 random bytes on paper that open a vault without any device
//! (FORMAT.md, section 4).

mod text;

use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use text::CodeRejected;

use crate::encoding::Encoder;
use crate::keys::{Entropy, Key};
use crate::keyslot::MAX_RP_ID;
use crate::{KeyEncryptionKey, Malformed, Scope, labels};

/// A recovery code. Whoever has it can open the vault, including its wallets. It is shown once and
/// wiped when dropped.
pub struct RecoveryCode(Zeroizing<[u8; 16]>);

/// The purpose of a signature by a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Starting a session.
    SignIn,
    /// Adding or removing sign-in methods.
    ChangeSignInMethods,
    /// Deleting the vault.
    DeleteVault,
}

impl Purpose {
    /// Returns its number in the format.
    pub const fn number(self) -> u8 {
        match self {
            Self::SignIn => 1,
            Self::ChangeSignInMethods => 2,
            Self::DeleteVault => 3,
        }
    }
}

/// The message that a recovery code signs to authenticate to the server.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The RP id of the page, never a host that an answer names.
    pub host: &'a str,
    /// The server's nonce, 16 to 64 bytes.
    pub server_nonce: &'a [u8],
    /// A fresh random nonce of the client.
    pub client_nonce: [u8; 32],
    /// SHA-256 of the device's public key, SEC1 uncompressed.
    pub device_key_hash: [u8; 32],
    /// The purpose of the signature.
    pub purpose: Purpose,
}

impl SignIn<'_> {
    fn message(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        if !(1..=MAX_RP_ID).contains(&self.host.len()) || !(16..=64).contains(&self.server_nonce.len()) {
            return Err(Malformed);
        }
        Ok(Encoder::new(labels::RECOVERY_LOGIN)
            .field(1, self.host.as_bytes())
            .field(2, self.server_nonce)
            .field(3, &self.client_nonce)
            .field(4, &self.device_key_hash)
            .field(5, &[self.purpose.number()])
            .finish())
    }
}

/// Returns the hash of a lookup value, which is what the server stores.
pub fn lookup_hash(lookup: &[u8; 16]) -> [u8; 32] {
    Sha256::digest(lookup).into()
}

impl RecoveryCode {
    /// Generates a new code.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        let mut code = Zeroizing::new([0; 16]);
        entropy.fill(code.as_mut_slice());
        Self(code)
    }

    /// Derives the value by which the server finds the vault. The server stores its
    /// [`lookup_hash`].
    pub fn lookup(&self) -> [u8; 16] {
        *self.expand(labels::DERIVE_RECOVERY_LOOKUP, None)
    }

    /// Derives the Ed25519 public key, which wraps name and the server stores.
    pub fn verifier(&self) -> [u8; 32] {
        self.signer().verifying_key().to_bytes()
    }

    /// Derives the key that wraps and unwraps the root of a scope.
    pub fn kek(&self, scope: Scope) -> KeyEncryptionKey {
        let key = self.expand::<32>(labels::DERIVE_KEYSLOT_RECOVERY, Some(scope));
        let key = Key::from_slice(key.as_slice()).expect("32 bytes");
        KeyEncryptionKey::from_recovery_code(key, scope, self.verifier())
    }

    /// Signs the message. Returns [`Malformed`] if the host or the server's nonce exceeds its
    /// limits.
    pub fn sign_in(&self, sign_in: &SignIn<'_>) -> Result<[u8; 64], Malformed> {
        Ok(self.signer().sign(&sign_in.message()?).to_bytes())
    }

    fn signer(&self) -> SigningKey {
        SigningKey::from_bytes(&self.expand(labels::DERIVE_RECOVERY_SIGN, None))
    }

    fn expand<const N: usize>(&self, label: &str, scope: Option<Scope>) -> Zeroizing<[u8; N]> {
        let scope = scope.map(|scope| [scope.number()]);
        let info = Encoder::new(label).field_if(1, scope.as_ref().map(|number| number.as_slice())).finish();
        let mut out = Zeroizing::new([0; N]);
        Hkdf::<Sha256>::new(Some(labels::RECOVERY), self.0.as_slice())
            .expand(&info, out.as_mut_slice())
            .expect("N is far below 255 hashes");
        out
    }
}

#[cfg(test)]
mod tests;
