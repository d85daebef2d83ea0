//! The keyslots of a verified state, and the sign-in methods that they belong to.

use crystallum_core::{Leaf, LeafId, MethodId, Opener, Scope, SlotId, VaultState, Wrap};

use crate::vault::objects::Objects;

/// Iterates over the slots of one scope, with their wraps.
pub(crate) fn slots_of_scope<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
    scope: Scope,
) -> impl Iterator<Item = (SlotId, &'a Wrap)> {
    state.leaves().filter_map(move |(id, _)| match id {
        LeafId::Keyslot(id) if state.keyslot(id)?.scope == scope => Some((id, objects.wraps.get(&id)?)),
        _ => None,
    })
}

/// Iterates over the sign-in methods, with the wraps of their root slots.
pub(crate) fn methods<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
) -> impl Iterator<Item = (MethodId, &'a Wrap)> {
    slots_of_scope(state, objects, Scope::Root)
        .filter_map(|(slot, wrap)| Some((state.keyslot(slot)?.method, wrap)))
}

/// Returns the credential ids of the passkeys that open a vault in this state.
pub(crate) fn passkey_ids(state: &VaultState, objects: &Objects) -> Vec<Vec<u8>> {
    methods(state, objects).filter_map(|(_, wrap)| passkey_id(wrap)).collect()
}

/// Returns the credential id of a passkey's slot.
pub(crate) fn passkey_id(wrap: &Wrap) -> Option<Vec<u8>> {
    match wrap.opener() {
        Opener::Passkey { credential_id } => Some(credential_id.to_vec()),
        Opener::RecoveryCode { .. } => None,
    }
}

/// Finds the slot of a scope that a credential opens.
pub(crate) fn find_slot<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
    scope: Scope,
    opener: Opener<'_>,
) -> Option<(SlotId, &'a Wrap)> {
    slots_of_scope(state, objects, scope).find(|(_, wrap)| wrap.opener() == opener)
}

/// Finds both slots of one sign-in method.
pub(crate) fn slots_of_method(state: &VaultState, method: MethodId) -> Vec<SlotId> {
    let slots = state.leaves().filter_map(|(id, leaf)| match (id, leaf) {
        (LeafId::Keyslot(id), Leaf::Keyslot(leaf)) if leaf.method == method => Some(id),
        _ => None,
    });
    slots.collect()
}
