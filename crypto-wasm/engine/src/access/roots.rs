//! Both root keys, which are held only while a sign-in method is added or a wallet is opened. They
//! are wiped when dropped.

use crystallum_core::{
    ColdRoot, Entropy, KeyEncryptionKey, KeyslotLeaf, MethodId, Opener, PrfOutput, RecoveryCode, Root, Scope,
    SlotContext, SlotId, VaultId, VaultState, Wrap,
};
use crystallum_messages::{CeremonyFailure, ImpossibleState};

use crate::passkeys::prf::key_of_output;
use crate::vault::change::SealedChange;
use crate::vault::objects::Objects;
use crate::vault::slots::open_slot;
use crate::vault::wrap_bytes::WrapBytes;

/// Both root keys of a vault.
pub(crate) struct Roots {
    pub(crate) root: Root,
    pub(crate) cold: ColdRoot,
}

/// A new sign-in method, and the changes that add both of its slots.
pub(crate) struct NewMethod {
    pub(crate) id: MethodId,
    pub(crate) changes: [SealedChange; 2],
}

/// The keys of a sign-in method, one for each scope.
pub(crate) struct MethodKeys {
    pub(crate) root: KeyEncryptionKey,
    pub(crate) cold: KeyEncryptionKey,
}

impl MethodKeys {
    pub(crate) fn from_passkey(
        (first, second): &(PrfOutput, PrfOutput),
        rp_id: &str,
        credential_id: &[u8],
    ) -> Result<Self, CeremonyFailure> {
        let key = |output, scope| key_of_output(output, rp_id, scope, credential_id);
        Ok(Self { root: key(first, Scope::Root)?, cold: key(second, Scope::Cold)? })
    }

    pub(crate) fn from_code(code: &RecoveryCode) -> Self {
        Self { root: code.kek(Scope::Root), cold: code.kek(Scope::Cold) }
    }
}

impl Roots {
    /// Generates the roots of a new vault.
    pub(crate) fn random(entropy: &mut impl Entropy) -> Self {
        Self { root: Root::random(entropy), cold: ColdRoot::random(entropy) }
    }

    /// Opens both slots of one sign-in method.
    pub(crate) fn open(
        state: &VaultState,
        objects: &Objects,
        opener: Opener<'_>,
        keys: &MethodKeys,
    ) -> Result<Self, CeremonyFailure> {
        let opened = open_slot(state, objects, Scope::Root, opener, |slot, wrap| {
            keys.root.open_root(wrap, slot_context(state, slot)).ok()
        });
        let (_, root) = opened.ok_or(CeremonyFailure::WrongPasskey)?;
        let cold = open_cold_root(state, objects, opener, &keys.cold)?;
        if cold.equals(&root) {
            return Err(CeremonyFailure::WrongPasskey);
        }
        Ok(Self { root, cold })
    }

    /// Wraps both roots for another sign-in method.
    pub(crate) fn wrap(
        &self,
        keys: &MethodKeys,
        vault: VaultId,
        epoch: u32,
        entropy: &mut impl Entropy,
    ) -> Result<NewMethod, CeremonyFailure> {
        let id = MethodId::random(entropy);
        let [slot, cold_slot] = [SlotId::random(entropy), SlotId::random(entropy)];
        let root = keys.root.wrap_root(&self.root, SlotContext { vault, epoch, slot }, entropy);
        let context = SlotContext { vault, epoch, slot: cold_slot };
        let cold = keys.cold.wrap_cold_root(&self.cold, context, entropy);
        let (Some(root), Some(cold)) = (root, cold) else {
            return Err(ImpossibleState::SlotOfOtherScope.into());
        };
        Ok(NewMethod {
            id,
            changes: [
                keyslot_change(slot, id, Scope::Root, &root),
                keyslot_change(cold_slot, id, Scope::Cold, &cold),
            ],
        })
    }
}

/// Opens the cold slot of one sign-in method.
pub(crate) fn open_cold_root(
    state: &VaultState,
    objects: &Objects,
    opener: Opener<'_>,
    key: &KeyEncryptionKey,
) -> Result<ColdRoot, CeremonyFailure> {
    let opened = open_slot(state, objects, Scope::Cold, opener, |slot, wrap| {
        key.open_cold_root(wrap, slot_context(state, slot)).ok()
    });
    opened.map(|(_, cold)| cold).ok_or(CeremonyFailure::WrongPasskey)
}

fn slot_context(state: &VaultState, slot: SlotId) -> SlotContext {
    let body = state.head().body();
    SlotContext { vault: body.vault, epoch: body.epoch, slot }
}

fn keyslot_change(slot: SlotId, method: MethodId, scope: Scope, wrap: &Wrap) -> SealedChange {
    let bytes = WrapBytes::from(wrap);
    let leaf = KeyslotLeaf { method, kind: wrap.kind(), scope, wrap_hash: bytes.hash() };
    SealedChange::Keyslot(slot, leaf, Some(bytes))
}
