//! Signed heads (FORMAT.md, section 7).

use crystallum_api::Id;
use p256::ecdsa::signature::Verifier;
use sha2::{Digest, Sha256};

use crate::labels;

/// A SHA-256 hash or a key of the same length.
type Hash = [u8; 32];

const SIGNATURE_BYTES: usize = 128;

/// A parsed head. Its signatures are not verified yet.
pub(crate) struct Head {
    pub(crate) vault: Id,
    pub(crate) epoch: u32,
    pub(crate) counter: u64,
    pub(crate) prev: Option<Hash>,
    pub(crate) root: Hash,
    pub(crate) leaves: u64,
    pub(crate) min_format: u16,
    pub(crate) writer: Id,
    pub(crate) op: u8,
    pub(crate) vault_key: Hash,
    /// The hash by which the next head refers to this one.
    pub(crate) hash: Hash,
    vault_signature: [u8; 64],
    device_signature: [u8; 64],
}

impl Head {
    /// Parses a head. Trailing bytes are rejected.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let body = bytes.get(..bytes.len().checked_sub(SIGNATURE_BYTES)?)?;
        let rest = &mut &*bytes;
        if take_bytes(rest)? != [1, 1] {
            return None;
        }
        let head = Self {
            vault: Id(take_bytes(rest)?),
            epoch: u32::from_be_bytes(take_bytes(rest)?),
            counter: u64::from_be_bytes(take_bytes(rest)?),
            prev: match take_bytes(rest)? {
                [0] => None,
                [1] => Some(take_bytes(rest)?),
                _ => return None,
            },
            root: take_bytes(rest)?,
            leaves: u64::from_be_bytes(take_bytes(rest)?),
            min_format: u16::from_be_bytes(take_bytes(rest)?),
            writer: Id(take_bytes(rest)?),
            op: u8::from_be_bytes(take_bytes(rest)?),
            vault_key: {
                let _time: [u8; 8] = take_bytes(rest)?;
                take_bytes(rest)?
            },
            hash: Sha256::new().chain_update([2]).chain_update(body).finalize().into(),
            vault_signature: take_bytes(rest)?,
            device_signature: take_bytes(rest)?,
        };
        rest.is_empty().then_some(head)
    }

    /// Returns whether the vault key in this head has signed it.
    pub(crate) fn vault_has_signed(&self) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&self.vault_signature);
        ed25519_dalek::VerifyingKey::from_bytes(&self.vault_key)
            .is_ok_and(|key| key.verify_strict(&self.message(), &signature).is_ok())
    }

    /// Returns whether the device with this public key has signed it.
    pub(crate) fn device_has_signed(&self, key: &[u8]) -> bool {
        let signature = p256::ecdsa::Signature::from_slice(&self.device_signature);
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key);
        key.ok()
            .zip(signature.ok())
            .is_some_and(|(key, signature)| key.verify(&self.message(), &signature).is_ok())
    }

    fn message(&self) -> Vec<u8> {
        [labels::HEAD, &self.hash].concat()
    }
}

fn take_bytes<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (value, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*value)
}
