//! Verifies that a commit leads from the stored state of its vault to the next one, by the rules
//! that every device applies. What devices would refuse is never stored: a refused commit can be
//! made again, a stored one would be final.

use crystallum_api::{Bytes, Code, Commit, Id};
use crystallum_format::change::Change;
use crystallum_format::head::SignedHead;
use crystallum_format::history::History;
use crystallum_format::ids::VaultId;
use crystallum_format::state::{HeadRefused, VaultState};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::http::error::{ApiError, ApiResult};
use crate::store::{accounts, commits, leaves};
use crate::vault::states::MAX_LEAVES;
use crate::vault::tree_change::to_tree;

/// The state after a commit, and the changes of the tree that lead to it.
pub(super) struct Successor {
    pub(super) state: VaultState,
    pub(super) changes: Vec<Change>,
}

impl Successor {
    /// Returns the roots of the complete subtrees of the history log that end with the new head,
    /// the smallest first.
    pub(super) fn history_subtrees(&self) -> Vec<u8> {
        let mut past = self.state.past().clone();
        past.push_with_subtrees(&self.state.head().body().hash()).concat()
    }
}

/// Verifies a commit against the state at `counter`, which is that of the stored account.
///
/// A head that is signed on another state than the stored one is a conflict: the device finds out
/// what is there. Everything else that is wrong is refused for good.
pub(super) async fn verify(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
    commit: &Commit,
) -> ApiResult<Successor> {
    let head = SignedHead::from_bytes(commit.head.as_slice()).map_err(|_| Code::BadRequest)?;
    if counter == 0 {
        let changes = to_tree_changes(commit, None)?;
        let state = VaultState::genesis(VaultId::new(account.0), head, &changes).map_err(refusal)?;
        return Ok(Successor { state, changes });
    }
    let mut state = match app.states.take(account, counter) {
        Some(state) => state,
        None => load(app, conn, account, counter).await?,
    };
    let result = advance(&mut state, head, commit);
    match result {
        Ok(changes) => Ok(Successor { state, changes }),
        Err(error) => {
            // A state that refused a head is as it was before.
            app.states.keep(account, state);
            Err(error)
        }
    }
}

/// Reads the state of an account ahead of a write, unless it is kept, so that nobody waits for the
/// database while a large vault is read and verified. The caller has the account's turn.
pub(crate) async fn prepare(app: &App, account: Id) -> ApiResult<()> {
    let mut read = app.database.begin_read().await?;
    let Some(stored) = accounts::find(&mut read, account).await? else { return Ok(()) };
    if stored.counter > 0
        && !app.states.has(account, stored.counter)
        && let Some(state) = restore(app, &mut read, account, stored.counter).await?
    {
        app.states.keep(account, state);
    }
    Ok(())
}

fn advance(state: &mut VaultState, head: SignedHead, commit: &Commit) -> ApiResult<Vec<Change>> {
    let (parent, next) = (state.head().body(), head.body());
    let follows = next.prev == Some(parent.hash())
        && Some(next.counter) == parent.counter.checked_add(1)
        && next.epoch == parent.epoch;
    if !follows {
        return Err(ApiError::conflict(parent.counter));
    }
    let changes = to_tree_changes(commit, Some(state))?;
    // Tombstones stay for ever. Without a bound, a vault of many deleted records would cost
    // everybody the time and memory that its state takes.
    if next.leaves > MAX_LEAVES && next.leaves > parent.leaves {
        return Err(Code::QuotaExceeded.into());
    }
    state.advance(head, &changes).map_err(refusal)?;
    Ok(changes)
}

fn to_tree_changes(commit: &Commit, before: Option<&VaultState>) -> ApiResult<Vec<Change>> {
    let changes = commit.changes.iter().map(|change| to_tree(change, before));
    Ok(changes.collect::<Result<_, _>>().map_err(|_| Code::BadRequest)?)
}

fn refusal(refused: HeadRefused) -> Code {
    tracing::debug!(%refused, "a head is not a successor");
    Code::BadRequest
}

/// Reads the state of an account, which must be one.
async fn load(app: &App, conn: &mut SqliteConnection, account: Id, counter: u64) -> ApiResult<VaultState> {
    match restore(app, conn, account, counter).await? {
        Some(state) => Ok(state),
        None => {
            tracing::error!("the stored state of an account does not verify; run the doctor");
            Err(Code::Unavailable.into())
        }
    }
}

/// Reads the state of an account and verifies it. Returns `None` if it does not verify. One state
/// at a time is read, so that the memory of reading them is bounded.
async fn restore(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
) -> ApiResult<Option<VaultState>> {
    let _alone = app.states.restoring.lock().await;
    let head = commits::head(conn, account, counter).await?;
    let past = leaves::past(conn, account).await?;
    let stored = leaves::all(conn, account).await?;
    let restored = tokio::task::spawn_blocking(move || {
        let (head, past) = (SignedHead::from_bytes(&head?).ok()?, History::from_bytes(&past?).ok()?);
        VaultState::restore(head, past, stored).ok()
    });
    Ok(restored.await.ok().flatten())
}

/// Stores what a commit changed in the tree.
pub(super) async fn store(conn: &mut SqliteConnection, account: Id, successor: &Successor) -> ApiResult<()> {
    let counter = successor.state.head().body().counter;
    for change in &successor.changes {
        if let Change::Tombstone(id, _) = change {
            let record = crystallum_format::leaf::LeafId::Record(*id);
            leaves::set(conn, account, record, None, counter).await?;
        }
        let (id, leaf) = change.leaf();
        leaves::set(conn, account, id, leaf.as_ref(), counter).await?;
    }
    leaves::set_past(conn, account, &Bytes(successor.state.past().to_bytes())).await?;
    Ok(())
}
