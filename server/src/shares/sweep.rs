//! Reconciles the share stores with the main database, at the start and then every hour.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use crystallum_api::Id;
use crystallum_share_store::{Key, Listed, StoreError};
use sqlx::SqliteConnection;

use crate::app::problems::{Problem, Problems};
use crate::shares::decision::{Action, FORGOTTEN_SECONDS, Times, Word, decide};
use crate::shares::stores::{StoreEntry, Stores};
use crate::shares::trust::{self, Trust};
use crate::store::database::Database;
use crate::store::shares::{self, ShareRow};
use crate::store::{deleted_accounts, server};
use crate::vault::turns::Turns;

/// How many shares are deleted at a time. As long as that takes, their accounts do not write.
const DISCARDED_AT_ONCE: usize = 50;

/// What a sweep needs.
pub(crate) struct Sweeper<'a> {
    pub(crate) stores: &'a Stores,
    pub(crate) database: &'a Database,
    pub(crate) problems: &'a Problems,
    pub(crate) turns: &'a Turns,
    pub(crate) now: i64,
}

#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Sweeper<'_> {
    /// Claims shares that commits have named, and deletes shares that are in no vault. Nothing is
    /// deleted anywhere while a store cannot be read or is ahead of the main database: the database
    /// may have forgotten shares.
    pub(crate) async fn sweep(&self) {
        let _alone = self.stores.sweeping.lock().await;
        match trust::check(self.stores, self.database, self.problems, self.now).await {
            Ok(trust) => self.sweep_all(&trust).await,
            Err(error) => self.note_failure(&error),
        }
    }

    /// Makes the mark larger and then sweeps, so that the stores notice the loss of anything older
    /// than this sweep. Gives the space of what was deleted back to the disk.
    pub(crate) async fn record_and_sweep(&self) {
        let _alone = self.stores.sweeping.lock().await;
        match trust::check(self.stores, self.database, self.problems, self.now).await {
            Ok(trust) => {
                if trust.is_whole() {
                    self.record().await;
                }
                self.sweep_all(&trust).await;
            }
            Err(error) => self.note_failure(&error),
        }
        if let Err(error) = self.database.free_space().await {
            tracing::warn!(%error, "the space of deleted accounts was not given back");
        }
        for entry in &self.stores.entries {
            if let Err(error) = entry.store.free_space().await {
                tracing::warn!(store = entry.number, %error, "the space of deleted shares was not given back");
            }
        }
    }

    fn note_failure(&self, error: &sqlx::Error) {
        let detail = format_args!("the main database cannot be read: {error}");
        self.problems.begin(Problem::StoresNotSwept, detail);
    }

    async fn record(&self) {
        let recorded = async {
            let mut write = self.database.begin_write().await?;
            server::advance_mark(&mut write).await?;
            write.commit().await
        };
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "the sweep was not recorded in the main database");
        }
    }

    async fn sweep_all(&self, trust: &Trust) {
        self.stores.sweeps.fetch_add(1, Ordering::Relaxed);
        let times = Times { now: self.now, distrusted: trust.row.distrusted, may_delete: trust.is_whole() };
        let mut failed = Vec::new();
        for entry in &self.stores.entries {
            if trust.unread.contains(&entry.number) || trust.ahead.contains(&entry.number) {
                continue;
            }
            if let Err(error) = self.sweep_one(entry, times).await {
                tracing::warn!(store = entry.number, %error, "the store was not swept");
                failed.push(entry.number);
            }
        }
        if !trust.is_whole() {
            return self.problems.begin(Problem::StoresNotSwept, trust);
        }
        self.problems.set(Problem::StoresNotSwept, !failed.is_empty(), format_args!("stores {failed:?}"));
        if failed.is_empty()
            && let Err(error) = self.forget_deletions().await
        {
            tracing::warn!(%error, "marks of deleted accounts are left");
        }
    }

    /// Removes the marks of accounts whose shares all stores have deleted long ago.
    async fn forget_deletions(&self) -> sqlx::Result<()> {
        let before = self.now.saturating_sub(FORGOTTEN_SECONDS);
        deleted_accounts::prune(&mut *self.database.writer().await?, before).await
    }

    async fn sweep_one(&self, entry: &StoreEntry, times: Times) -> Result<(), SweepError> {
        let mut after = None;
        loop {
            let page = entry.store.list(after).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            self.sweep_page(entry, &page, times).await?;
        }
        let row = server::find(&mut *self.database.reader().await?).await?.ok_or(sqlx::Error::RowNotFound)?;
        Ok(entry.store.claim(&[], row.memory()).await?)
    }

    async fn sweep_page(&self, entry: &StoreEntry, page: &[Listed], times: Times) -> Result<(), SweepError> {
        let mut reader = self.database.reader().await?;
        let claimed = select(Action::Claim, entry, &mut reader, page, times).await?;
        let orphaned = select(Action::Orphan, entry, &mut reader, page, times).await?;
        let discarded = select(Action::Discard, entry, &mut reader, page, times).await?;
        drop(reader);
        if !claimed.is_empty() {
            let row =
                server::find(&mut *self.database.reader().await?).await?.ok_or(sqlx::Error::RowNotFound)?;
            entry.store.claim(&keys(&claimed), row.memory()).await?;
        }
        if !orphaned.is_empty() {
            entry.store.orphan(&keys(&orphaned), times.now).await?;
        }
        for shares in discarded.chunks(DISCARDED_AT_ONCE) {
            self.discard(entry, shares, times).await?;
        }
        Ok(())
    }

    /// Deletes shares while none of their accounts can name them.
    async fn discard(&self, entry: &StoreEntry, shares: &[Listed], times: Times) -> Result<(), SweepError> {
        let accounts: BTreeSet<Id> = shares.iter().map(|share| share.key.account).collect();
        let mut turns = Vec::new();
        for account in accounts {
            // Nobody but a sweep holds several turns, and there is one sweep at a time.
            turns.push(self.turns.of_server(account).await);
        }
        let mut reader = self.database.reader().await?;
        let shares = select(Action::Discard, entry, &mut reader, shares, times).await?;
        drop(reader);
        Ok(entry.store.discard(&shares).await?)
    }
}

fn keys(shares: &[Listed]) -> Vec<Key> {
    shares.iter().map(|share| share.key).collect()
}

/// Returns the shares of a page to which this action applies.
async fn select(
    action: Action,
    entry: &StoreEntry,
    conn: &mut SqliteConnection,
    page: &[Listed],
    times: Times,
) -> sqlx::Result<Vec<Listed>> {
    let mut selected = Vec::new();
    for share in page {
        let named = shares::find(conn, share.key.account, share.key.share).await?;
        let word = match in_store(named, entry) {
            Some(named) => Word::Named(named),
            None if deleted_accounts::contains(conn, share.key.account).await? => Word::AccountDeleted,
            None => Word::Unknown,
        };
        if decide(share, word, times) == action {
            selected.push(*share);
        }
    }
    Ok(selected)
}

/// Returns the main database's row of a share if it is in this store.
fn in_store(named: Option<ShareRow>, entry: &StoreEntry) -> Option<ShareRow> {
    named.filter(|named| named.store == entry.id)
}
