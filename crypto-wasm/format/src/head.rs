//! Heads: the signed, numbered and chained summaries of states (FORMAT.md, section 7).

use p256::ecdsa::signature::Verifier;
use sha2::{Digest, Sha256};

use crate::encoding::Malformed;
use crate::ids::{DeviceId, VaultId};
use crate::labels;
use crate::vault_key::VaultVerifier;
use crate::version::{FORMAT, SUITE};

/// A signature of a head does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signature of the head does not verify")]
pub struct Unverified;

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
}

impl Op {
    const fn number(self) -> u8 {
        match self {
            Self::Genesis => 1,
            Self::Write => 2,
            Self::Join => 3,
            Self::SignInMethods => 5,
            Self::Wallet => 6,
        }
    }

    const fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Genesis),
            2 => Ok(Self::Write),
            3 => Ok(Self::Join),
            5 => Ok(Self::SignInMethods),
            6 => Ok(Self::Wallet),
            _ => Err(Malformed),
        }
    }
}

/// The signed part of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadBody {
    /// The vault.
    pub vault: VaultId,
    /// The key epoch.
    pub epoch: u32,
    /// The number of the change, from 1.
    pub counter: u64,
    /// The hash of the parent head; a genesis has none.
    pub prev: Option<[u8; 32]>,
    /// The root hash of the tree.
    pub root: [u8; 32],
    /// The number of leaves in the tree.
    pub leaves: u64,
    /// The lowest format version that a reader must support.
    pub min_format: u16,
    /// The device that wrote the head.
    pub writer: DeviceId,
    /// The kind of operation.
    pub op: Op,
    /// The time by the writer's clock, in milliseconds since 1970. It is shown but never trusted.
    pub time: u64,
    /// The vault's public key.
    pub vault_key: VaultVerifier,
}

impl HeadBody {
    /// Encodes the body.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(130 + 32);
        out.extend_from_slice(&[FORMAT, SUITE]);
        out.extend_from_slice(self.vault.as_bytes());
        out.extend_from_slice(&self.epoch.to_be_bytes());
        out.extend_from_slice(&self.counter.to_be_bytes());
        out.push(u8::from(self.prev.is_some()));
        out.extend_from_slice(self.prev.as_ref().map_or(&[], |prev| prev.as_slice()));
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&self.leaves.to_be_bytes());
        out.extend_from_slice(&self.min_format.to_be_bytes());
        out.extend_from_slice(self.writer.as_bytes());
        out.push(self.op.number());
        out.extend_from_slice(&self.time.to_be_bytes());
        out.extend_from_slice(self.vault_key.as_bytes());
        out
    }

    /// Returns `h`, the hash by which the next head refers to this one.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::new().chain_update([2]).chain_update(self.to_bytes()).finalize().into()
    }

    /// Returns the message that both keys sign. The device's key signs its SHA-256 (ECDSA with
    /// SHA-256).
    pub fn message(&self) -> Vec<u8> {
        [labels::HEAD, &self.hash()].concat()
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
        let mut bytes = Reader(bytes);
        if bytes.take::<2>()? != [FORMAT, SUITE] {
            return Err(Malformed);
        }
        let body = HeadBody {
            vault: VaultId::new(bytes.take()?),
            epoch: u32::from_be_bytes(bytes.take()?),
            counter: u64::from_be_bytes(bytes.take()?),
            prev: match bytes.take()? {
                [0] => None,
                [1] => Some(bytes.take()?),
                _ => return Err(Malformed),
            },
            root: bytes.take()?,
            leaves: u64::from_be_bytes(bytes.take()?),
            min_format: u16::from_be_bytes(bytes.take()?),
            writer: DeviceId::new(bytes.take()?),
            op: Op::from_number(u8::from_be_bytes(bytes.take()?))?,
            time: u64::from_be_bytes(bytes.take()?),
            vault_key: VaultVerifier::from_bytes(bytes.take()?),
        };
        let head = Self { body, vault_signature: bytes.take()?, device_signature: bytes.take()? };
        if bytes.0.is_empty() { Ok(head) } else { Err(Malformed) }
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
    pub fn verify(&self, device_key: &[u8; 65]) -> Result<(), Unverified> {
        let message = self.body.message();
        if !self.is_signed_by_vault() {
            return Err(Unverified);
        }
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(device_key).map_err(|_| Unverified)?;
        let signature = p256::ecdsa::Signature::from_slice(&self.device_signature).map_err(|_| Unverified)?;
        key.verify(&message, &signature).map_err(|_| Unverified)
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
