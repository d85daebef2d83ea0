//! Storage of the devices that entered the vault, until somebody has looked.

use crystallum_core::{DeviceId, Malformed, SignedHead, SlotKind, VaultId};
use crystallum_messages as messages;

use crate::local::schema::storage_key;
use crate::ports::{Batch, LocalStore, WriteFailed};
use crate::vault::join::Join;

/// Below the key of a vault: the devices that entered it.
pub(super) const JOINS: &str = "joins/";

fn join_key(vault: VaultId, device: DeviceId) -> String {
    storage_key(vault, &format!("{JOINS}{}", messages::DeviceId(*device.as_bytes())))
}

/// Returns the writes that keep these events. They belong into the batch that stores the state.
pub(crate) fn join_writes(vault: VaultId, joins: &[Join]) -> impl Iterator<Item = (String, Option<Vec<u8>>)> {
    joins.iter().map(move |join| {
        let Join { device, counter, time, method, kind } = join;
        let value = [&counter.to_be_bytes()[..], &time.to_be_bytes(), method, &[kind.number()]].concat();
        (join_key(vault, *device), Some(value))
    })
}

/// Reads an event. `device` is the last part of its key.
pub(super) fn join_from_bytes(device: &str, bytes: &[u8]) -> Result<Join, Malformed> {
    let device: messages::DeviceId = device.parse().map_err(|_| Malformed)?;
    let (counter, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    let (time, rest) = rest.split_first_chunk().ok_or(Malformed)?;
    let (method, kind) = rest.split_first_chunk().ok_or(Malformed)?;
    let [kind] = *kind else { return Err(Malformed) };
    Ok(Join {
        device: DeviceId::new(device.0),
        counter: u64::from_be_bytes(*counter),
        time: u64::from_be_bytes(*time),
        method: *method,
        kind: SlotKind::from_number(kind)?,
    })
}

/// Removes an event, if `head` is still what is stored.
pub(crate) async fn remove_join(
    store: &impl LocalStore,
    head: &SignedHead,
    device: DeviceId,
) -> Result<(), WriteFailed> {
    let vault = head.body().vault;
    let expect = Some((storage_key(vault, "head"), Some(head.to_bytes())));
    store.write(Batch { expect, writes: vec![(join_key(vault, device), None)] }).await
}
