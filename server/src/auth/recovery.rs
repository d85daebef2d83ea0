//! Verification of signatures by a recovery code (FORMAT.md, "Recovery code").

use crystallum_api::{Code, RecoveryLogin, RecoveryVerifier};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::encoding::encode;
use crate::labels;

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To open a session.
    SignIn,
    /// To change the sign-in methods.
    ChangeSignInMethods,
    /// To delete the vault.
    Delete,
}

impl Purpose {
    fn code(self) -> u8 {
        match self {
            Self::SignIn => 1,
            Self::ChangeSignInMethods => 2,
            Self::Delete => 3,
        }
    }
}

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
            lookup_hash: Sha256::digest(lookup).into(),
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
        let text = signed_message(host, nonce, &self.client_nonce, &self.device_key_hash, purpose);
        key.verify_strict(&text, &self.signature).is_ok() && known.is_some()
    }
}

/// The Ed25519 base point, used as the key when there is no verifier.
const PLACEHOLDER_KEY: [u8; 32] = {
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

fn to_array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Code> {
    bytes.try_into().map_err(|_| Code::BadRequest)
}

/// Returns the message that a recovery code signs (FORMAT.md, section 4). All fields have a bounded
/// length: a host is a DNS name.
fn signed_message(
    host: &str,
    server_nonce: &[u8; 32],
    client_nonce: &[u8; 32],
    device_key_hash: &[u8; 32],
    purpose: Purpose,
) -> Vec<u8> {
    let purpose = [purpose.code()];
    let fields: [(u8, &[u8]); 5] =
        [(1, host.as_bytes()), (2, server_nonce), (3, client_nonce), (4, device_key_hash), (5, &purpose)];
    encode(labels::RECOVERY_LOGIN, &fields)
}

#[cfg(test)]
mod tests;
