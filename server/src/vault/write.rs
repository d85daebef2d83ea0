use crystallum_api::{Change, Code, Commit, Committed, Id};
use crystallum_format::head::Op;
use crystallum_format::state::VaultState;
use crystallum_share_store::Key;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::http::error::{ApiError, ApiResult};
use crate::store::accounts::{self, Account};
use crate::store::commits::{self, StoredCommit};
use crate::store::{server, versions};
use crate::vault::change::Source;
use crate::vault::disk_quota::Need;
use crate::vault::quota::{length, total};
use crate::vault::states::Prepared;
use crate::vault::successor::Successor;
use crate::vault::{change, successor};

/// The most bytes that a join or a change of the sign-in methods needs, with records and history.
const MAX_ACCESS_GROWTH: u64 = 16 * 1_024;

/// Returns the SHA-256 of a request as this server serialises it, so that formatting does not
/// matter.
pub(crate) fn fingerprint(request: &impl Serialize) -> ApiResult<[u8; 32]> {
    let text = serde_json::to_vec(request).map_err(|_| Code::BadRequest)?;
    Ok(Sha256::digest(text).into())
}

/// Returns the result of this commit if it was applied before, or `None` if it can be applied now.
pub(crate) async fn find_earlier_result(
    conn: &mut SqliteConnection,
    account: Id,
    commit: &Commit,
) -> ApiResult<Option<Committed>> {
    let state = accounts::find(conn, account).await?.ok_or(Code::SessionExpired)?;
    if let Some(earlier) = commits::find(conn, account, commit.commit_id).await? {
        let same = earlier.request == fingerprint(commit)?;
        return if same {
            Ok(Some(Committed { counter: earlier.counter }))
        } else {
            Err(Code::CommitIdReused.into())
        };
    }
    if state.counter == commit.expected_counter { Ok(None) } else { Err(ApiError::conflict(state.counter)) }
}

/// A commit that was applied, in a transaction that is not on disk yet.
pub(crate) struct Applied {
    account: Id,
    committed: Committed,
    /// The place of the account's state.
    prepared: Prepared,
    /// The state after the commit, unless that was applied before.
    state: Option<VaultState>,
    /// Whether something was removed that must be nowhere any more.
    removes_secrets: bool,
}

impl Applied {
    /// Returns what was applied before anything was.
    pub(super) fn nothing(account: Id, counter: u64, prepared: Prepared) -> Self {
        let committed = Committed { counter };
        Self { account, committed, prepared, state: None, removes_secrets: false }
    }

    /// Returns the state on which the next commit of the same transaction is made, and whether
    /// something was removed that must be nowhere any more.
    pub(super) fn go_on(mut self) -> (Prepared, bool) {
        if let Some(state) = self.state {
            self.prepared.put_back(state);
        }
        (self.prepared, self.removes_secrets)
    }

    /// Notes that an earlier commit of the same transaction removed something that must be nowhere
    /// any more.
    pub(super) fn also_removing(self, secrets: bool) -> Self {
        Self { removes_secrets: self.removes_secrets || secrets, ..self }
    }

    /// Keeps the new state for the next write, after the transaction is on disk, and has what it
    /// removed cleared out of the write-ahead log.
    pub(crate) fn finish(self, app: &App) -> Committed {
        if let Some(state) = self.state {
            self.prepared.finish(state);
            app.hints.announce(self.account);
        }
        if self.removes_secrets {
            app.database.note_removal();
        }
        self.committed
    }
}

/// Checks that the shares which a commit names are in their stores. This comes before the database
/// is locked, because a store may take long to answer. Whoever calls this has the account's turn,
/// so that the shares stay there until the commit is applied.
pub(crate) async fn check_shares(app: &App, account: Id, commit: &Commit) -> ApiResult<()> {
    if !commit.changes.iter().any(|change| matches!(change, Change::Share { .. })) {
        return Ok(());
    }
    let earlier = find_earlier_result(&mut *app.database.reader().await?, account, commit).await?;
    if earlier.is_some() {
        return Ok(());
    }
    for change in &commit.changes {
        if let Change::Share { id, store, hash, .. } = change {
            app.stores.check_share(*store, Key { account, share: *id }, hash.as_slice()).await?;
        }
    }
    Ok(())
}

/// Applies a well-formed commit within a transaction. The account's state was prepared, and the
/// shares that the commit names were checked. After an error the transaction must be rolled back;
/// the state is as it was, so that the next commit need not read the vault again.
pub(crate) async fn apply_commit(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    commit: Commit,
    prepared: Prepared,
) -> ApiResult<Applied> {
    apply_from(app, conn, account, (Source::Device, commit), prepared).await
}

/// Does the same with a commit that may come without a part of its ciphertext.
pub(super) async fn apply_from(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    (source, commit): (Source, Commit),
    mut prepared: Prepared,
) -> ApiResult<Applied> {
    if let Some(committed) = find_earlier_result(conn, account, &commit).await? {
        return Ok(Applied { account, committed, prepared, state: None, removes_secrets: false });
    }
    let before = accounts::find(conn, account).await?.ok_or(Code::SessionExpired)?;
    let successor =
        successor::verify(conn, account, before.counter, &commit, (app.quotas, &mut prepared)).await?;
    match store_commit(app, conn, account, before, (source, commit), &successor).await {
        Ok((committed, removes_secrets)) => {
            Ok(Applied { account, committed, prepared, state: Some(successor.state), removes_secrets })
        }
        Err(refused) => {
            if let Some(parent) = successor.parent {
                prepared.put_back(parent);
            }
            Err(refused)
        }
    }
}

/// Stores a commit that follows, if the quotas allow it. Returns whether it removes secrets, too.
async fn store_commit(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    before: Account,
    (source, mut commit): (Source, Commit),
    successor: &Successor,
) -> ApiResult<(Committed, bool)> {
    let request = fingerprint(&commit)?;
    let mut after = Account { counter: before.counter + 1, ..before };
    // A phrase sealed before this dealing must not remain after the shares that open it are
    // deleted.
    let is_dealing = commit.changes.iter().any(|change| matches!(change, Change::Share { .. }));
    for change in &mut commit.changes {
        change::apply_change(app, conn, account, &mut after, change, (source, is_dealing)).await?;
    }
    successor::store(conn, account, successor, &commit).await?;
    let changes = serde_json::to_string(&commit.changes).map_err(|_| Code::BadRequest)?;
    let subtrees = successor.history_subtrees();
    let stored = StoredCommit { counter: after.counter, head: commit.head.0, changes, subtrees };
    after.history += length(stored.head.len()) + length(stored.changes.len());
    let need = need_of(successor.state.head().body().op, &commit.changes, &before, &after);
    if !app.quotas.allows(&before, &after, need) {
        return Err(Code::QuotaExceeded.into());
    }
    if let Some(need) = need {
        app.disk_quota.check(need)?;
    }
    evict_earlier_secrets(app, conn, account, &mut after).await?;
    if commit.changes.iter().any(|change| matches!(change, Change::Share { .. } | Change::ShareGone { .. })) {
        server::advance_mark(conn).await?;
    }
    commits::insert(conn, account, commit.commit_id, &request, &stored).await?;
    if !accounts::advance(conn, account, after).await? {
        return Err(Code::Unavailable.into());
    }
    app.disk_quota.measure(conn, app.stores.used_bytes()).await?;
    let committed = Committed { counter: after.counter };
    let removes_secrets = commit.changes.iter().any(removes_secret);
    Ok((committed, removes_secrets))
}

/// Returns whether a change removes what would still open something: the wrap of a keyslot, or a
/// phrase whose shares are removed.
fn removes_secret(change: &Change) -> bool {
    matches!(change, Change::KeyslotGone { .. } | Change::ShareGone { .. })
}

/// Returns what a commit needs space for, or `None` if it takes something away: that is never
/// refused, although it adds to the history. What makes a vault safer needs little: a device that
/// joins, or sign-in methods with the records that name them.
fn need_of(op: Op, changes: &[Change], before: &Account, after: &Account) -> Option<Need> {
    let has = |kind: fn(&Change) -> bool| changes.iter().any(kind);
    let takes_away = !has(|change| {
        !matches!(
            change,
            Change::Tombstone { .. }
                | Change::DeviceGone { .. }
                | Change::KeyslotGone { .. }
                | Change::ShareGone { .. }
        )
    });
    let growth = total(after).saturating_sub(total(before));
    if takes_away || growth == 0 {
        None
    } else if matches!(op, Op::Join | Op::SignInMethods) && growth <= MAX_ACCESS_GROWTH {
        Some(Need::Access)
    } else {
        Some(Need::Ordinary)
    }
}

/// Deletes the oldest earlier secrets until blobs and earlier secrets fit into the quota.
async fn evict_earlier_secrets(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
) -> ApiResult<()> {
    while state.kept > 0 && state.bytes + state.kept > app.quotas.bytes {
        let removed = versions::delete_oldest(conn, account).await?.unwrap_or(state.kept);
        state.kept = state.kept.saturating_sub(removed);
    }
    Ok(())
}
