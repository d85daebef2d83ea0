//! The rules that a commit must obey before the database is consulted: which endpoint carries which
//! operation, and what its ciphertexts look like. The rules of the format follow with the stored
//! state ([`successor`](super::successor)).

mod head;
pub(crate) mod lost;

use std::collections::HashSet;

use crystallum_api::{Bytes, Change, Code, Commit, Endpoint, Id, MAX_BLOB, MAX_CHANGES, Part};
use crystallum_format::head::Op;
use crystallum_format::leaf::blob_hash;
use crystallum_format::limits::{OVERVIEW_BLOBS, SECRET_BLOBS};

const _: () = assert!(SECRET_BLOBS[2] == MAX_BLOB, "the wire carries the largest blob");

/// The longest wrapped root that is accepted, in bytes.
const MAX_WRAP: usize = 2_048;

/// Rejects a commit that is not well formed or did not arrive through its operation's endpoint.
pub(crate) fn check(account: Id, commit: &Commit, endpoint: Endpoint) -> Result<(), Code> {
    let counter = commit.expected_counter.checked_add(1).ok_or(Code::BadRequest)?;
    let numbers = 1..=MAX_CHANGES;
    let operation = head::read_operation(commit.head.as_slice(), account, counter);
    let well_formed = operation.is_some_and(|op| endpoint_of(op) == endpoint)
        && numbers.contains(&commit.changes.len())
        && are_distinct(&commit.changes)
        && commit.changes.iter().all(has_its_ciphertext);
    if well_formed { Ok(()) } else { Err(Code::BadRequest) }
}

/// Returns the endpoint through which an operation arrives. Each has one, so a session alone cannot
/// change the sign-in methods.
fn endpoint_of(op: Op) -> Endpoint {
    match op {
        Op::Genesis => Endpoint::CreateAccount,
        Op::Write | Op::Join | Op::Wallet | Op::Devices => Endpoint::Commit,
        Op::SignInMethods => Endpoint::ChangeSignInMethods,
    }
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

/// Returns whether a change comes with the ciphertext whose hash it names, in an allowed size.
fn has_its_ciphertext(change: &Change) -> bool {
    match change {
        Change::Record { overview, secret, .. } => {
            (overview.is_some() || secret.is_some())
                && overview.as_ref().is_none_or(|part| is_sealed(part, &OVERVIEW_BLOBS))
                && secret.as_ref().is_none_or(|part| is_sealed(part, &SECRET_BLOBS))
        }
        Change::Keyslot { hash, wrap, .. } => wrap
            .as_ref()
            .map(Bytes::as_slice)
            .is_some_and(|wrap| (1..=MAX_WRAP).contains(&wrap.len()) && hash.as_slice() == blob_hash(wrap)),
        _ => true,
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
