//! The rules that a commit must obey before the database is consulted. The server stores nothing
//! that a correct client cannot have sent.

pub(crate) mod head;
mod operation;

pub(crate) use operation::ChangeCounts;

use std::collections::HashSet;
use std::ops::RangeInclusive;

use crystallum_api::{Bytes, Change, Code, Commit, Id, MAX_CHANGES, Part};
use sha2::{Digest, Sha256};

/// The bytes that sealing adds to a padded plaintext: format, suite, salt, commitment, tag.
const SEAL_OVERHEAD: usize = 2 + 32 + 32 + 16;
/// The allowed sizes of an overview blob.
pub(crate) const OVERVIEW_SIZES: [usize; 2] = [SEAL_OVERHEAD + 512, SEAL_OVERHEAD + 2_048];
/// The allowed sizes of a secret blob.
pub(crate) const SECRET_SIZES: [usize; 3] =
    [SEAL_OVERHEAD + 1_024, SEAL_OVERHEAD + 4_096, SEAL_OVERHEAD + 16_384];
const MAX_WRAP: usize = 2_048;
/// The length of an uncompressed SEC1 point, which starts with the byte 4.
const DEVICE_KEY_BYTES: usize = 65;

/// The length of a SHA-256 hash.
const HASH_BYTES: usize = 32;
/// The allowed number of shares in one dealing.
const SHARES_PER_DEALING: RangeInclusive<u8> = 2..=16;

/// The endpoint through which a commit arrived. Each operation has one endpoint, so a session alone
/// cannot change the sign-in methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `POST /api/accounts`
    Accounts,
    /// `POST /api/commit`
    Commit,
    /// `POST /api/ways`
    SignInMethods,
}

/// Rejects a commit that is not well formed.
pub(crate) fn check(account: Id, commit: &Commit, endpoint: Endpoint) -> Result<(), Code> {
    let counter = commit.expected_counter.checked_add(1).ok_or(Code::BadRequest)?;
    let numbers = 1..=MAX_CHANGES;
    let mut seen = HashSet::new();
    let operation = head::read_operation(commit.head.as_slice(), account, counter);
    let well_formed = operation.is_some_and(|op| operation::allows(op, endpoint, &commit.changes))
        && numbers.contains(&commit.changes.len())
        && commit.changes.iter().all(|change| seen.insert(object_key(change)) && is_well_formed(change));
    if well_formed { Ok(()) } else { Err(Code::BadRequest) }
}

/// Returns the object that a change affects. A record and its tombstone are the same object.
pub(crate) fn object_key(change: &Change) -> (u8, Id) {
    match change {
        Change::Record { id, .. } | Change::Tombstone { id, .. } => (1, *id),
        Change::Keyslot { id, .. } | Change::KeyslotGone { id } => (3, *id),
        Change::Device { id, .. } => (4, *id),
        Change::Share { id, .. } | Change::ShareGone { id } => (5, *id),
    }
}

fn is_well_formed(change: &Change) -> bool {
    match change {
        Change::Record { overview, secret, .. } => {
            (overview.is_some() || secret.is_some())
                && overview.as_ref().is_none_or(|part| is_sealed(part, &OVERVIEW_SIZES))
                && secret.as_ref().is_none_or(|part| is_sealed(part, &SECRET_SIZES))
        }
        Change::Tombstone { version, .. } => i64::try_from(*version).is_ok(),
        Change::Keyslot { slot_kind, scope, wrap, .. } => {
            matches!(slot_kind, 1 | 3)
                && matches!(scope, 1 | 2)
                && (1..=MAX_WRAP).contains(&wrap.as_slice().len())
        }
        Change::Device { key, .. } => {
            key.as_slice().len() == DEVICE_KEY_BYTES && key.as_slice().first() == Some(&4)
        }
        Change::Share { epoch, k, n, index, hash, .. } => {
            *epoch >= 1
                && SHARES_PER_DEALING.contains(k)
                && SHARES_PER_DEALING.contains(n)
                && k <= n
                && (1..=*n).contains(index)
                && hash.as_slice().len() == HASH_BYTES
        }
        Change::KeyslotGone { .. } | Change::ShareGone { .. } => true,
    }
}

fn is_sealed(part: &Part, classes: &[usize]) -> bool {
    part.blob.as_ref().map(Bytes::as_slice).is_some_and(|blob| {
        classes.contains(&blob.len()) && part.hash.as_slice() == Sha256::digest(blob).as_slice()
    })
}

#[cfg(test)]
mod tests;
