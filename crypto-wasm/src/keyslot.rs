//! Keyslots: a root wrapped for one way in (FORMAT.md, section 4).

mod wrap;

use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use self::wrap::Named;
pub use self::wrap::{Opener, Wrap};
use crate::encoding::Encoder;
use crate::keys::{ColdRoot, Entropy, Key, Root};
use crate::seal::{Context, SealingKey};
use crate::{Malformed, NotOpened, SlotId, VaultId, labels};

/// Longest RP id (a DNS name), in bytes.
pub(crate) const MAX_RP_ID: usize = 253;
/// Longest credential id (WebAuthn Level 3, section 4), in bytes.
const MAX_CREDENTIAL_ID: usize = 1023;

/// Which root a slot wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// [`Root`].
    Root,
    /// [`ColdRoot`].
    Cold,
}

impl Scope {
    /// Its number in the formats.
    pub const fn number(self) -> u8 {
        match self {
            Self::Root => 1,
            Self::Cold => 2,
        }
    }

    /// The scope with this number.
    pub const fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Root),
            2 => Ok(Self::Cold),
            _ => Err(Malformed),
        }
    }
}

/// What opens a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotKind {
    /// The `prf` output of a passkey.
    Passkey,
    /// A recovery code.
    RecoveryCode,
}

impl SlotKind {
    /// Its number in the formats.
    pub const fn number(self) -> u8 {
        match self {
            Self::Passkey => 1,
            Self::RecoveryCode => 3,
        }
    }

    /// The kind with this number.
    pub const fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Passkey),
            3 => Ok(Self::RecoveryCode),
            _ => Err(Malformed),
        }
    }
}

/// The input of the `prf` extension for a scope.
pub fn prf_input(scope: Scope) -> [u8; 32] {
    Sha256::digest(match scope {
        Scope::Root => labels::PRF_ROOT,
        Scope::Cold => labels::PRF_COLD,
    })
    .into()
}

/// The authenticator's `prf` output cannot be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authenticator's output cannot be a key")]
pub struct PrfRejected;

/// A checked `prf` output: 32 bytes, not all zero.
pub struct PrfOutput(Zeroizing<[u8; 32]>);

impl PrfOutput {
    /// One output.
    pub fn parse(output: &[u8]) -> Result<Self, PrfRejected> {
        let mut bytes = Zeroizing::new([0; 32]);
        if output.len() != bytes.len() {
            return Err(PrfRejected);
        }
        bytes.copy_from_slice(output);
        if bool::from(bytes.ct_eq(&[0; 32])) {
            return Err(PrfRejected);
        }
        Ok(Self(bytes))
    }

    /// Both outputs of one touch, which must differ.
    pub fn parse_both(first: &[u8], second: &[u8]) -> Result<(Self, Self), PrfRejected> {
        let (first, second) = (Self::parse(first)?, Self::parse(second)?);
        if bool::from(first.0.ct_eq(second.0.as_slice())) {
            return Err(PrfRejected);
        }
        Ok((first, second))
    }
}

/// The place that a slot is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotContext {
    /// The vault.
    pub vault: VaultId,
    /// The key epoch.
    pub epoch: u32,
    /// The slot.
    pub slot: SlotId,
}

/// The key that wraps one root for one way in: [`from_passkey`](Self::from_passkey), [`RecoveryCode::kek`](crate::RecoveryCode::kek).
pub struct KeyEncryptionKey {
    key: SealingKey,
    scope: Scope,
    opener: Named,
}

impl KeyEncryptionKey {
    /// The key of a passkey at an RP id. The credential id is the `rawId` that the browser returned with the output.
    pub fn from_passkey(
        output: &PrfOutput,
        rp_id: &str,
        scope: Scope,
        credential_id: &[u8],
    ) -> Result<Self, PrfRejected> {
        let bounded =
            (1..=MAX_RP_ID).contains(&rp_id.len()) && (1..=MAX_CREDENTIAL_ID).contains(&credential_id.len());
        if !bounded {
            return Err(PrfRejected);
        }
        let info = Encoder::new(labels::DERIVE_KEYSLOT_PASSKEY)
            .field(1, rp_id.as_bytes())
            .field(2, &[scope.number()])
            .field(3, credential_id)
            .finish();
        let mut kek = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, output.0.as_slice())
            .expand(&info, kek.as_mut_slice())
            .expect("32 bytes are far below 255 hashes");
        let key = Key::from_slice(kek.as_slice()).expect("32 bytes");
        Ok(Self { key: SealingKey::new(key), scope, opener: Named::Passkey(credential_id.to_vec()) })
    }

    pub(crate) fn of_recovery_code(key: Key, scope: Scope, verifier: [u8; 32]) -> Self {
        Self { key: SealingKey::new(key), scope, opener: Named::RecoveryCode(verifier) }
    }

    /// Wraps the root. The key must be of scope [`Scope::Root`].
    pub fn wrap_root(&self, root: &Root, context: SlotContext, entropy: &mut impl Entropy) -> Option<Wrap> {
        self.wrap(Scope::Root, &root.0, context, entropy)
    }

    /// Wraps the cold root. The key must be of scope [`Scope::Cold`].
    pub fn wrap_cold_root(
        &self,
        root: &ColdRoot,
        context: SlotContext,
        entropy: &mut impl Entropy,
    ) -> Option<Wrap> {
        self.wrap(Scope::Cold, &root.0, context, entropy)
    }

    /// Opens a root slot.
    pub fn open_root(&self, wrap: &Wrap, context: SlotContext) -> Result<Root, NotOpened> {
        self.open(Scope::Root, wrap, context).map(Root)
    }

    /// Opens a cold slot.
    pub fn open_cold_root(&self, wrap: &Wrap, context: SlotContext) -> Result<ColdRoot, NotOpened> {
        self.open(Scope::Cold, wrap, context).map(ColdRoot)
    }

    fn wrap(&self, scope: Scope, key: &Key, slot: SlotContext, entropy: &mut impl Entropy) -> Option<Wrap> {
        if self.scope != scope {
            return None;
        }
        let context = Place { slot, kind: self.opener.kind(), scope };
        let blob = self.key.seal(&context, key.expose(), entropy)?;
        Some(Wrap { opener: self.opener.clone(), blob })
    }

    fn open(&self, scope: Scope, wrap: &Wrap, slot: SlotContext) -> Result<Key, NotOpened> {
        if self.scope != scope || self.opener != wrap.opener {
            return Err(NotOpened);
        }
        let context = Place { slot, kind: self.opener.kind(), scope };
        Key::from_slice(&self.key.open(&context, &wrap.blob)?).ok_or(NotOpened)
    }
}

struct Place {
    slot: SlotContext,
    kind: SlotKind,
    scope: Scope,
}

impl Place {
    const BLOB: usize = crate::seal::OVERHEAD + 64;
}

impl Context for Place {
    const LABEL: &'static str = labels::SEAL_KEYSLOT;
    const CLASSES: &'static [usize] = &[64];

    fn fields(&self, encoder: Encoder) -> Encoder {
        encoder
            .field(2, self.slot.vault.as_bytes())
            .field(3, &self.slot.epoch.to_be_bytes())
            .field(4, self.slot.slot.as_bytes())
            .field(5, &[self.kind.number()])
            .field(6, &[self.scope.number()])
    }
}

#[cfg(test)]
mod tests;
