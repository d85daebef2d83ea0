//! The keyslots of a verified state, and the sign-in methods that they belong to.

use crystallum_core::{
    DeviceLeaf, Leaf, LeafId, MethodId, Opener, Scope, SlotId, SlotKind, VaultState, Wrap,
};

use crate::vault::objects::Objects;

/// Iterates over the slots of one scope, ordered by id, with their wraps. A wrap of another kind
/// than the slot's is left out.
pub(crate) fn slots_of_scope<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
    scope: Scope,
) -> impl Iterator<Item = (SlotId, &'a Wrap)> {
    state.leaves().filter_map(move |(id, _)| match id {
        LeafId::Keyslot(id) => {
            let (leaf, wrap) = (state.keyslot(id)?, objects.wraps.get(&id)?);
            (leaf.scope == scope && leaf.kind == wrap.kind()).then_some((id, wrap))
        }
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

/// Returns the kind of the sign-in method by which a device came in, if it is live.
pub(crate) fn kind_of_method(state: &VaultState, device: &DeviceLeaf) -> Option<SlotKind> {
    state.kind_of_method(device.added_by)
}

/// Returns whether a slot of a scope names this credential.
pub(crate) fn has_slot(state: &VaultState, objects: &Objects, scope: Scope, opener: Opener<'_>) -> bool {
    slots_of_scope(state, objects, scope).any(|(_, wrap)| wrap.opener() == opener)
}

/// Opens the first slot of a scope that names a credential and that opens. Heads do not show
/// whether two methods name the same credential, so one that does not open must not hide one that
/// does.
pub(crate) fn open_slot<T>(
    state: &VaultState,
    objects: &Objects,
    scope: Scope,
    opener: Opener<'_>,
    open: impl Fn(SlotId, &Wrap) -> Option<T>,
) -> Option<(SlotId, T)> {
    slots_of_scope(state, objects, scope)
        .filter(|(_, wrap)| wrap.opener() == opener)
        .find_map(|(slot, wrap)| Some((slot, open(slot, wrap)?)))
}

/// Finds both slots of one sign-in method.
pub(crate) fn slots_of_method(state: &VaultState, method: MethodId) -> Vec<SlotId> {
    let slots = state.leaves().filter_map(|(id, leaf)| match (id, leaf) {
        (LeafId::Keyslot(id), Leaf::Keyslot(leaf)) if leaf.method == method => Some(id),
        _ => None,
    });
    slots.collect()
}
