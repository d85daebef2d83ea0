//! Recovery codes: 16 random bytes on paper that open a vault without any device
//! (FORMAT.md, section 4).

pub(crate) mod text;

use crystallum_format::encoding::{Encoder, Malformed};
use crystallum_format::entropy::Entropy;
use crystallum_format::keyslot::Scope;
use crystallum_format::labels;
use crystallum_format::recovery_login::SignIn;
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::key::Key;
use crate::keyslot::KeyEncryptionKey;

/// A recovery code. Whoever has it can open the vault, including its wallets. It is shown once and
/// wiped when dropped.
pub struct RecoveryCode(Zeroizing<[u8; 16]>);

impl RecoveryCode {
    /// Generates a new code.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        let mut code = Zeroizing::new([0; 16]);
        entropy.fill(code.as_mut_slice());
        Self(code)
    }

    /// Derives the value by which the server finds the vault. The server stores its
    /// [`lookup_hash`](crystallum_format::recovery_login::lookup_hash).
    pub fn lookup(&self) -> [u8; 16] {
        *self.expand(labels::DERIVE_RECOVERY_LOOKUP, None)
    }

    /// Derives the Ed25519 public key, which the code's wraps name and which the server stores.
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
