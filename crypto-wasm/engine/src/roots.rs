//! Both roots, for the moment in which a way in is made or a wallet is opened. They are wiped when this is dropped.

use crystallum_api as api;
use crystallum_core::{
    ColdRoot, Entropy, KeyEncryptionKey, Opener, PrfOutput, PrfRejected, RecoveryCode, Root, Scope,
    SlotContext, SlotId, VaultId, VaultState, Wrap,
};
use crystallum_messages::Failure;

use crate::objects::Objects;
use crate::vault::slots;

/// Both roots of a vault.
pub(crate) struct Roots {
    pub(crate) root: Root,
    pub(crate) cold: ColdRoot,
}

/// A way in that was made: its root slot, and both slots as they go to the server.
pub(crate) struct NewWay {
    pub(crate) slot: SlotId,
    pub(crate) changes: [api::Change; 2],
}

/// The keys of a way in, one for each scope.
pub(crate) struct Keys {
    pub(crate) root: KeyEncryptionKey,
    pub(crate) cold: KeyEncryptionKey,
}

impl Keys {
    pub(crate) fn of_passkey(
        (first, second): &(PrfOutput, PrfOutput),
        rp_id: &str,
        credential_id: &[u8],
    ) -> Result<Self, Failure> {
        let kek = |output: &PrfOutput, scope| {
            KeyEncryptionKey::from_passkey(output, rp_id, scope, credential_id)
                .map_err(|PrfRejected| Failure::Unsupported)
        };
        Ok(Self { root: kek(first, Scope::Root)?, cold: kek(second, Scope::Cold)? })
    }

    pub(crate) fn of_code(code: &RecoveryCode) -> Self {
        Self { root: code.kek(Scope::Root), cold: code.kek(Scope::Cold) }
    }
}

impl Roots {
    /// A new vault's.
    pub(crate) fn random(entropy: &mut impl Entropy) -> Self {
        Self { root: Root::random(entropy), cold: ColdRoot::random(entropy) }
    }

    /// Opens both slots of one way in.
    pub(crate) fn open(
        state: &VaultState,
        objects: &Objects,
        opener: Opener<'_>,
        keys: &Keys,
    ) -> Result<Self, Failure> {
        let (slot, wrap) = find(state, objects, Scope::Root, opener).ok_or(Failure::WrongPasskey)?;
        let root = keys.root.open_root(wrap, place(state, slot)).map_err(|_| Failure::WrongPasskey)?;
        let cold = open_cold(state, objects, opener, &keys.cold)?;
        Ok(Self { root, cold })
    }

    /// Wraps both for another way in.
    pub(crate) fn wrap(
        &self,
        keys: &Keys,
        vault: VaultId,
        epoch: u32,
        entropy: &mut impl Entropy,
    ) -> Result<NewWay, Failure> {
        let [slot, cold_slot] = [SlotId::random(entropy), SlotId::random(entropy)];
        let root = keys.root.wrap_root(&self.root, SlotContext { vault, epoch, slot }, entropy);
        let context = SlotContext { vault, epoch, slot: cold_slot };
        let cold = keys.cold.wrap_cold_root(&self.cold, context, entropy);
        let (root, cold) = (root.ok_or(Failure::Confused)?, cold.ok_or(Failure::Confused)?);
        Ok(NewWay {
            slot,
            changes: [change(slot, Scope::Root, &root), change(cold_slot, Scope::Cold, &cold)],
        })
    }
}

/// Opens the cold slot of one way in.
pub(crate) fn open_cold(
    state: &VaultState,
    objects: &Objects,
    opener: Opener<'_>,
    key: &KeyEncryptionKey,
) -> Result<ColdRoot, Failure> {
    let (slot, wrap) = find(state, objects, Scope::Cold, opener).ok_or(Failure::WrongPasskey)?;
    key.open_cold_root(wrap, place(state, slot)).map_err(|_| Failure::WrongPasskey)
}

/// The slot of a scope that something opens.
pub(crate) fn find<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
    scope: Scope,
    opener: Opener<'_>,
) -> Option<(SlotId, &'a Wrap)> {
    slots(state, objects, scope).find(|(_, wrap)| wrap.opener() == opener)
}

/// Every slot that one way in has, in both scopes.
pub(crate) fn slots_of(state: &VaultState, objects: &Objects, opener: Opener<'_>) -> Vec<SlotId> {
    [Scope::Root, Scope::Cold]
        .into_iter()
        .flat_map(|scope| slots(state, objects, scope).filter(|(_, wrap)| wrap.opener() == opener))
        .map(|(slot, _)| slot)
        .collect()
}

fn place(state: &VaultState, slot: SlotId) -> SlotContext {
    let body = state.head().body();
    SlotContext { vault: body.vault, epoch: body.epoch, slot }
}

fn change(slot: SlotId, scope: Scope, wrap: &Wrap) -> api::Change {
    api::Change::Keyslot {
        id: api::Id(*slot.as_bytes()),
        slot_kind: wrap.kind().number(),
        scope: scope.number(),
        wrap: wrap.to_bytes().into(),
    }
}
