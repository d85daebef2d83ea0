//! Wire forms that this device also stores, as JSON.

use crystallum_api as api;
use crystallum_core::Malformed;
use serde::Serialize;

use crate::vault::change::{Commit, SealedChange, SignedWrite};
use crate::wire::commit::{
    change_from_wire, change_to_wire, changes_from_wire, commit_from_wire, commit_to_wire,
};

pub(crate) fn change_to_json(change: &SealedChange) -> Vec<u8> {
    to_json(&change_to_wire(change))
}

pub(crate) fn change_from_json(json: &[u8]) -> Result<SealedChange, Malformed> {
    change_from_wire(serde_json::from_slice(json).map_err(|_| Malformed)?)
}

pub(crate) fn changes_to_json(changes: &[SealedChange]) -> Vec<u8> {
    let changes: Vec<api::Change> = changes.iter().map(change_to_wire).collect();
    to_json(&changes)
}

pub(crate) fn changes_from_json(json: &[u8]) -> Result<Vec<SealedChange>, Malformed> {
    changes_from_wire(serde_json::from_slice(json).map_err(|_| Malformed)?)
}

pub(crate) fn commit_to_json(commit: &Commit) -> Vec<u8> {
    to_json(&commit_to_wire(commit))
}

/// Reads a stored commit and the request that carries it, if there is one. Both must be the same
/// commit.
pub(crate) fn signed_write_from_json(
    commit: &[u8],
    request: Option<Vec<u8>>,
) -> Result<SignedWrite, Malformed> {
    let commit: api::Commit = serde_json::from_slice(commit).map_err(|_| Malformed)?;
    if let Some(request) = &request {
        let carried: api::ChangeSignInMethods = serde_json::from_slice(request).map_err(|_| Malformed)?;
        if carried.commit != commit {
            return Err(Malformed);
        }
    }
    Ok(SignedWrite { commit: commit_from_wire(commit)?, request })
}

pub(super) fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("wire types have string keys only")
}
