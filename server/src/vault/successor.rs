//! Verifies that a commit leads from the stored state of its vault to the next one, by the rules
//! that every device applies. What devices would refuse is never stored: a refused commit can be
//! made again, a stored one would be final.

use std::sync::Arc;

use crystallum_api::{Bytes, Code, Commit, Id};
use crystallum_format::change::Change;
use crystallum_format::head::SignedHead;
use crystallum_format::history::History;
use crystallum_format::ids::{SlotId, VaultId};
use crystallum_format::leaf::LeafId;
use crystallum_format::state::{HeadRefused, VaultState};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::http::error::{ApiError, ApiResult};
use crate::store::accounts::{self, Account};
use crate::store::{commits, leaves};
use crate::vault::quota::Quotas;
use crate::vault::states::{Prepared, max_branches};
use crate::vault::tree_change::to_tree;

/// The state after a commit, and the changes of the tree that lead to it.
pub(super) struct Successor {
    pub(super) state: VaultState,
    pub(super) changes: Vec<Change>,
    /// The state before the commit, if there was one. It shares what the commit does not change.
    pub(super) parent: Option<VaultState>,
}

impl Successor {
    /// Returns the roots of the complete subtrees of the history log that end with the new head,
    /// the smallest first.
    pub(super) fn history_subtrees(&self) -> Vec<u8> {
        let mut past = self.state.past().clone();
        past.push_with_subtrees(&self.state.head().body().hash()).concat()
    }
}

/// Verifies a commit against the state that was prepared, which must be the one at `counter`, that
/// of the stored account.
///
/// A head that is signed on another state than the stored one is a conflict: the device finds out
/// what is there. Everything else that is wrong is refused for good.
pub(super) async fn verify(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
    commit: &Commit,
    (quotas, prepared): (Quotas, &mut Prepared),
) -> ApiResult<Successor> {
    let head = SignedHead::from_bytes(commit.head.as_slice()).map_err(|_| Code::BadRequest)?;
    if counter == 0 {
        let changes = to_tree_changes(commit, None)?;
        let state = VaultState::genesis(VaultId::new(account.0), head, &changes).map_err(refusal)?;
        return Ok(Successor { state, changes, parent: None });
    }
    // The database is locked now, so nothing is read any more that may be large. If the account is
    // not as it was a moment ago, another process has changed it.
    let stored = stored_head(conn, account, counter).await?;
    let state = stored.and_then(|stored| prepared.take(&stored.body().hash()));
    let mut state = state.ok_or(Code::Unavailable)?;
    let parent = state.clone();
    match advance(&mut state, head, commit, quotas) {
        Ok(_) if !is_balanced(&state, &parent) => {
            prepared.put_back(parent);
            Err(Code::QuotaExceeded.into())
        }
        Ok(changes) => Ok(Successor { state, changes, parent: Some(parent) }),
        Err(error) => {
            // A state that refused a head is as it was before.
            prepared.put_back(state);
            Err(error)
        }
    }
}

/// Gets the state of an account ahead of a write, so that nobody waits for the database while a
/// large vault is read and verified. The caller has the account's turn.
pub(crate) async fn prepare(app: &App, account: Id) -> ApiResult<Prepared> {
    let mut read = app.database.begin_read().await?;
    let Some(Account { counter, .. }) = accounts::find(&mut read, account).await? else {
        return Ok(app.states.nothing(account));
    };
    let stored = stored_head(&mut read, account, counter).await?;
    drop(read);
    if let Some(prepared) = stored.and_then(|stored| app.states.lend(account, &stored.body().hash())) {
        return Ok(prepared);
    }
    // One state at a time is read, so that the memory of reading them is bounded. Whoever waits
    // for that keeps no connection.
    let alone = Arc::clone(&app.states.restoring).lock_owned().await;
    match restore(app, account).await? {
        Some(state) => Ok(app.states.admit(account, state, alone).await),
        None => {
            tracing::error!("the stored state of an account does not verify; run the doctor");
            Ok(app.states.nothing(account))
        }
    }
}

/// Checks that commits follow one another from the state that was prepared, before anything waits
/// for the database or asks a store. Those that this state has already are not looked at. Returns
/// whether there are others.
pub(crate) fn check_chain(quotas: Quotas, prepared: &Prepared, commits: &[Commit]) -> ApiResult<bool> {
    // Without a state, whoever applies them finds out why.
    let Some(state) = prepared.state() else { return Ok(false) };
    let after = follow(quotas, state, commits)?;
    Ok(after.head().body().counter > state.head().body().counter)
}

/// Returns the state after commits that follow one another. Those that the state has already are
/// not looked at.
pub(crate) fn follow(quotas: Quotas, from: &VaultState, commits: &[Commit]) -> ApiResult<VaultState> {
    let mut state = from.clone();
    let known = state.head().body().counter;
    for commit in commits.iter().filter(|commit| commit.expected_counter >= known) {
        let head = SignedHead::from_bytes(commit.head.as_slice()).map_err(|_| Code::BadRequest)?;
        advance(&mut state, head, commit, quotas)?;
    }
    Ok(state)
}

fn advance(
    state: &mut VaultState,
    head: SignedHead,
    commit: &Commit,
    quotas: Quotas,
) -> ApiResult<Vec<Change>> {
    let (parent, next) = (state.head().body(), head.body());
    let follows = next.prev == Some(parent.hash())
        && Some(next.counter) == parent.counter.checked_add(1)
        && next.epoch == parent.epoch;
    if !follows {
        return Err(ApiError::conflict(parent.counter));
    }
    let changes = to_tree_changes(commit, Some(state))?;
    if !quotas.has_room(next.op, parent.leaves, next.leaves) {
        return Err(Code::QuotaExceeded.into());
    }
    state.advance(head, &changes).map_err(refusal)?;
    Ok(changes)
}

/// Returns whether the tree has about as many branches as hashed ids give it. Whatever takes some
/// away is allowed.
fn is_balanced(state: &VaultState, parent: &VaultState) -> bool {
    let branches = state.branches();
    branches <= max_branches(state.head().body().leaves) || branches <= parent.branches()
}

fn to_tree_changes(commit: &Commit, before: Option<&VaultState>) -> ApiResult<Vec<Change>> {
    let changes = commit.changes.iter().map(|change| to_tree(change, before));
    Ok(changes.collect::<Result<_, _>>().map_err(|_| Code::BadRequest)?)
}

fn refusal(refused: HeadRefused) -> Code {
    tracing::debug!(%refused, "a head is not a successor");
    Code::BadRequest
}

/// Reads the state of an account and verifies it. Returns `None` if it does not verify.
async fn restore(app: &App, account: Id) -> ApiResult<Option<VaultState>> {
    let mut read = app.database.begin_read().await?;
    let Some(Account { counter, .. }) = accounts::find(&mut read, account).await? else { return Ok(None) };
    let head = commits::head(&mut read, account, counter).await?;
    let past = leaves::past(&mut read, account).await?;
    let stored = leaves::all(&mut read, account).await?;
    drop(read);
    let restored = tokio::task::spawn_blocking(move || {
        let (head, past) = (SignedHead::from_bytes(&head?).ok()?, History::from_bytes(&past?).ok()?);
        VaultState::restore(head, past, stored).ok()
    });
    Ok(restored.await.ok().flatten())
}

/// Returns the stored head at a counter, if it can be read.
async fn stored_head(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
) -> ApiResult<Option<SignedHead>> {
    let head = commits::head(conn, account, counter).await?;
    Ok(head.and_then(|head| SignedHead::from_bytes(&head).ok()))
}

/// Stores what a commit changed in the tree, and the wraps that came with it.
pub(super) async fn store(
    conn: &mut SqliteConnection,
    account: Id,
    successor: &Successor,
    commit: &Commit,
) -> ApiResult<()> {
    let counter = successor.state.head().body().counter;
    for change in &successor.changes {
        if let Change::Tombstone(id, _) = change {
            let record = LeafId::Record(*id);
            leaves::set(conn, account, record, None, counter).await?;
        }
        let (id, leaf) = change.leaf();
        leaves::set(conn, account, id, leaf.as_ref(), counter).await?;
    }
    for change in &commit.changes {
        if let crystallum_api::Change::Keyslot { id, wrap: Some(wrap), .. } = change {
            let slot = LeafId::Keyslot(SlotId::new(id.0));
            leaves::set_wrap(conn, account, slot, wrap.as_slice()).await?;
        }
    }
    leaves::set_past(conn, account, &Bytes(successor.state.past().to_bytes())).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
