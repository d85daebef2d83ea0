//! Reconciles the share stores with the main database, at the start and then every hour.

use crystallum_share_store::{Key, Listed, StoreError};
use sqlx::SqliteConnection;

use crate::shares::stores::{StoreEntry, Stores};
use crate::store::database::Database;
use crate::store::server;
use crate::store::shares::{self, ShareRow};

/// How long a share that is in no vault is kept.
const GRACE_SECONDS: i64 = 24 * 3_600;

/// What the sweep does with a share in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Keep,
    Claim,
    Orphan,
    Discard,
}

/// Claims shares that commits have named, and deletes shares that have been in no vault for a day.
/// Unavailable stores are skipped, and so are those that have heard of a later state of the main
/// database or of another one: they would lose shares on the word of a database that has lost its
/// own.
pub(crate) async fn sweep(stores: &Stores, database: &Database, now: i64) {
    for entry in &stores.entries {
        if let Err(error) = sweep_one(entry, database, now).await {
            tracing::warn!(store = entry.number, %error, "the store was not swept");
        }
    }
}

/// Makes the mark larger and then sweeps, so that the stores notice the loss of anything older than
/// this sweep.
pub(crate) async fn record_and_sweep(stores: &Stores, database: &Database, now: i64) {
    let recorded = async {
        let mut write = database.begin_write().await?;
        server::advance_mark(&mut write).await?;
        write.commit().await
    };
    if let Err(error) = recorded.await {
        tracing::warn!(%error, "the sweep was not recorded in the main database");
    }
    sweep(stores, database, now).await;
    if let Err(error) = database.free_space().await {
        tracing::warn!(%error, "the space of deleted accounts was not given back");
    }
}

async fn sweep_one(entry: &StoreEntry, database: &Database, now: i64) -> Result<(), SweepError> {
    // In this order, because a commit may advance both in the meantime, the main database first.
    let memory = entry.store.memory().await?;
    let row = server::find(&mut *database.reader().await?).await?.ok_or(SweepError::Mismatch)?;
    if memory.is_some_and(|memory| memory.server != row.id || memory.mark > row.mark) {
        return Err(SweepError::Mismatch);
    }
    let times = Times { now, distrusted: row.distrusted };
    let mut after = None;
    loop {
        let page = entry.store.list(after).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key);
        sweep_page(entry, database, &page, times).await?;
    }
    if memory != Some(row.memory()) {
        entry.store.claim(&[], row.memory()).await?;
    }
    Ok(())
}

/// The times that decide what is deleted, in seconds since the Unix epoch.
#[derive(Clone, Copy)]
struct Times {
    now: i64,
    /// Up to when the main database may have forgotten shares.
    distrusted: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the store has heard of a later state of the main database, or of another one")]
    Mismatch,
}

async fn sweep_page(
    entry: &StoreEntry,
    database: &Database,
    page: &[Listed],
    times: Times,
) -> Result<(), SweepError> {
    let mut reader = database.reader().await?;
    let claimed = keys_to(Action::Claim, entry, &mut reader, page, times).await?;
    let orphaned = keys_to(Action::Orphan, entry, &mut reader, page, times).await?;
    let discarded = keys_to(Action::Discard, entry, &mut reader, page, times).await?;
    drop(reader);
    if !claimed.is_empty() {
        let row = server::find(&mut *database.reader().await?).await?.ok_or(SweepError::Mismatch)?;
        entry.store.claim(&claimed, row.memory()).await?;
    }
    if !orphaned.is_empty() {
        entry.store.orphan(&orphaned, times.now).await?;
    }
    if !discarded.is_empty() {
        // While this transaction is open, no commit can name any of these shares.
        let mut write_lock = database.begin_write().await?;
        let discarded = keys_to(Action::Discard, entry, &mut write_lock, page, times).await?;
        entry.store.discard(&discarded).await?;
        write_lock.rollback().await?;
    }
    Ok(())
}

/// Returns the shares of a page to which this action applies.
async fn keys_to(
    action: Action,
    entry: &StoreEntry,
    conn: &mut SqliteConnection,
    page: &[Listed],
    times: Times,
) -> sqlx::Result<Vec<Key>> {
    let mut keys = Vec::new();
    for share in page {
        let named = shares::find(conn, share.key.account, share.key.share).await?;
        if decide(share, in_store(named, entry), times) == action {
            keys.push(share.key);
        }
    }
    Ok(keys)
}

/// Returns the main database's row of a share if it is in this store.
fn in_store(named: Option<ShareRow>, entry: &StoreEntry) -> Option<ShareRow> {
    named.filter(|named| named.store == entry.id)
}

fn decide(share: &Listed, named: Option<ShareRow>, Times { now, distrusted }: Times) -> Action {
    let since = match named {
        Some(ShareRow { removed_at: None, .. }) if share.claimed && share.orphaned_at.is_none() => {
            return Action::Keep;
        }
        Some(ShareRow { removed_at: None, .. }) => return Action::Claim,
        Some(ShareRow { removed_at: Some(removed_at), .. }) => removed_at,
        None if distrusted.is_some_and(|time| share.created <= time) => return Action::Keep,
        None if !share.claimed => share.created,
        // Either the account was deleted while the store was unavailable, or the main database is
        // older than the store.
        None => match share.orphaned_at {
            None => return Action::Orphan,
            Some(orphaned) => orphaned,
        },
    };
    if since.saturating_add(GRACE_SECONDS) <= now { Action::Discard } else { Action::Keep }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Id;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const TRUSTED: Times = Times { now: NOW, distrusted: None };

    fn listed(claimed: bool, created: i64, orphaned: Option<i64>) -> Listed {
        Listed {
            key: Key { account: Id([1; 16]), share: Id([2; 16]) },
            claimed,
            created,
            orphaned_at: orphaned,
        }
    }

    fn named(removed_at: Option<i64>) -> Option<ShareRow> {
        Some(ShareRow { store: Id([3; 16]), hash: [4; 32], removed_at })
    }

    #[test]
    fn shares_of_a_vault_are_kept_for_ever() {
        for created in [0, NOW] {
            assert_eq!(decide(&listed(true, created, None), named(None), TRUSTED), Action::Keep);
            assert_eq!(decide(&listed(false, created, None), named(None), TRUSTED), Action::Claim);
            assert_eq!(decide(&listed(true, created, Some(0)), named(None), TRUSTED), Action::Claim);
        }
    }

    #[test]
    fn shares_of_no_vault_are_discarded_after_a_day() {
        let day = 86_400;
        for (since, then) in
            [(NOW - day, Action::Discard), (NOW - day + 1, Action::Keep), (NOW + 5, Action::Keep)]
        {
            assert_eq!(decide(&listed(false, since, None), None, TRUSTED), then, "pending");
            assert_eq!(decide(&listed(true, 0, Some(since)), None, TRUSTED), then, "orphaned");
            assert_eq!(decide(&listed(true, 0, None), named(Some(since)), TRUSTED), then, "gone");
            assert_eq!(
                decide(&listed(false, 0, None), named(Some(since)), TRUSTED),
                then,
                "gone before its claim"
            );
        }
        assert_eq!(decide(&listed(true, 0, None), None, TRUSTED), Action::Orphan);
    }

    #[test]
    fn a_database_that_has_forgotten_shares_deletes_none_of_them() {
        let distrusted = Times { now: NOW, distrusted: Some(NOW - 86_400 * 2) };
        for share in [listed(true, 0, None), listed(true, 0, Some(0)), listed(false, 0, None)] {
            assert_eq!(decide(&share, None, distrusted), Action::Keep);
        }
        // What it knows, it decides, and so for shares that came later.
        assert_eq!(decide(&listed(true, 0, None), named(Some(0)), distrusted), Action::Discard);
        assert_eq!(decide(&listed(false, NOW - 86_400, None), None, distrusted), Action::Discard);
    }
}
