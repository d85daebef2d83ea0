//! Storage of the devices that entered the vault, until somebody has looked.

use crystallum_core::{DeviceId, Malformed, SignedHead, SlotKind, VaultId};

use crate::local::schema::storage_key;
use crate::ports::{Batch, LocalStore, WriteFailed};
use crate::vault::join::Join;

/// Below the key of a vault: the devices that entered it.
pub(super) const JOINS: &str = "joins/";

/// Returns the key of the event of a change. A change admits one device, and the same device may
/// enter more than once.
fn join_key(vault: VaultId, counter: u64) -> String {
    storage_key(vault, &format!("{JOINS}{counter:016x}"))
}

/// Returns the writes that keep these events. They belong into the batch that stores the state.
pub(crate) fn join_writes(vault: VaultId, joins: &[Join]) -> impl Iterator<Item = (String, Option<Vec<u8>>)> {
    joins.iter().map(move |join| {
        let Join { device, counter, time, method, kind } = join;
        let value = [&device.as_bytes()[..], &time.to_be_bytes(), method, &[kind.number()]].concat();
        (join_key(vault, *counter), Some(value))
    })
}

/// Reads an event. `counter` is the last part of its key.
pub(super) fn join_from_bytes(counter: &str, bytes: &[u8]) -> Result<Join, Malformed> {
    let counter = u64::from_str_radix(counter, 16).map_err(|_| Malformed)?;
    let (device, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    let (time, rest) = rest.split_first_chunk().ok_or(Malformed)?;
    let (method, kind) = rest.split_first_chunk().ok_or(Malformed)?;
    let [kind] = *kind else { return Err(Malformed) };
    Ok(Join {
        device: DeviceId::new(*device),
        counter,
        time: u64::from_be_bytes(*time),
        method: *method,
        kind: SlotKind::from_number(kind)?,
    })
}

/// Removes the events of these changes, if `head` is still what is stored.
pub(crate) async fn remove_joins(
    store: &impl LocalStore,
    head: &SignedHead,
    counters: &[u64],
) -> Result<(), WriteFailed> {
    let vault = head.body().vault;
    let expect = Some((storage_key(vault, "head"), Some(head.to_bytes())));
    let writes = counters.iter().map(|counter| (join_key(vault, *counter), None)).collect();
    store.write(Batch { expect, writes }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_enters_twice_is_two_events() {
        let vault = VaultId::new([1; 16]);
        let join = |counter| Join {
            device: DeviceId::new([2; 16]),
            counter,
            time: 3,
            method: [4; 16],
            kind: SlotKind::Passkey,
        };
        let writes: Vec<_> = join_writes(vault, &[join(7), join(u64::MAX)]).collect();
        let read = writes.iter().map(|(key, value)| {
            let counter = key.strip_prefix(&storage_key(vault, JOINS)).expect("below the vault");
            join_from_bytes(counter, value.as_ref().expect("a value"))
        });
        assert_eq!(read.collect::<Vec<_>>(), [Ok(join(7)), Ok(join(u64::MAX))]);
        assert_ne!(writes[0].0, writes[1].0);
    }
}
