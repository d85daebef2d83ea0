//! Stores of shares: five files in five folders behind [`ShareStore`], which stores elsewhere will stand behind too.
//!
//! The main database is the authority on which shares a vault has. A share is put first and is pending; the commit that names it
//! makes it part of the vault; the claim in its store follows. Between any two of these steps the old set or the new one is whole.

mod contract;
mod file;
mod setup;
mod sweep;

pub(crate) use contract::{Contents, Key, ShareStore, StoreError};
pub(crate) use sweep::sweep;

use std::path::Path;

use crystallum_api::{Change, Code, Id, Store, StorePlace};

use crate::error::ApiResult;
use crate::store::{Database, latest_version};

/// The form of a store's file that this version writes; a larger number is a later one.
pub(crate) fn schema() -> i64 {
    latest_version(&file::migrations())
}

/// Shares that a vault may have.
pub(crate) const MAX_SHARES_PER_VAULT: u64 = 8_192;
/// Shares of one dealing, at most.
const MAX_SHARES_PER_DEALING: u64 = 16;

/// Whether a vault with so many shares can be dealt some more. Asked before a share is put, so that no head is signed in vain.
pub(crate) fn fits_another_dealing(named: u64) -> bool {
    named + MAX_SHARES_PER_DEALING <= MAX_SHARES_PER_VAULT
}

/// All stores of this server.
pub(crate) struct Stores(Vec<StoreEntry>);

/// A share that a commit names, and where it says that it is.
pub(crate) struct ShareRef {
    store: Id,
    share: Id,
}

/// The shares that a commit names.
pub(crate) fn referenced_shares(changes: &[Change]) -> Vec<ShareRef> {
    let named = changes.iter().filter_map(|change| match change {
        Change::Share { id, store, .. } => Some(ShareRef { store: *store, share: *id }),
        _ => None,
    });
    named.collect()
}

struct StoreEntry {
    number: u8,
    id: Id,
    store: Box<dyn ShareStore>,
}

impl Stores {
    /// The stores of a data folder; what is missing is made, what is damaged stays out of use.
    pub(crate) async fn open(data: &Path, database: &Database) -> sqlx::Result<Self> {
        let files = setup::open_all(data, database).await?;
        let entries = files.into_iter().map(|file| StoreEntry {
            number: file.number(),
            id: file.id(),
            store: Box::new(file),
        });
        Ok(Self(entries.collect()))
    }

    /// The store with this id.
    pub(crate) fn find(&self, id: Id) -> Option<&dyn ShareStore> {
        self.0.iter().find(|entry| entry.id == id).map(|entry| &*entry.store)
    }

    /// Every store and whether it can be used now.
    pub(crate) async fn list(&self) -> Vec<Store> {
        let mut stores = Vec::new();
        for StoreEntry { number, id, store } in &self.0 {
            let available = store.check().await.is_ok();
            stores.push(Store { id: *id, number: *number, place: StorePlace::SameMachine, available });
        }
        stores
    }

    /// By number, how many shares of each store no commit has named; nothing of a store that cannot be used.
    pub(crate) async fn pending(&self) -> Vec<(u8, Option<u64>)> {
        let mut stores = Vec::new();
        for entry in &self.0 {
            stores.push((entry.number, entry.store.pending().await.ok()));
        }
        stores
    }

    /// Tells the stores which shares a commit has named. What does not arrive is caught up with by the sweep.
    pub(crate) async fn claim(&self, account: Id, named: Vec<ShareRef>) {
        for ShareRef { store, share } in named {
            let Some(store) = self.find(store) else { continue };
            if let Err(error) = store.claim(&[Key { account, share }]).await {
                tracing::warn!(%error, "a share is not claimed yet");
            }
        }
    }

    /// Removes all shares of an account that was deleted. What cannot be removed now is left to the sweep.
    pub(crate) async fn delete_account(&self, account: Id) {
        for entry in &self.0 {
            if let Err(error) = entry.store.delete_account(account).await {
                tracing::warn!(store = entry.number, %error, "shares of a deleted account are left");
            }
        }
    }

    /// Whether a share that a commit names is where it says. A store that cannot be asked is believed to have kept what it took.
    pub(crate) async fn check_share(&self, store: Id, key: Key, hash: &[u8]) -> ApiResult<()> {
        let store = self.find(store).ok_or(Code::BadRequest)?;
        match store.state(key).await {
            Ok(state) if state.hash.as_slice() == hash => Ok(()),
            Ok(_) => Err(Code::BadRequest.into()),
            Err(StoreError::Unavailable) => Ok(()),
            Err(error) => Err(Code::from(error).into()),
        }
    }
}
