//! Reconciles the share stores with the main database, at the start and then every hour.

use crystallum_share_store::{Key, Listed, StoreError};
use sqlx::SqliteConnection;

use crate::shares::stores::{StoreEntry, Stores};
use crate::store::database::Database;
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
/// Unavailable stores are skipped.
pub(crate) async fn sweep(stores: &Stores, database: &Database, now: i64) {
    for entry in &stores.0 {
        if let Err(error) = sweep_one(entry, database, now).await {
            tracing::warn!(store = entry.number, %error, "the store was not swept");
        }
    }
}

async fn sweep_one(entry: &StoreEntry, database: &Database, now: i64) -> Result<(), SweepError> {
    let mut after = None;
    loop {
        let page = entry.store.list(after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.key);
        sweep_page(entry, database, &page, now).await?;
    }
}

#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

async fn sweep_page(
    entry: &StoreEntry,
    database: &Database,
    page: &[Listed],
    now: i64,
) -> Result<(), SweepError> {
    let mut reader = database.reader().await?;
    let claimed = keys_to(Action::Claim, entry, &mut reader, page, now).await?;
    let orphaned = keys_to(Action::Orphan, entry, &mut reader, page, now).await?;
    let discarded = keys_to(Action::Discard, entry, &mut reader, page, now).await?;
    drop(reader);
    if !claimed.is_empty() {
        entry.store.claim(&claimed).await?;
    }
    if !orphaned.is_empty() {
        entry.store.orphan(&orphaned, now).await?;
    }
    if !discarded.is_empty() {
        // While this transaction is open, no commit can name any of these shares.
        let mut write_lock = database.begin_write().await?;
        let discarded = keys_to(Action::Discard, entry, &mut write_lock, page, now).await?;
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
    now: i64,
) -> sqlx::Result<Vec<Key>> {
    let mut keys = Vec::new();
    for share in page {
        let named = shares::find(conn, share.key.account, share.key.share).await?;
        if decide(share, in_store(named, entry), now) == action {
            keys.push(share.key);
        }
    }
    Ok(keys)
}

/// Returns the main database's row of a share if it is in this store.
fn in_store(named: Option<ShareRow>, entry: &StoreEntry) -> Option<ShareRow> {
    named.filter(|named| named.store == entry.id)
}

fn decide(share: &Listed, named: Option<ShareRow>, now: i64) -> Action {
    let since = match named {
        Some(ShareRow { removed_at: None, .. }) if share.claimed && share.orphaned_at.is_none() => {
            return Action::Keep;
        }
        Some(ShareRow { removed_at: None, .. }) => return Action::Claim,
        Some(ShareRow { removed_at: Some(removed_at), .. }) => removed_at,
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
            assert_eq!(decide(&listed(true, created, None), named(None), NOW), Action::Keep);
            assert_eq!(decide(&listed(false, created, None), named(None), NOW), Action::Claim);
            assert_eq!(decide(&listed(true, created, Some(0)), named(None), NOW), Action::Claim);
        }
    }

    #[test]
    fn shares_of_no_vault_are_discarded_after_a_day() {
        let day = 86_400;
        for (since, then) in
            [(NOW - day, Action::Discard), (NOW - day + 1, Action::Keep), (NOW + 5, Action::Keep)]
        {
            assert_eq!(decide(&listed(false, since, None), None, NOW), then, "pending");
            assert_eq!(decide(&listed(true, 0, Some(since)), None, NOW), then, "orphaned");
            assert_eq!(decide(&listed(true, 0, None), named(Some(since)), NOW), then, "gone");
            assert_eq!(
                decide(&listed(false, 0, None), named(Some(since)), NOW),
                then,
                "gone before its claim"
            );
        }
        assert_eq!(decide(&listed(true, 0, None), None, NOW), Action::Orphan);
    }
}
