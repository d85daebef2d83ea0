//! Verification of signatures by a recovery code (FORMAT.md, "Recovery code").

use crystallum_api::{Code, RecoveryLogin, RecoveryVerifier};
use crystallum_format::recovery_login::{self, Purpose, SignIn};
use ed25519_dalek::{Signature, VerifyingKey};

/// A recovery request whose fields have the right lengths.
pub(crate) struct Attempt {
    /// The SHA-256 of the lookup value.
    pub(crate) lookup_hash: [u8; 32],
    client_nonce: [u8; 32],
    device_key_hash: [u8; 32],
    signature: Signature,
}

impl TryFrom<&RecoveryLogin> for Attempt {
    type Error = Code;

    fn try_from(login: &RecoveryLogin) -> Result<Self, Code> {
        let lookup: [u8; 16] = to_array(login.lookup.as_slice())?;
        Ok(Self {
            lookup_hash: recovery_login::lookup_hash(&lookup),
            client_nonce: to_array(login.client_nonce.as_slice())?,
            device_key_hash: to_array(login.device_key_hash.as_slice())?,
            signature: Signature::from_bytes(&to_array(login.signature.as_slice())?),
        })
    }
}

impl Attempt {
    /// Returns whether the verifier's secret key signed this attempt. Without a verifier, a
    /// placeholder key is used so that the time taken does not reveal whether the code exists.
    pub(crate) fn is_valid(
        &self,
        verifier: Option<&[u8]>,
        host: &str,
        nonce: &[u8; 32],
        purpose: Purpose,
    ) -> bool {
        let known = verifier.and_then(|bytes| parse_key(bytes).ok());
        let Some(key) = known.or_else(|| VerifyingKey::from_bytes(&PLACEHOLDER_KEY).ok()) else {
            return false;
        };
        let sign_in = SignIn {
            host,
            server_nonce: nonce,
            client_nonce: self.client_nonce,
            device_key_hash: self.device_key_hash,
            purpose,
        };
        // A client cannot sign for a host that is longer than a DNS name.
        let Ok(text) = sign_in.message() else { return false };
        key.verify_strict(&text, &self.signature).is_ok() && known.is_some()
    }
}

/// The Ed25519 base point, used as the key when there is no verifier.
pub(super) const PLACEHOLDER_KEY: [u8; 32] = {
    let mut point = [0x66; 32];
    point[0] = 0x58;
    point
};

/// Returns whether both values are 32 bytes and the key is canonical and not of small order.
pub(crate) fn is_verifier(recovery: &RecoveryVerifier) -> bool {
    recovery.lookup_hash.as_slice().len() == 32 && parse_key(recovery.verifier.as_slice()).is_ok()
}

fn parse_key(bytes: &[u8]) -> Result<VerifyingKey, Code> {
    let key = VerifyingKey::from_bytes(&to_array(bytes)?).map_err(|_| Code::BadRequest)?;
    let canonical = key.to_edwards().compress().as_bytes() == bytes;
    if canonical && !key.is_weak() { Ok(key) } else { Err(Code::BadRequest) }
}

pub(super) fn to_array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Code> {
    bytes.try_into().map_err(|_| Code::BadRequest)
}

#[cfg(test)]
mod tests;
