//! Heads: the signed, numbered and chained summaries of states (FORMAT.md, section 7).

use p256::ecdsa::signature::Verifier;
use sha2::{Digest, Sha256};

use crate::defence::Defence;
use crate::encoding::Malformed;
use crate::history::inclusion;
use crate::ids::{DeviceId, VaultId};
use crate::labels;
use crate::vault_key::VaultVerifier;
use crate::version::{FORMAT, MAX_FORMAT, SUITE};

/// A signature of a head does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signature of the head does not verify")]
pub struct InvalidSignature;

/// Why bytes cannot be read as a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadRejected {
    /// The bytes do not have the form of a head.
    #[error("the bytes do not have the form of a head")]
    Malformed,
    /// The bytes begin like a head of a later version. Whether one wrote them is shown by the
    /// vault's signature alone.
    #[error("the head is of a later version")]
    Newer(NewerHead),
}

impl From<Malformed> for HeadRejected {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// The kind of operation that led to a head. It limits what may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// A vault is created.
    Genesis,
    /// Records are written or deleted.
    Write,
    /// A device joins the vault.
    Join,
    /// Sign-in methods are added or removed.
    SignInMethods,
    /// A wallet's key is split, reshared, or deleted with its shares.
    Wallet,
    /// Devices are removed, or the writer says that it reads a higher format.
    Devices,
}

impl Op {
    const fn number(self) -> u8 {
        match self {
            Self::Genesis => 1,
            Self::Write => 2,
            Self::Join => 3,
            Self::SignInMethods => 5,
            Self::Wallet => 6,
            Self::Devices => 8,
        }
    }

    const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Genesis),
            2 => Some(Self::Write),
            3 => Some(Self::Join),
            5 => Some(Self::SignInMethods),
            6 => Some(Self::Wallet),
            8 => Some(Self::Devices),
            _ => None,
        }
    }
}

/// The operation that replaces the vault's keys. This version does not read it.
const REKEY: u8 = 7;
/// The length of what stands in front of every body, in this and every later version: format,
/// suite, min format and operation.
const FRONT: usize = 5;

/// A head that only a later version can read. Of its body, nothing but the front is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewerHead {
    hash: [u8; 32],
    vault_signature: [u8; 64],
}

impl NewerHead {
    /// Reads a head by its front, or returns `None` if this version can read it.
    fn parse(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let [format, suite, high, low, op] = *bytes.first_chunk::<FRONT>().ok_or(Malformed)?;
        if [format, suite, op].contains(&0) {
            return Err(Malformed);
        }
        let min_format = u16::from_be_bytes([high, low]);
        let is_known = format == FORMAT && suite == SUITE && min_format <= MAX_FORMAT && op != REKEY;
        if is_known || !Defence::HeadFront.holds() {
            return Ok(None);
        }
        // The vault, its device and, after a rekey, the old vault have signed.
        let signatures = if op == REKEY { 3 } else { 2 };
        let body = bytes.len().checked_sub(signatures * 64).filter(|body| *body >= FRONT).ok_or(Malformed)?;
        let (body, signatures) = bytes.split_at(body);
        let by_known_vault = if op == REKEY { &signatures[128..] } else { &signatures[..64] };
        let vault_signature = by_known_vault.try_into().map_err(|_| Malformed)?;
        Ok(Some(Self { hash: hash_body(body), vault_signature }))
    }

    /// Returns whether the vault with this key has signed the head.
    pub fn is_signed_by(&self, vault_key: &VaultVerifier) -> bool {
        vault_key.verifies(&signed_message(&self.hash), &self.vault_signature)
    }
}

/// Returns `h`, the hash of a body.
fn hash_body(body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([2]).chain_update(body).finalize().into()
}

/// Returns the message that the signatures of a head cover.
fn signed_message(hash: &[u8; 32]) -> Vec<u8> {
    [labels::HEAD, hash].concat()
}

/// The signed part of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadBody {
    /// The lowest format version that a reader must support.
    pub min_format: u16,
    /// The kind of operation.
    pub op: Op,
    /// The vault.
    pub vault: VaultId,
    /// The key epoch.
    pub epoch: u32,
    /// The number of the change, from 1.
    pub counter: u64,
    /// The hash of the parent head; a genesis has none.
    pub prev: Option<[u8; 32]>,
    /// The root of the [history log](crate::history::History) over all heads before this one.
    pub history: [u8; 32],
    /// The root hash of the tree.
    pub root: [u8; 32],
    /// The number of leaves in the tree.
    pub leaves: u64,
    /// The device that wrote the head.
    pub writer: DeviceId,
    /// The time by the writer's clock, in milliseconds since 1970. It is shown but never trusted.
    pub time: u64,
    /// The vault's public key.
    pub vault_key: VaultVerifier,
}

impl HeadBody {
    /// Returns whether a proof shows that the head with this counter and hash is part of the
    /// history of this one (RFC 9162, section 2.1.3.2).
    pub fn has_in_history(&self, counter: u64, head: &[u8; 32], proof: &[[u8; 32]]) -> bool {
        let len = self.counter.saturating_sub(1);
        inclusion::is_included(counter, head, len, &self.history, proof)
    }

    /// Encodes the body.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(162 + 32);
        out.extend_from_slice(&[FORMAT, SUITE]);
        out.extend_from_slice(&self.min_format.to_be_bytes());
        out.push(self.op.number());
        out.extend_from_slice(self.vault.as_bytes());
        out.extend_from_slice(&self.epoch.to_be_bytes());
        out.extend_from_slice(&self.counter.to_be_bytes());
        out.push(u8::from(self.prev.is_some()));
        out.extend_from_slice(self.prev.as_ref().map_or(&[], |prev| prev.as_slice()));
        out.extend_from_slice(&self.history);
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&self.leaves.to_be_bytes());
        out.extend_from_slice(self.writer.as_bytes());
        out.extend_from_slice(&self.time.to_be_bytes());
        out.extend_from_slice(self.vault_key.as_bytes());
        out
    }

    /// Returns `h`, the hash by which the next head refers to this one.
    pub fn hash(&self) -> [u8; 32] {
        hash_body(&self.to_bytes())
    }

    /// Returns the message that both keys sign. The device's key signs its SHA-256 (ECDSA with
    /// SHA-256).
    pub fn message(&self) -> Vec<u8> {
        signed_message(&self.hash())
    }
}

/// A head with its two signatures, which are not verified yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    body: HeadBody,
    vault_signature: [u8; 64],
    device_signature: [u8; 64],
}

impl SignedHead {
    /// Puts a body and the signatures of its [`message`](HeadBody::message) together, without
    /// verifying them.
    pub fn new(body: HeadBody, vault_signature: [u8; 64], device_signature: [u8; 64]) -> Self {
        Self { body, vault_signature, device_signature }
    }

    /// Parses a head. The signatures are not verified.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::parse(bytes).map_err(|_| Malformed)
    }

    /// Parses a head and distinguishes one of a later version from bytes that are not a head.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeadRejected> {
        match NewerHead::parse(bytes)? {
            Some(newer) => Err(HeadRejected::Newer(newer)),
            None => Ok(Self::parse_body(Reader(bytes))?),
        }
    }

    /// Parses a head of this version.
    fn parse_body(mut bytes: Reader<'_>) -> Result<Self, Malformed> {
        // Format and suite have been compared.
        let [_, _] = bytes.take()?;
        let min_format = u16::from_be_bytes(bytes.take()?);
        let [op] = bytes.take()?;
        let op = Op::from_number(op).ok_or(Malformed)?;
        let vault = VaultId::new(bytes.take()?);
        let epoch = u32::from_be_bytes(bytes.take()?);
        let counter = u64::from_be_bytes(bytes.take()?);
        let prev = match bytes.take()? {
            [0] => None,
            [1] => Some(bytes.take()?),
            _ => return Err(Malformed),
        };
        let history = bytes.take()?;
        let root = bytes.take()?;
        let leaves = u64::from_be_bytes(bytes.take()?);
        let writer = DeviceId::new(bytes.take()?);
        let time = u64::from_be_bytes(bytes.take()?);
        let vault_key = VaultVerifier::from_bytes(bytes.take()?);
        let (vault_signature, device_signature) = (bytes.take()?, bytes.take()?);
        if !bytes.0.is_empty() {
            return Err(Malformed);
        }
        let body = HeadBody {
            min_format,
            op,
            vault,
            epoch,
            counter,
            prev,
            history,
            root,
            leaves,
            writer,
            time,
            vault_key,
        };
        Ok(Self { body, vault_signature, device_signature })
    }

    /// Encodes the head with its signatures.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.body.to_bytes();
        out.extend_from_slice(&self.vault_signature);
        out.extend_from_slice(&self.device_signature);
        out
    }

    /// Returns the signed part.
    pub fn body(&self) -> &HeadBody {
        &self.body
    }

    /// Returns whether the vault's own signature verifies under the key that the body names. The
    /// device's signature is not checked.
    pub fn is_signed_by_vault(&self) -> bool {
        self.body.vault_key.verifies(&self.body.message(), &self.vault_signature)
    }

    /// Verifies both signatures: the vault's under the key that the body names, and the device's
    /// under `device_key` (SEC1 uncompressed).
    pub fn verify(&self, device_key: &[u8; 65]) -> Result<(), InvalidSignature> {
        let message = self.body.message();
        if !self.is_signed_by_vault() {
            return Err(InvalidSignature);
        }
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(device_key).map_err(|_| InvalidSignature)?;
        let signature =
            p256::ecdsa::Signature::from_slice(&self.device_signature).map_err(|_| InvalidSignature)?;
        key.verify(&message, &signature).map_err(|_| InvalidSignature)
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (value, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*value)
    }
}

#[cfg(test)]
mod tests;
