//! What a commit must look like before the database is asked: the server keeps nothing that no client could have meant.

mod head;

use std::collections::HashSet;

use crystallum_api::{Bytes, Change, Code, Commit, Id, MAX_CHANGES, Part};
use sha2::{Digest, Sha256};

/// Bytes that sealing adds to a padded plaintext: format, suite, salt, commitment, tag.
const SEALED: usize = 2 + 32 + 32 + 16;
const OVERVIEWS: [usize; 2] = [SEALED + 512, SEALED + 2_048];
const SECRETS: [usize; 3] = [SEALED + 1_024, SEALED + 4_096, SEALED + 16_384];
const MAX_WRAP: usize = 2_048;
/// An uncompressed point begins with 4.
const DEVICE_KEY: usize = 65;

/// Refuses a commit that is not well formed.
pub(crate) fn check(account: Id, commit: &Commit) -> Result<(), Code> {
    let counter = commit.expected_counter.checked_add(1).ok_or(Code::BadRequest)?;
    let numbers = 1..=MAX_CHANGES;
    let mut seen = HashSet::new();
    let well_formed = head::fits(commit.head.as_slice(), account, counter)
        && numbers.contains(&commit.changes.len())
        && commit.changes.iter().all(|change| seen.insert(object(change)) && fits(change));
    if well_formed { Ok(()) } else { Err(Code::BadRequest) }
}

/// What a change is about. A record and its tombstone are one object.
fn object(change: &Change) -> (u8, Id) {
    match change {
        Change::Record { id, .. } | Change::Tombstone { id, .. } => (1, *id),
        Change::Keyslot { id, .. } => (3, *id),
        Change::Device { id, .. } => (4, *id),
    }
}

fn fits(change: &Change) -> bool {
    match change {
        Change::Record { overview, secret, .. } => {
            (overview.is_some() || secret.is_some())
                && overview.as_ref().is_none_or(|part| is_sealed(part, &OVERVIEWS))
                && secret.as_ref().is_none_or(|part| is_sealed(part, &SECRETS))
        }
        Change::Tombstone { version, .. } => i64::try_from(*version).is_ok(),
        Change::Keyslot { scope, wrap, .. } => {
            matches!(scope, 1 | 2) && (1..=MAX_WRAP).contains(&wrap.as_slice().len())
        }
        Change::Device { key, .. } => {
            key.as_slice().len() == DEVICE_KEY && key.as_slice().first() == Some(&4)
        }
    }
}

fn is_sealed(part: &Part, classes: &[usize]) -> bool {
    part.blob.as_ref().map(Bytes::as_slice).is_some_and(|blob| {
        classes.contains(&blob.len()) && part.hash.as_slice() == Sha256::digest(blob).as_slice()
    })
}

#[cfg(test)]
mod tests;
