use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crystallum_api::{Change, Code, Id, Store, StoreLocation};
use crystallum_format::limits::MAX_SHARES;
use crystallum_share_store::{Key, Memory, ShareStore, StoreError};
use tokio::sync::Mutex;

use crate::http::error::ApiResult;
use crate::shares::identity::Checked;
use crate::shares::recent_puts::RecentPuts;
use crate::shares::retries::Retries;
use crate::shares::setup::{self, OpenedStores};
use crate::store::database::Database;

/// The largest number of shares that a vault may have.
pub(crate) const MAX_SHARES_PER_VAULT: u64 = 8_192;

/// Returns whether a vault with this many shares has space for another dealing. This is checked
/// before a share is put, so that a client does not sign a head that would be refused.
pub(crate) fn fits_another_dealing(named: u64) -> bool {
    named + u64::from(MAX_SHARES) <= MAX_SHARES_PER_VAULT
}

/// All share stores of this server.
pub(crate) struct Stores {
    pub(super) entries: Vec<StoreEntry>,
    /// The numbers of the stores of which not even the id is known.
    pub(super) unknown: Vec<u8>,
    /// Held during a sweep.
    pub(super) sweeping: Mutex<()>,
    /// The attempts to make up for a sweep that failed.
    pub(crate) retries: Retries,
    /// How many sweeps there were.
    pub(super) sweeps: AtomicU64,
    recent_puts: RecentPuts,
}

/// A share named by a commit, and the store that holds it.
pub(crate) struct ShareRef {
    store: Id,
    share: Id,
}

/// Returns the shares that a commit adds.
pub(crate) fn referenced_shares(changes: &[Change]) -> Vec<ShareRef> {
    let named = changes.iter().filter_map(|change| match change {
        Change::Share { id, store, .. } => Some(ShareRef { store: *store, share: *id }),
        _ => None,
    });
    named.collect()
}

/// One store, with its number and its id.
pub(super) struct StoreEntry {
    pub(super) number: u8,
    pub(super) id: Id,
    pub(super) store: Box<dyn ShareStore>,
}

impl Stores {
    /// Opens the stores of a data folder and tells those that were compared with the main database
    /// of this run. Stores that the database has never had are created, missing and damaged ones
    /// are unavailable.
    pub(crate) async fn open(data: &Path, database: &Database, checked: &Checked) -> sqlx::Result<Self> {
        let OpenedStores { files, unknown } = setup::open_all(data, database).await?;
        for file in files.iter().filter(|file| checked.compared.contains(&file.number())) {
            if let Err(error) = file.remember(checked.row.memory()).await {
                tracing::warn!(store = file.number(), %error, "the store was not told of the main database");
            }
        }
        let entries = files.into_iter().map(|file| StoreEntry {
            number: file.number(),
            id: file.id(),
            store: Box::new(file),
        });
        let entries = entries.collect();
        Ok(Self {
            entries,
            unknown,
            sweeping: Mutex::default(),
            retries: Retries::default(),
            sweeps: AtomicU64::new(0),
            recent_puts: RecentPuts::default(),
        })
    }

    /// Returns the store with this id.
    pub(crate) fn find(&self, id: Id) -> Option<&dyn ShareStore> {
        self.entries.iter().find(|entry| entry.id == id).map(|entry| &*entry.store)
    }

    /// Lists every store and whether it is currently available.
    pub(crate) async fn list(&self) -> Vec<Store> {
        let mut stores = Vec::new();
        for StoreEntry { number, id, store } in &self.entries {
            let available = store.check().await.is_ok();
            stores.push(Store { id: *id, number: *number, location: StoreLocation::SameMachine, available });
        }
        stores
    }

    /// Returns the numbers of the stores that could not be used when they were last tried.
    pub(crate) fn failing(&self) -> Vec<u8> {
        let failing = self.entries.iter().filter(|entry| !entry.store.works()).map(|entry| entry.number);
        let mut failing: Vec<u8> = failing.chain(self.unknown.iter().copied()).collect();
        failing.sort_unstable();
        failing
    }

    /// Returns how many sweeps there were. Only tests use this.
    pub(crate) fn sweeps(&self) -> u64 {
        self.sweeps.load(Ordering::Relaxed)
    }

    /// Returns how much space all stores use, as far as they could say, in bytes.
    pub(crate) fn used_bytes(&self) -> u64 {
        self.entries.iter().map(|entry| entry.store.used_bytes()).sum()
    }

    /// Finds out how much space the stores use that can be used.
    pub(crate) async fn measure(&self) {
        for entry in self.entries.iter().filter(|entry| entry.store.works()) {
            if entry.store.check().await.is_err() {
                tracing::debug!(store = entry.number, "the store cannot be measured");
            }
        }
    }

    /// Lets a store hang, for tests.
    pub(crate) fn hold(&self, number: u8, held: bool, impatient: bool) {
        for entry in self.entries.iter().filter(|entry| entry.number == number) {
            entry.store.hold(held, impatient);
        }
    }

    /// Clears the write-ahead logs of the stores from which something was removed.
    pub(crate) async fn clear_stale_logs(&self) {
        for entry in &self.entries {
            entry.store.clear_stale_log().await;
        }
    }

    /// Tries every store.
    pub(crate) async fn recheck(&self) {
        for entry in &self.entries {
            entry.store.recheck().await;
        }
    }

    /// Counts the pending shares of each store by its number. An unavailable store has no count.
    pub(crate) async fn pending(&self) -> Vec<(u8, Option<u64>)> {
        let mut stores = Vec::new();
        for entry in &self.entries {
            stores.push((entry.number, entry.store.pending().await.ok()));
        }
        stores
    }

    /// Marks shares as claimed in their stores. The sweep repeats what fails here.
    pub(crate) async fn claim(&self, account: Id, named: Vec<ShareRef>, memory: Memory) {
        for ShareRef { store, share } in named {
            let Some(store) = self.find(store) else { continue };
            if let Err(error) = store.claim(&[Key { account, share }], memory).await {
                tracing::warn!(%error, "a share is not claimed yet");
            }
        }
    }

    /// Deletes all shares of a deleted account. The sweep repeats what fails here.
    pub(crate) async fn delete_account(&self, account: Id) {
        for entry in &self.entries {
            if let Err(error) = entry.store.delete_account(account).await {
                tracing::warn!(store = entry.number, %error, "shares of a deleted account are left");
            }
        }
    }

    /// Remembers that a store has accepted a share.
    pub(crate) fn note_put(&self, store: Id, key: Key, hash: [u8; 32], now: i64) {
        self.recent_puts.note(store, key, hash, now);
    }

    /// Checks that a share named by a commit is in its store. A store that has become unavailable
    /// is assumed to still hold what it accepted lately; nothing else is believed.
    pub(crate) async fn check_share(&self, id: Id, key: Key, hash: &[u8]) -> ApiResult<()> {
        let store = self.find(id).ok_or(Code::BadRequest)?;
        match store.state(key).await {
            Ok(state) if state.hash.as_slice() == hash => Ok(()),
            Ok(_) => Err(Code::BadRequest.into()),
            Err(StoreError::Unavailable) if self.recent_puts.has(id, key, hash) => Ok(()),
            Err(error) => Err(Code::from(error).into()),
        }
    }
}
