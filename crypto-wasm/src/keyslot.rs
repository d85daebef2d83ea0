//! Keyslots: a root key wrapped for one sign-in method (FORMAT.md, section 4).

pub(crate) mod wrap;

use crystallum_format::defence::Defence;
use crystallum_format::encoding::Encoder;
use crystallum_format::entropy::Entropy;
use crystallum_format::ids::{SlotId, VaultId};
use crystallum_format::keyslot::{Scope, SlotKind};
use crystallum_format::labels;
use crystallum_format::limits::{MAX_CREDENTIAL_ID, MAX_RP_ID};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use self::wrap::{OwnedOpener, ROOT_CLASS, Wrap};
use crate::key::Key;
use crate::keys::{ColdRoot, Root};
use crate::seal::{AssociatedData, NotOpened, SealingKey};

/// Returns the input of the `prf` extension for a scope.
pub fn prf_input(scope: Scope) -> [u8; 32] {
    Sha256::digest(match scope {
        Scope::Root => labels::PRF_ROOT,
        Scope::Cold => labels::PRF_COLD,
    })
    .into()
}

/// The authenticator's `prf` output cannot be used as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authenticator's output cannot be a key")]
pub struct PrfRejected;

/// Why no key can be derived for a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyRejected {
    /// The RP id is empty or longer than a DNS name.
    #[error("the RP id is empty or too long")]
    RpId,
    /// The credential id is empty or longer than an authenticator may make it.
    #[error("the credential id is empty or too long")]
    CredentialId,
}

/// A checked `prf` output: 32 bytes, not all zero.
pub struct PrfOutput(Key);

impl PrfOutput {
    /// Parses one output.
    pub fn parse(output: &[u8]) -> Result<Self, PrfRejected> {
        let is_usable = |key: &Key| !key.is_zero() || !Defence::UsablePrf.holds();
        let key = Key::from_slice(output).filter(is_usable).ok_or(PrfRejected)?;
        Ok(Self(key))
    }

    /// Parses both outputs of one ceremony, which must differ.
    pub fn parse_both(first: &[u8], second: &[u8]) -> Result<(Self, Self), PrfRejected> {
        let (first, second) = (Self::parse(first)?, Self::parse(second)?);
        let is_same = first.0.is_same(&second.0);
        if Defence::UsablePrf.holds() && is_same { Err(PrfRejected) } else { Ok((first, second)) }
    }
}

/// The associated data that a caller binds a slot to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotContext {
    /// The vault.
    pub vault: VaultId,
    /// The key epoch.
    pub epoch: u32,
    /// The slot.
    pub slot: SlotId,
}

/// The key that wraps one root for one sign-in method. It comes from
/// [`from_passkey`](Self::from_passkey) or [`RecoveryCode::kek`](crate::RecoveryCode::kek).
pub struct KeyEncryptionKey {
    key: SealingKey,
    scope: Scope,
    opener: OwnedOpener,
}

impl KeyEncryptionKey {
    /// Derives the key of a passkey for an RP id. The credential id is the `rawId` that the browser
    /// returned with the output.
    pub fn from_passkey(
        output: &PrfOutput,
        rp_id: &str,
        scope: Scope,
        credential_id: &[u8],
    ) -> Result<Self, PasskeyRejected> {
        if !(1..=MAX_RP_ID).contains(&rp_id.len()) {
            return Err(PasskeyRejected::RpId);
        }
        if !(1..=MAX_CREDENTIAL_ID).contains(&credential_id.len()) {
            return Err(PasskeyRejected::CredentialId);
        }
        let info = Encoder::new(labels::DERIVE_KEYSLOT_PASSKEY)
            .field(1, rp_id.as_bytes())
            .field(2, &[scope.number()])
            .field(3, credential_id)
            .finish();
        let key = Key::filled_by(|key| {
            Hkdf::<Sha256>::new(None, output.0.expose())
                .expand(&info, key)
                .expect("32 bytes are far below 255 hashes");
        });
        Ok(Self { key: SealingKey::new(key), scope, opener: OwnedOpener::Passkey(credential_id.to_vec()) })
    }

    pub(crate) fn from_recovery_code(key: Key, scope: Scope, verifier: [u8; 32]) -> Self {
        Self { key: SealingKey::new(key), scope, opener: OwnedOpener::RecoveryCode(verifier) }
    }

    /// Wraps the root. Returns `None` unless the key is of scope [`Scope::Root`].
    pub fn wrap_root(&self, root: &Root, context: SlotContext, entropy: &mut impl Entropy) -> Option<Wrap> {
        self.wrap(Scope::Root, &root.0, context, entropy)
    }

    /// Wraps the cold root. Returns `None` unless the key is of scope [`Scope::Cold`].
    pub fn wrap_cold_root(
        &self,
        root: &ColdRoot,
        context: SlotContext,
        entropy: &mut impl Entropy,
    ) -> Option<Wrap> {
        self.wrap(Scope::Cold, &root.0, context, entropy)
    }

    /// Unwraps the root from a slot of scope [`Scope::Root`].
    pub fn open_root(&self, wrap: &Wrap, context: SlotContext) -> Result<Root, NotOpened> {
        self.open(Scope::Root, wrap, context).map(Root)
    }

    /// Unwraps the cold root from a slot of scope [`Scope::Cold`].
    pub fn open_cold_root(&self, wrap: &Wrap, context: SlotContext) -> Result<ColdRoot, NotOpened> {
        self.open(Scope::Cold, wrap, context).map(ColdRoot)
    }

    fn wrap(&self, scope: Scope, key: &Key, slot: SlotContext, entropy: &mut impl Entropy) -> Option<Wrap> {
        if self.scope != scope {
            return None;
        }
        let aad = KeyslotAad { slot, kind: self.opener.kind(), scope };
        let blob = self.key.seal(&aad, key.expose(), entropy)?;
        Some(Wrap { opener: self.opener.clone(), blob })
    }

    fn open(&self, scope: Scope, wrap: &Wrap, slot: SlotContext) -> Result<Key, NotOpened> {
        if self.scope != scope || self.opener != wrap.opener {
            return Err(NotOpened);
        }
        let aad = KeyslotAad { slot, kind: self.opener.kind(), scope };
        let root = Key::from_slice(&self.key.open(&aad, &wrap.blob)?).ok_or(NotOpened)?;
        if root.is_zero() { Err(NotOpened) } else { Ok(root) }
    }
}

/// The associated data of a sealed root.
struct KeyslotAad {
    slot: SlotContext,
    kind: SlotKind,
    scope: Scope,
}

impl AssociatedData for KeyslotAad {
    const LABEL: &'static str = labels::SEAL_KEYSLOT;
    const CLASSES: &'static [usize] = &[ROOT_CLASS];

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
