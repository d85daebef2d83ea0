//! The requests that show a server what it has lost, and that put it back.

use crystallum_api as api;
use crystallum_core::VaultId;

use crate::vault::lost_write::LostWrite;
use crate::wire::commit::change_to_wire;
use crate::wire::proof::VaultProof;
use crate::wire::stored::to_json;

/// Returns how many bytes a write has in the request.
pub(crate) fn size_of(write: &LostWrite) -> usize {
    to_json(&entry_to_wire(write)).len() + 1
}

/// Builds the body of the request.
pub(super) fn put_back_to_json(writes: &[LostWrite]) -> Vec<u8> {
    to_json(&api::PutBack { heads: writes.iter().map(entry_to_wire).collect() })
}

/// Builds the body of the request that opens a session with the vault's key.
pub(super) fn vault_login_to_json(vault: VaultId, proof: VaultProof, lost: &[LostWrite]) -> Vec<u8> {
    let lost = lost.iter().map(entry_to_wire).collect();
    to_json(&api::VaultLogin { account: api::Id(*vault.as_bytes()), proof: proof.to_wire(), lost })
}

fn entry_to_wire(write: &LostWrite) -> api::Entry {
    api::Entry {
        head: write.head.to_bytes().into(),
        changes: write.changes.iter().map(change_to_wire).collect(),
    }
}
