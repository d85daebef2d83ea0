//! The keys under which a vault is stored, and the form of its objects.
//!
//! | key | value |
//! | --- | --- |
//! | `vaults/V` | JSON: the name and the time of last use |
//! | `vault/V/device` | the device id |
//! | `vault/V/head` | the newest verified head |
//! | `vault/V/past` | the right edge of the history log over the heads before it |
//! | `vault/V/pending` | JSON: the commit that is signed but not confirmed |
//! | `vault/V/methods` | JSON: the request that carries it, if it changes sign-in methods |
//! | `vault/V/removed` | empty: there once another device has removed this one |
//! | `vault/V/alarm` | the alarm, with the heads that show what happened, until it is over |
//! | `vault/V/ended` | the alarms that are over, until they were seen |
//! | `vault/V/disowned` | the counters and hashes of the heads that were signed and given up |
//! | `vault/V/orphans` | the passkeys and codes of those heads, while they may still be adopted |
//! | `vault/V/aside/A` | a change that was set aside: its time, the record, and both sealed parts |
//! | `vault/V/over/note` | what is to be done, or was done, after going over to another history |
//! | `vault/V/over/item/A` | what became of the record that was set aside as A then |
//! | `vault/V/joins/N` | the device that entered with change N (hexadecimal), until it was seen |
//! | `vault/V/record/R` | both sealed parts; the hash of the secret until it arrives |
//! | `vault/V/history/R` | JSON: the versions of the secret, once there are two |
//! | `vault/V/trash/R` | when this device first saw the record in the trash, u64 |
//! | `vault/V/draft` | the sealed draft of a form |
//! | `vault/V/overviews` | the sealed snapshot of the overviews, perhaps of an earlier state |
//! | `vault/V/other/…` | JSON: devices, keyslots, shares and tombstones in their wire form |
//! | `heads/V/start` | the right edge of the history log before the first head in `log` |
//! | `heads/V/log/N` | the hashes of 64 verified heads; N counts from 0 in hexadecimal |
//! | `heads/V/whole/N` | a verified head, the newest whose counter modulo 2,000 is N |
//! | `heads/V/changes/N` | its counter, then JSON: its changes without ciphertext |

use crystallum_core::{Blob, Leaf, LeafId, Malformed, RecordId, VaultId};
use crystallum_messages as messages;

use crate::vault::change::SealedChange;
use crate::vault::objects::ObjectsAfter;
use crate::vault::part::{Part, Parts, SecretPart};
use crate::vault::verified_heads::KEPT_HEADS;
use crate::wire::stored::change_to_json;

/// The prefix of every vault's summary.
pub(super) const SUMMARIES: &str = "vaults/";

pub(super) fn summary_key(vault: VaultId) -> String {
    format!("{SUMMARIES}{}", messages::VaultId(*vault.as_bytes()))
}

pub(super) fn storage_key(vault: VaultId, rest: &str) -> String {
    format!("vault/{}/{rest}", messages::VaultId(*vault.as_bytes()))
}

/// Below the key of a vault: that this device was removed from it.
pub(super) const REMOVED: &str = "removed";

/// Below the key of a vault: the snapshot of its overviews.
pub(super) const OVERVIEWS: &str = "overviews";

/// The room of the hashes of heads.
pub(super) const LOG: &str = "log/";

/// The room of the heads that are kept whole.
pub(super) const WHOLE: &str = "whole/";

/// The room of what those heads have changed.
pub(super) const CHANGES: &str = "changes/";

/// Returns a key of the log of heads.
pub(super) fn heads_key(vault: VaultId, rest: &str) -> String {
    format!("heads/{}/{rest}", messages::VaultId(*vault.as_bytes()))
}

/// Returns the key for what comes before the log of heads.
pub(super) fn log_start_key(vault: VaultId) -> String {
    heads_key(vault, "start")
}

/// Returns the key for a block of hashes. The keys are in the order of the blocks.
pub(super) fn log_key(vault: VaultId, block: usize) -> String {
    heads_key(vault, &format!("{LOG}{block:016x}"))
}

/// Returns the key for a whole head. A newer head takes the place of an old one.
pub(super) fn head_key(vault: VaultId, counter: u64) -> String {
    heads_key(vault, &format!("{WHOLE}{}", counter % u64::from(KEPT_HEADS)))
}

/// Returns the key for what a head changes, beside the key of that head.
pub(super) fn changes_key(vault: VaultId, counter: u64) -> String {
    heads_key(vault, &format!("{CHANGES}{}", counter % u64::from(KEPT_HEADS)))
}

/// Returns the key for one record below `room`, such as `record/`.
pub(super) fn record_key(vault: VaultId, room: &str, id: RecordId) -> String {
    storage_key(vault, &format!("{room}{}", messages::RecordId(*id.as_bytes())))
}

/// Reads the record's id at the end of a key.
pub(super) fn parse_record_id(text: &str) -> Result<RecordId, Malformed> {
    text.parse::<messages::RecordId>().map(|id| RecordId::new(id.0)).map_err(|_| Malformed)
}

pub(super) fn object_key(vault: VaultId, id: LeafId) -> String {
    let key = |room: &str, id: &[u8; 16]| storage_key(vault, &format!("{room}{}", messages::RecordId(*id)));
    match id {
        LeafId::Record(id) => key("record/", id.as_bytes()),
        LeafId::Tombstone(id) => key("other/tombstone/", id.as_bytes()),
        LeafId::Keyslot(id) => key("other/keyslot/", id.as_bytes()),
        LeafId::Device(id) => key("other/device/", id.as_bytes()),
        LeafId::Share(id) => key("other/share/", id.as_bytes()),
    }
}

/// Returns the stored form of a live object. Returns `None` only for an object that `objects`
/// lacks, which does not happen for a verified state.
pub(super) fn object_value(id: LeafId, leaf: &Leaf, objects: ObjectsAfter<'_>) -> Option<Vec<u8>> {
    let change = match (id, leaf) {
        (LeafId::Record(id), _) => return objects.record(id).map(parts_to_bytes),
        (LeafId::Tombstone(id), Leaf::Tombstone { version }) => SealedChange::Tombstone(id, *version),
        (LeafId::Keyslot(id), Leaf::Keyslot(slot)) => {
            SealedChange::Keyslot(id, *slot, Some(objects.wrap(id)?.clone()))
        }
        (LeafId::Device(id), Leaf::Device(device)) => SealedChange::Device(id, *device),
        (LeafId::Share(id), Leaf::Share(share)) => SealedChange::Share(id, *share),
        _ => return None,
    };
    Some(change_to_json(&change))
}

/// `u64 overview version ‖ u64 secret version ‖ u32 overview length ‖ overview ‖ secret`. Instead
/// of a secret that has not arrived there is its hash, which is shorter than any.
pub(super) fn parts_to_bytes(parts: &Parts) -> Vec<u8> {
    let overview = parts.overview.blob.as_bytes();
    let secret = match &parts.secret {
        SecretPart::Here(part) => part.blob.as_bytes(),
        SecretPart::Awaited { hash, .. } => hash.as_slice(),
    };
    let length = u32::try_from(overview.len()).expect("a blob is at most 16 kB");
    [
        parts.overview.version.to_be_bytes().as_slice(),
        &parts.secret.version().to_be_bytes(),
        &length.to_be_bytes(),
        overview,
        secret,
    ]
    .concat()
}

pub(super) fn parts_from_bytes(bytes: &[u8]) -> Result<Parts, Malformed> {
    let (overview_version, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    let (secret_version, rest) = rest.split_first_chunk().ok_or(Malformed)?;
    let (length, rest) = rest.split_first_chunk().ok_or(Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed)?;
    let (overview, secret) = rest.split_at_checked(length).ok_or(Malformed)?;
    let part = |version: &[u8; 8], blob: &[u8]| Part {
        version: u64::from_be_bytes(*version),
        blob: Blob::from_bytes(blob.to_vec()),
    };
    let secret = match <[u8; 32]>::try_from(secret) {
        Ok(hash) => SecretPart::Awaited { version: u64::from_be_bytes(*secret_version), hash },
        Err(_) => SecretPart::Here(part(secret_version, secret)),
    };
    Ok(Parts { overview: part(overview_version, overview), secret })
}
