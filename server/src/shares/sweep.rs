//! Reconciles the share stores with the main database, at the start and then every hour.

use crystallum_share_store::{Key, Listed, StoreError};
use sqlx::SqliteConnection;

use crate::app::problems::{Problem, Problems};
use crate::shares::stores::{StoreEntry, Stores};
use crate::shares::trust::{self, Trust};
use crate::store::database::Database;
use crate::store::shares::{self, ShareRow};
use crate::store::{deleted_accounts, server};

/// How long a share is kept that no commit has named, or that a commit has removed.
const GRACE_SECONDS: i64 = 24 * 3_600;
/// How long a share is kept that a commit had named and that the main database no longer knows.
const FORGOTTEN_SECONDS: i64 = 90 * 24 * 3_600;

/// What the sweep does with a share in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Keep,
    Claim,
    Orphan,
    Discard,
}

/// Claims shares that commits have named, and deletes shares that are in no vault. Nothing is
/// deleted anywhere while a store cannot be read or is ahead of the main database: the database may
/// have forgotten shares.
pub(crate) async fn sweep(stores: &Stores, database: &Database, problems: &Problems, now: i64) {
    let _alone = stores.sweeping.lock().await;
    match trust::check(stores, database, problems, now).await {
        Ok(trust) => sweep_all(stores, database, problems, (now, &trust)).await,
        Err(error) => note_failure(problems, &error),
    }
}

/// Makes the mark larger and then sweeps, so that the stores notice the loss of anything older than
/// this sweep.
pub(crate) async fn record_and_sweep(stores: &Stores, database: &Database, problems: &Problems, now: i64) {
    let _alone = stores.sweeping.lock().await;
    match trust::check(stores, database, problems, now).await {
        Ok(trust) => {
            if trust.is_whole() {
                record(database).await;
            }
            sweep_all(stores, database, problems, (now, &trust)).await;
        }
        Err(error) => note_failure(problems, &error),
    }
    if let Err(error) = database.free_space().await {
        tracing::warn!(%error, "the space of deleted accounts was not given back");
    }
}

fn note_failure(problems: &Problems, error: &sqlx::Error) {
    problems.begin(Problem::StoresNotSwept, format_args!("the main database cannot be read: {error}"));
}

async fn record(database: &Database) {
    let recorded = async {
        let mut write = database.begin_write().await?;
        server::advance_mark(&mut write).await?;
        write.commit().await
    };
    if let Err(error) = recorded.await {
        tracing::warn!(%error, "the sweep was not recorded in the main database");
    }
}

async fn sweep_all(stores: &Stores, database: &Database, problems: &Problems, (now, trust): (i64, &Trust)) {
    let times = Times { now, distrusted: trust.row.distrusted, may_delete: trust.is_whole() };
    let mut failed = Vec::new();
    for entry in &stores.entries {
        if trust.unread.contains(&entry.number) || trust.ahead.contains(&entry.number) {
            continue;
        }
        if let Err(error) = sweep_one(entry, database, times).await {
            tracing::warn!(store = entry.number, %error, "the store was not swept");
            failed.push(entry.number);
        }
    }
    if !trust.is_whole() {
        return problems.begin(Problem::StoresNotSwept, trust);
    }
    problems.set(Problem::StoresNotSwept, !failed.is_empty(), format_args!("stores {failed:?}"));
    if failed.is_empty()
        && let Err(error) = forget_deletions(database, now).await
    {
        tracing::warn!(%error, "marks of deleted accounts are left");
    }
}

/// Removes the marks of accounts whose shares all stores have deleted long ago.
async fn forget_deletions(database: &Database, now: i64) -> sqlx::Result<()> {
    deleted_accounts::prune(&mut *database.writer().await?, now.saturating_sub(FORGOTTEN_SECONDS)).await
}

async fn sweep_one(entry: &StoreEntry, database: &Database, times: Times) -> Result<(), SweepError> {
    let mut after = None;
    loop {
        let page = entry.store.list(after).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key);
        sweep_page(entry, database, &page, times).await?;
    }
    let row = server::find(&mut *database.reader().await?).await?.ok_or(sqlx::Error::RowNotFound)?;
    entry.store.claim(&[], row.memory()).await?;
    Ok(())
}

/// What decides over deleting, with times in seconds since the Unix epoch.
#[derive(Clone, Copy)]
struct Times {
    now: i64,
    /// Up to when the main database may have forgotten shares.
    distrusted: Option<i64>,
    /// Whether anything may be deleted at all.
    may_delete: bool,
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
    times: Times,
) -> Result<(), SweepError> {
    let mut reader = database.reader().await?;
    let claimed = keys_to(Action::Claim, entry, &mut reader, page, times).await?;
    let orphaned = keys_to(Action::Orphan, entry, &mut reader, page, times).await?;
    let discarded = keys_to(Action::Discard, entry, &mut reader, page, times).await?;
    drop(reader);
    if !claimed.is_empty() {
        let row = server::find(&mut *database.reader().await?).await?.ok_or(sqlx::Error::RowNotFound)?;
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
        let word = match in_store(named, entry) {
            Some(named) => Word::Named(named),
            None if deleted_accounts::contains(conn, share.key.account).await? => Word::AccountDeleted,
            None => Word::Unknown,
        };
        if decide(share, word, times) == action {
            keys.push(share.key);
        }
    }
    Ok(keys)
}

/// Returns the main database's row of a share if it is in this store.
fn in_store(named: Option<ShareRow>, entry: &StoreEntry) -> Option<ShareRow> {
    named.filter(|named| named.store == entry.id)
}

/// What the main database says about a share.
#[derive(Clone, Copy)]
enum Word {
    /// A commit has named it, and another one may have removed it.
    Named(ShareRow),
    /// Its account was deleted.
    AccountDeleted,
    Unknown,
}

fn decide(share: &Listed, word: Word, times: Times) -> Action {
    let until = match word {
        Word::Named(ShareRow { removed_at: None, .. }) if share.claimed && share.orphaned_at.is_none() => {
            return Action::Keep;
        }
        Word::Named(ShareRow { removed_at: None, .. }) => return Action::Claim,
        _ if !times.may_delete => return Action::Keep,
        Word::Named(ShareRow { removed_at: Some(removed_at), .. }) => {
            removed_at.saturating_add(GRACE_SECONDS)
        }
        Word::AccountDeleted => times.now,
        Word::Unknown if times.distrusted.is_some_and(|time| share.created <= time) => return Action::Keep,
        Word::Unknown if !share.claimed => share.created.saturating_add(GRACE_SECONDS),
        // The main database has forgotten it, for whatever reason.
        Word::Unknown => match share.orphaned_at {
            None => return Action::Orphan,
            Some(orphaned) => orphaned.saturating_add(FORGOTTEN_SECONDS),
        },
    };
    if until <= times.now { Action::Discard } else { Action::Keep }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Id;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const DAY: i64 = 86_400;
    const TRUSTED: Times = Times { now: NOW, distrusted: None, may_delete: true };

    fn listed(claimed: bool, created: i64, orphaned: Option<i64>) -> Listed {
        Listed {
            key: Key { account: Id([1; 16]), share: Id([2; 16]) },
            claimed,
            created,
            orphaned_at: orphaned,
        }
    }

    fn named(removed_at: Option<i64>) -> Word {
        Word::Named(ShareRow { store: Id([3; 16]), hash: [4; 32], removed_at })
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
    fn shares_that_were_never_named_or_removed_are_discarded_after_a_day() {
        for (since, then) in
            [(NOW - DAY, Action::Discard), (NOW - DAY + 1, Action::Keep), (NOW + 5, Action::Keep)]
        {
            assert_eq!(decide(&listed(false, since, None), Word::Unknown, TRUSTED), then, "pending");
            assert_eq!(decide(&listed(true, 0, None), named(Some(since)), TRUSTED), then, "gone");
            assert_eq!(
                decide(&listed(false, 0, None), named(Some(since)), TRUSTED),
                then,
                "gone before its claim"
            );
        }
    }

    #[test]
    fn claimed_shares_that_were_forgotten_are_kept_for_ninety_days() {
        assert_eq!(decide(&listed(true, 0, None), Word::Unknown, TRUSTED), Action::Orphan);
        for (since, then) in [(NOW - 90 * DAY, Action::Discard), (NOW - 90 * DAY + 1, Action::Keep)] {
            assert_eq!(decide(&listed(true, 0, Some(since)), Word::Unknown, TRUSTED), then);
        }
    }

    #[test]
    fn shares_of_a_deleted_account_are_discarded_at_once() {
        for share in [listed(true, NOW, None), listed(true, 0, Some(NOW)), listed(false, NOW, None)] {
            assert_eq!(decide(&share, Word::AccountDeleted, TRUSTED), Action::Discard);
        }
    }

    #[test]
    fn a_database_that_has_forgotten_shares_deletes_none_of_them() {
        let distrusted = Times { distrusted: Some(NOW - DAY * 200), ..TRUSTED };
        for share in [listed(true, 0, None), listed(true, 0, Some(0)), listed(false, 0, None)] {
            assert_eq!(decide(&share, Word::Unknown, distrusted), Action::Keep);
        }
        // What it knows, it decides, and so for shares that came later.
        assert_eq!(decide(&listed(true, 0, None), named(Some(0)), distrusted), Action::Discard);
        assert_eq!(decide(&listed(false, NOW - DAY, None), Word::Unknown, distrusted), Action::Discard);
    }

    #[test]
    fn without_trust_shares_are_claimed_and_nothing_else_happens() {
        let none = Times { may_delete: false, ..TRUSTED };
        assert_eq!(decide(&listed(false, 0, None), named(None), none), Action::Claim);
        for share in [listed(true, 0, None), listed(true, 0, Some(0)), listed(false, 0, None)] {
            for word in [Word::Unknown, Word::AccountDeleted, named(Some(0))] {
                assert_eq!(decide(&share, word, none), Action::Keep);
            }
        }
    }
}
