//! The keyslots of a verified state.

use crystallum_core::{DeviceLeaf, LeafId, Opener, Scope, SlotId, SlotKind, VaultState, Wrap};

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

/// Returns the credential ids of the passkeys that open a vault in this state.
pub(crate) fn passkey_ids(state: &VaultState, objects: &Objects) -> Vec<Vec<u8>> {
    slots_of_scope(state, objects, Scope::Root).filter_map(|(_, wrap)| passkey_id(wrap)).collect()
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
    state.keyslot(device.added_by).map(|slot| slot.kind)
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

/// Finds the slots of one sign-in method in both scopes.
pub(crate) fn find_slots(state: &VaultState, objects: &Objects, opener: Opener<'_>) -> Vec<SlotId> {
    [Scope::Root, Scope::Cold]
        .into_iter()
        .flat_map(|scope| slots_of_scope(state, objects, scope).filter(|(_, wrap)| wrap.opener() == opener))
        .map(|(slot, _)| slot)
        .collect()
}
