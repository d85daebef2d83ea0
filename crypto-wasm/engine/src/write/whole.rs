//! Changes that are made at once or not at all: ways in, and shares of a wallet. They need the server and are never replayed on another state.

use crystallum_api as api;
use crystallum_core::{Change, Op};
use crystallum_messages::Failure;

use super::{Reached, before, flush, sign_commit};
use crate::local::{self, Waiting};
use crate::objects::Brought;
use crate::pending::{Pending, Work};
use crate::ports::{LocalStore, Ports};
use crate::vault::OpenVault;

/// What such a change adds to an account at most: sixteen shares or four wraps, and a record.
const MOST: u64 = 32 * 1_024;

/// What is to be changed.
pub(crate) struct Whole {
    pub(crate) op: Op,
    pub(crate) changes: Vec<api::Change>,
    /// What the server is asked beside the commit; a stand-in commit is replaced by the signed one.
    pub(crate) ways: Option<Box<api::ChangeSignInMethods>>,
}

/// Makes sure that the server is there and that this device has the newest state. What follows is signed on it.
pub(crate) async fn ready<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), Failure> {
    match before(ports, vault).await? {
        Reached::Yes => Ok(()),
        Reached::No => Err(Failure::Unreachable),
    }
}

/// Signs, stores and sends. `Ok` means that the server has it and this device too.
pub(crate) async fn whole<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    whole: Whole,
) -> Result<(), Failure> {
    let grows = whole
        .changes
        .iter()
        .any(|change| matches!(change, api::Change::Keyslot { .. } | api::Change::Share { .. }));
    if grows && vault.room.is_some_and(|room| room.bytes < MOST) {
        return Err(Failure::QuotaExceeded);
    }
    let changes = read(vault, &whole.changes)?;
    let commit = sign_commit(ports, vault, whole.op, &changes, whole.changes).await?;
    let ways = whole.ways.map(|mut ways| {
        ways.commit = commit.clone();
        ways
    });
    let waiting = Waiting { commit, ways };
    ports.store().write(local::pending(&vault.state, Some(&waiting))).await?;
    vault.pending = Some(Pending { waiting, work: Work::Whole });
    let flushed = flush(ports, vault).await?;
    vault.unmade = false;
    match (flushed.failed, &vault.pending) {
        (Some(failure), _) => Err(failure),
        (None, Some(_)) => Err(Failure::Unsettled),
        (None, None) => Ok(()),
    }
}

/// What changes do to the tree.
fn read(vault: &OpenVault, changes: &[api::Change]) -> Result<Vec<Change>, Failure> {
    let mut brought = Brought::default();
    let read = changes.iter().map(|change| brought.read(change, Some(&vault.state)));
    read.collect::<Result<_, _>>().map_err(|_| Failure::Confused)
}
