//! What commits that are put back must be before the database is consulted.

use std::collections::BTreeSet;

use crystallum_api::{Change, Code, Commit, Entry, Id, MAX_CHANGES, MAX_PUT_BACK, Part, PutBack};
use crystallum_format::head::{Op, SignedHead};

use super::{are_distinct, has_its_ciphertext};

/// Reads commits that are put back, or rejects them if they are not consecutive, or not whole: what
/// is live after the last one must come with its ciphertext.
pub(crate) fn check_put_back(account: Id, PutBack { heads }: PutBack) -> Result<Vec<Commit>, Code> {
    let commits = read_consecutive(account, heads)?;
    let mut lacking = BTreeSet::new();
    commits.iter().flat_map(|commit| &commit.changes).for_each(|change| note(&mut lacking, change));
    if lacking.is_empty() { Ok(commits) } else { Err(Code::BadRequest) }
}

/// Reads commits that were lost, or rejects them if they are not consecutive. They may come without
/// their ciphertext.
pub(crate) fn read_consecutive(account: Id, heads: Vec<Entry>) -> Result<Vec<Commit>, Code> {
    if !(1..=MAX_PUT_BACK).contains(&heads.len()) {
        return Err(Code::BadRequest);
    }
    let mut commits = Vec::<Commit>::with_capacity(heads.len());
    for entry in heads {
        let commit = read(account, entry)?;
        let follows = |last: &Commit| Some(commit.expected_counter) == last.expected_counter.checked_add(1);
        if !commits.last().is_none_or(follows) {
            return Err(Code::BadRequest);
        }
        commits.push(commit);
    }
    Ok(commits)
}

/// Reads one of them. It gets an id from its head, since nobody remembers the one that it had.
fn read(account: Id, Entry { head, changes }: Entry) -> Result<Commit, Code> {
    let signed = SignedHead::from_bytes(head.as_slice()).map_err(|_| Code::BadRequest)?;
    let body = signed.body();
    let expected_counter = body.counter.checked_sub(1).ok_or(Code::BadRequest)?;
    let well_formed = *body.vault.as_bytes() == account.0
        && body.op != Op::Genesis
        && (1..=MAX_CHANGES).contains(&changes.len())
        && are_distinct(&changes)
        && changes.iter().all(fits_its_hashes);
    let hash = body.hash();
    let id = *hash.first_chunk().ok_or(Code::BadRequest)?;
    let commit = Commit { commit_id: Id(id), expected_counter, changes, head };
    if well_formed { Ok(commit) } else { Err(Code::BadRequest) }
}

/// Returns whether what a change has of its ciphertext is in an allowed size and has the hash that
/// it names.
fn fits_its_hashes(change: &Change) -> bool {
    match change {
        Change::Record { id, overview, secret } => {
            let whole = |part: &Option<Part>| part.clone().filter(|part| part.blob.is_some());
            let whole = (whole(overview), whole(secret));
            let is_bare = whole == (None, None) && (overview.is_some() || secret.is_some());
            let (overview, secret) = whole;
            is_bare || has_its_ciphertext(&Change::Record { id: *id, overview, secret })
        }
        Change::Keyslot { wrap: None, .. } => true,
        change => has_its_ciphertext(change),
    }
}

/// An object of a vault that has ciphertext: the parts of records are 1 and 2, wraps 3.
type Object = (u8, Id);

/// Notes what lacks its ciphertext after a change.
fn note(lacking: &mut BTreeSet<Object>, change: &Change) {
    let mut set = |object: Object, is_lacking: bool| {
        if is_lacking {
            lacking.insert(object);
        } else {
            lacking.remove(&object);
        }
    };
    match change {
        Change::Record { id, overview, secret } => {
            for (kind, part) in [(1, overview), (2, secret)] {
                if let Some(Part { blob, .. }) = part {
                    set((kind, *id), blob.is_none());
                }
            }
        }
        Change::Tombstone { id, .. } => {
            set((1, *id), false);
            set((2, *id), false);
        }
        Change::Keyslot { id, wrap, .. } => set((3, *id), wrap.is_none()),
        Change::KeyslotGone { id } => set((3, *id), false),
        Change::Device { .. }
        | Change::DeviceGone { .. }
        | Change::Share { .. }
        | Change::ShareGone { .. } => {}
    }
}
