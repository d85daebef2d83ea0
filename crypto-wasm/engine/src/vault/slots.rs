//! The keyslots of a verified state, and the sign-in methods that they belong to. The leaves say
//! which methods there are; the wraps say whom they are for, as far as they can be read.

use std::collections::BTreeSet;

use crystallum_core::{DeviceLeaf, KeyslotLeaf, MethodId, Opener, Scope, SlotId, SlotKind, VaultState, Wrap};

use crate::vault::objects::Objects;

/// Iterates over the slots of one scope that can be read, ordered by id, with their wraps.
fn slots_of_scope(
    state: &VaultState,
    objects: &Objects,
    scope: Scope,
) -> impl Iterator<Item = (SlotId, Wrap)> {
    let slots = state.keyslots().filter(move |(_, leaf)| leaf.scope == scope);
    slots.filter_map(|(slot, leaf)| Some((slot, read_wrap(objects, slot, leaf)?)))
}

fn read_wrap(objects: &Objects, slot: SlotId, leaf: &KeyslotLeaf) -> Option<Wrap> {
    objects.wraps.get(&slot)?.read(leaf)
}

/// Iterates over the sign-in methods, with the kind that their leaves name. Each is there once: in
/// a state that was taken without its past, it may have several slots for the root.
pub(crate) fn methods(state: &VaultState) -> impl Iterator<Item = (MethodId, SlotKind)> {
    let mut seen = BTreeSet::new();
    let slots = state.keyslots().filter(|(_, leaf)| leaf.scope == Scope::Root);
    slots.filter(move |(_, leaf)| seen.insert(leaf.method)).map(|(_, leaf)| (leaf.method, leaf.kind))
}

/// Returns whether a method has one slot of each scope, and both can be read and name the same
/// credential. A method that is not like this is damaged; it is listed all the same.
pub(crate) fn is_readable(state: &VaultState, objects: &Objects, method: MethodId) -> bool {
    let slots: Vec<_> = state.keyslots().filter(|(_, leaf)| leaf.method == method).collect();
    let [(slot, leaf), (other_slot, other_leaf)] = slots.as_slice() else { return false };
    let wraps = (read_wrap(objects, *slot, leaf), read_wrap(objects, *other_slot, other_leaf));
    let name_one = matches!(&wraps, (Some(first), Some(second)) if first.opener() == second.opener());
    leaf.scope != other_leaf.scope && name_one
}

/// Returns the credential id of a method's passkey, if no other method names it. The server removes
/// what came with a method together with it. Leaves name no credentials, so a method could name one
/// that came with another method, which has to stay.
pub(crate) fn own_credential_id(state: &VaultState, objects: &Objects, method: MethodId) -> Option<Vec<u8>> {
    let named = |method| {
        let wraps = wraps_of_method(state, objects, method).into_iter().flatten();
        wraps.filter_map(|wrap| passkey_id(&wrap))
    };
    let id = named(method).next()?;
    let is_shared = methods(state).any(|(other, _)| other != method && named(other).any(|named| named == id));
    (!is_shared).then_some(id)
}

/// Returns the sign-in methods whose slot for the root names this passkey. There should be one.
pub(crate) fn methods_of_passkey(state: &VaultState, objects: &Objects, id: &[u8]) -> Vec<MethodId> {
    let slots = slots_of_scope(state, objects, Scope::Root);
    let of_passkey = slots.filter(|(_, wrap)| wrap.opener() == Opener::Passkey { credential_id: id });
    of_passkey.filter_map(|(slot, _)| Some(state.keyslot(slot)?.method)).collect()
}

/// Returns the wraps of a method's slots. One that cannot be read is `None`.
fn wraps_of_method(state: &VaultState, objects: &Objects, method: MethodId) -> Vec<Option<Wrap>> {
    let slots = state.keyslots().filter(|(_, leaf)| leaf.method == method);
    slots.map(|(slot, leaf)| read_wrap(objects, slot, leaf)).collect()
}

/// Returns the credential ids of the passkeys that open a vault in this state.
pub(crate) fn passkey_ids(state: &VaultState, objects: &Objects) -> Vec<Vec<u8>> {
    slots_of_scope(state, objects, Scope::Root).filter_map(|(_, wrap)| passkey_id(&wrap)).collect()
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
        .find_map(|(slot, wrap)| Some((slot, open(slot, &wrap)?)))
}

/// Finds both slots of one sign-in method.
pub(crate) fn slots_of_method(state: &VaultState, method: MethodId) -> Vec<SlotId> {
    state.keyslots().filter(|(_, leaf)| leaf.method == method).map(|(slot, _)| slot).collect()
}

#[cfg(test)]
pub(in crate::vault) mod tests;
