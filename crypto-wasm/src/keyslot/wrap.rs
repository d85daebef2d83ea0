//! What a slot stores, whoever opens it.

use super::{MAX_CREDENTIAL_ID, Place, SlotKind};
use crate::encoding::{Decoder, Encoder};
use crate::{Blob, Malformed, labels};

/// Who opens a slot, as its wrap names them.
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

/// The same, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Passkey(Vec<u8>),
    RecoveryCode([u8; 32]),
}

impl Named {
    pub(super) fn kind(&self) -> SlotKind {
        match self {
            Self::Passkey(_) => SlotKind::Passkey,
            Self::RecoveryCode(_) => SlotKind::RecoveryCode,
        }
    }
}

/// What a slot stores: who opens it, and the sealed root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrap {
    pub(super) opener: Named,
    pub(super) blob: Blob,
}

impl Wrap {
    /// Reads a stored wrap of either kind.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let (mut fields, recovery) = match Decoder::new(labels::KEYSLOT_RECOVERY, bytes) {
            Ok(fields) => (fields, true),
            Err(Malformed) => (Decoder::new(labels::KEYSLOT_PASSKEY, bytes)?, false),
        };
        let opener = if recovery {
            Named::RecoveryCode(fields.array(1)?)
        } else {
            let credential_id = fields.bytes(1)?;
            if !(1..=MAX_CREDENTIAL_ID).contains(&credential_id.len()) {
                return Err(Malformed);
            }
            Named::Passkey(credential_id.to_vec())
        };
        let blob: [u8; Place::BLOB] = fields.array(2)?;
        fields.finish()?;
        Ok(Self { opener, blob: Blob::from_bytes(blob.to_vec()) })
    }

    /// The bytes to store; the slot's leaf holds their hash.
    pub fn to_bytes(&self) -> Vec<u8> {
        let encoder = match &self.opener {
            Named::Passkey(credential_id) => Encoder::new(labels::KEYSLOT_PASSKEY).field(1, credential_id),
            Named::RecoveryCode(verifier) => Encoder::new(labels::KEYSLOT_RECOVERY).field(1, verifier),
        };
        encoder.field(2, self.blob.as_bytes()).finish().to_vec()
    }

    /// Who opens it. Nothing vouches for this before the slot has opened.
    pub fn opener(&self) -> Opener<'_> {
        match &self.opener {
            Named::Passkey(credential_id) => Opener::Passkey { credential_id },
            Named::RecoveryCode(verifier) => Opener::RecoveryCode { verifier },
        }
    }

    /// What kind of slot it is of.
    pub fn kind(&self) -> SlotKind {
        self.opener.kind()
    }
}
