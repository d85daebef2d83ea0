//! The stored form of a keyslot, for every kind of sign-in method.

use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::keyslot::SlotKind;
use crystallum_format::labels;
use crystallum_format::limits::{MAX_CREDENTIAL_ID, SEAL_OVERHEAD};

use crate::seal::Blob;

/// The padded length of a root, in bytes.
pub(super) const ROOT_CLASS: usize = 64;

/// The credential that opens a slot, as named in its wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener<'a> {
    /// The passkey with this credential id.
    Passkey {
        /// The credential id, 1 to 1023 bytes.
        credential_id: &'a [u8],
    },
    /// The recovery code with this verifier.
    RecoveryCode {
        /// The code's Ed25519 public key.
        verifier: &'a [u8; 32],
    },
}

/// An owned [`Opener`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OwnedOpener {
    Passkey(Vec<u8>),
    RecoveryCode([u8; 32]),
}

impl OwnedOpener {
    pub(super) fn kind(&self) -> SlotKind {
        match self {
            Self::Passkey(_) => SlotKind::Passkey,
            Self::RecoveryCode(_) => SlotKind::RecoveryCode,
        }
    }
}

/// The contents of a slot: which credential opens it, and the sealed root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrap {
    pub(super) opener: OwnedOpener,
    pub(super) blob: Blob,
}

impl Wrap {
    /// Parses a stored wrap of either kind.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let (mut fields, recovery) = match Decoder::new(labels::KEYSLOT_RECOVERY, bytes) {
            Ok(fields) => (fields, true),
            Err(Malformed) => (Decoder::new(labels::KEYSLOT_PASSKEY, bytes)?, false),
        };
        let opener = if recovery {
            OwnedOpener::RecoveryCode(fields.array(1)?)
        } else {
            let credential_id = fields.bytes(1)?;
            if !(1..=MAX_CREDENTIAL_ID).contains(&credential_id.len()) {
                return Err(Malformed);
            }
            OwnedOpener::Passkey(credential_id.to_vec())
        };
        let blob: [u8; SEAL_OVERHEAD + ROOT_CLASS] = fields.array(2)?;
        fields.finish()?;
        Ok(Self { opener, blob: Blob::from_bytes(blob.to_vec()) })
    }

    /// Encodes the wrap for storage. The slot's leaf holds the hash of these bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let encoder = match &self.opener {
            OwnedOpener::Passkey(credential_id) => {
                Encoder::new(labels::KEYSLOT_PASSKEY).field(1, credential_id)
            }
            OwnedOpener::RecoveryCode(verifier) => Encoder::new(labels::KEYSLOT_RECOVERY).field(1, verifier),
        };
        encoder.field(2, self.blob.as_bytes()).finish().to_vec()
    }

    /// Returns the credential that opens the slot. It is not authenticated until the slot has been
    /// opened.
    pub fn opener(&self) -> Opener<'_> {
        match &self.opener {
            OwnedOpener::Passkey(credential_id) => Opener::Passkey { credential_id },
            OwnedOpener::RecoveryCode(verifier) => Opener::RecoveryCode { verifier },
        }
    }

    /// Returns the kind of the slot.
    pub fn kind(&self) -> SlotKind {
        self.opener.kind()
    }
}
