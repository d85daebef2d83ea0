//! Storage of changes that were set aside.

use crystallum_core::{Malformed, RecordId, SignedHead, VaultId, VaultState};
use crystallum_messages::AsideId;

use crate::local::batch::disown_batch;
use crate::local::schema::{parts_from_bytes, parts_to_bytes, storage_key};
use crate::ports::{Batch, LocalStore, WriteFailed};
use crate::vault::aside::Aside;
use crate::vault::disowned::DisownedHeads;

/// Below the key of a vault: the changes that were set aside.
pub(super) const ASIDE: &str = "aside/";

pub(crate) fn aside_key(vault: VaultId, id: AsideId) -> String {
    storage_key(vault, &format!("{ASIDE}{id}"))
}

fn aside_to_bytes(aside: &Aside) -> Vec<u8> {
    let Aside { time, record, parts, .. } = aside;
    [time.to_be_bytes().as_slice(), record.as_bytes(), &parts_to_bytes(parts)].concat()
}

/// Reads a change that was set aside. `id` is the last part of its key.
pub(super) fn aside_from_bytes(id: &str, bytes: &[u8]) -> Result<Aside, Malformed> {
    let id = id.parse().map_err(|_| Malformed)?;
    let (time, rest) = bytes.split_first_chunk::<8>().ok_or(Malformed)?;
    let (record, parts) = rest.split_first_chunk::<16>().ok_or(Malformed)?;
    let time = u64::from_be_bytes(*time);
    Ok(Aside { id, time, record: RecordId::new(*record), parts: parts_from_bytes(parts)? })
}

/// Builds a batch that removes the pending write, remembers its head as disowned, and keeps its
/// content.
pub(crate) fn set_aside_batch(state: &VaultState, disowned: &DisownedHeads, aside: Option<&Aside>) -> Batch {
    let mut batch = disown_batch(state, disowned);
    batch.writes.extend(aside.map(|aside| aside_write(state.head().body().vault, aside)));
    batch
}

/// Returns the write that keeps the content of a change.
pub(crate) fn aside_write(vault: VaultId, aside: &Aside) -> (String, Option<Vec<u8>>) {
    (aside_key(vault, aside.id), Some(aside_to_bytes(aside)))
}

/// Removes the content of a change, if `head` is still what is stored.
pub(crate) async fn remove_aside(
    store: &impl LocalStore,
    head: &SignedHead,
    id: AsideId,
) -> Result<(), WriteFailed> {
    let vault = head.body().vault;
    let expect = Some((storage_key(vault, "head"), Some(head.to_bytes())));
    store.write(Batch { expect, writes: vec![(aside_key(vault, id), None)] }).await
}
