use super::sign_in_methods::complete_methods;
use crate::change::Change;
use crate::ids::{DeviceId, RecordId, VaultId};
use crate::leaf::RecordLeaf;

/// Allows exactly one device, which is the writer and was added by one of the sign-in methods; at
/// least one complete sign-in method; the profile, whose id is the vault's; and the record of the
/// device, or none. Records are at version 1.
pub(super) fn allowed(vault: VaultId, writer: DeviceId, changes: &[Change]) -> bool {
    let (mut devices, mut profiles, mut slots) = (Vec::new(), 0, Vec::new());
    let profile = RecordId::new(*vault.as_bytes());
    for change in changes {
        match change {
            Change::Device(id, leaf) if *id == writer => devices.push(leaf),
            Change::Keyslot(_, leaf) => slots.push(leaf),
            Change::Record(id, leaf) if *id == profile && is_new(leaf) => profiles += 1,
            Change::Record(id, leaf) if id.as_bytes() == writer.as_bytes() && is_new(leaf) => {}
            _ => return false,
        }
    }
    let Some(methods) = complete_methods(&slots) else { return false };
    match devices.as_slice() {
        [device] => profiles == 1 && methods.contains_key(&device.added_by),
        _ => false,
    }
}

/// Returns whether both parts are at version 1.
pub(super) fn is_new(leaf: &RecordLeaf) -> bool {
    leaf.overview_version == 1 && leaf.secret_version == 1
}
