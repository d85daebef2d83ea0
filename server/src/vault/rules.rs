//! The rules that a commit must obey before the database is consulted. The server stores nothing
//! that a correct client cannot have sent.

pub(crate) mod head;
pub(crate) mod operation;

use std::collections::HashSet;

use crystallum_api::{Bytes, Change, Code, Commit, Endpoint, Id, MAX_BLOB, MAX_CHANGES, Part};
use crystallum_format::keyslot::{Scope, SlotKind};
use crystallum_format::leaf::blob_hash;
use crystallum_format::limits::{OVERVIEW_BLOBS, SECRET_BLOBS, is_valid_dealing};

use operation::{endpoint_of, permits};

const _: () = assert!(SECRET_BLOBS[2] == MAX_BLOB, "the wire carries the largest blob");

/// The longest wrapped root that is accepted, in bytes.
const MAX_WRAP: usize = 2_048;
/// The length of an uncompressed SEC1 point, which starts with the byte 4.
const DEVICE_KEY_BYTES: usize = 65;

/// The length of a SHA-256 hash.
const HASH_BYTES: usize = 32;

/// Rejects a commit that is not well formed or did not arrive through its operation's endpoint.
pub(crate) fn check(account: Id, commit: &Commit, endpoint: Endpoint) -> Result<(), Code> {
    let counter = commit.expected_counter.checked_add(1).ok_or(Code::BadRequest)?;
    let numbers = 1..=MAX_CHANGES;
    let operation = head::read_operation(commit.head.as_slice(), account, counter);
    let well_formed = operation.is_some_and(|op| endpoint_of(op) == endpoint && permits(op, &commit.changes))
        && numbers.contains(&commit.changes.len())
        && are_distinct(&commit.changes)
        && commit.changes.iter().all(is_well_formed);
    if well_formed { Ok(()) } else { Err(Code::BadRequest) }
}

/// Returns whether no two changes are of the same object.
pub(crate) fn are_distinct(changes: &[Change]) -> bool {
    let mut seen = HashSet::new();
    changes.iter().all(|change| seen.insert(object_key(change)))
}

/// Returns the object that a change affects. A record and its tombstone are the same object.
fn object_key(change: &Change) -> (u8, Id) {
    match change {
        Change::Record { id, .. } | Change::Tombstone { id, .. } => (1, *id),
        Change::Keyslot { id, .. } | Change::KeyslotGone { id } => (3, *id),
        Change::Device { id, .. } | Change::DeviceGone { id } => (4, *id),
        Change::Share { id, .. } | Change::ShareGone { id } => (5, *id),
    }
}

fn is_well_formed(change: &Change) -> bool {
    match change {
        Change::Record { overview, secret, .. } => {
            (overview.is_some() || secret.is_some())
                && overview.as_ref().is_none_or(|part| is_sealed(part, &OVERVIEW_BLOBS))
                && secret.as_ref().is_none_or(|part| is_sealed(part, &SECRET_BLOBS))
        }
        Change::Tombstone { version, .. } => i64::try_from(*version).is_ok(),
        Change::Keyslot { slot_kind, scope, wrap, .. } => {
            SlotKind::from_number(*slot_kind).is_ok()
                && Scope::from_number(*scope).is_ok()
                && (1..=MAX_WRAP).contains(&wrap.as_slice().len())
        }
        Change::Device { key, .. } => {
            key.as_slice().len() == DEVICE_KEY_BYTES && key.as_slice().first() == Some(&4)
        }
        Change::Share { epoch, k, n, index, hash, .. } => {
            is_valid_dealing(*epoch, *k, *n)
                && (1..=*n).contains(index)
                && hash.as_slice().len() == HASH_BYTES
        }
        Change::DeviceGone { .. } | Change::KeyslotGone { .. } | Change::ShareGone { .. } => true,
    }
}

fn is_sealed(part: &Part, classes: &[usize]) -> bool {
    part.blob
        .as_ref()
        .map(Bytes::as_slice)
        .is_some_and(|blob| classes.contains(&blob.len()) && part.hash.as_slice() == blob_hash(blob))
}

#[cfg(test)]
mod tests;
