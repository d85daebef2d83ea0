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
use crate::store::{Store as Database, newest};

/// The form of a store's file that this version writes; a larger number is a later one.
pub(crate) fn schema() -> i64 {
    newest(&file::migrations())
}

/// Shares that a vault may have.
pub(crate) const MOST_NAMED: u64 = 8_192;
/// Shares of one dealing, at most.
const MOST_DEALT: u64 = 16;

/// Whether a vault with so many shares can be dealt some more. Asked before a share is put, so that no head is signed in vain.
pub(crate) fn has_room(named: u64) -> bool {
    named + MOST_DEALT <= MOST_NAMED
}

/// All stores of this server.
pub(crate) struct Stores(Vec<Place>);

/// A share that a commit names, and where it says that it is.
pub(crate) struct Named {
    store: Id,
    share: Id,
}

/// The shares that a commit names.
pub(crate) fn named(changes: &[Change]) -> Vec<Named> {
    let named = changes.iter().filter_map(|change| match change {
        Change::Share { id, store, .. } => Some(Named { store: *store, share: *id }),
        _ => None,
    });
    named.collect()
}

struct Place {
    number: u8,
    id: Id,
    store: Box<dyn ShareStore>,
}

impl Stores {
    /// The stores of a data folder; what is missing is made, what is damaged stays out of use.
    pub(crate) async fn open(data: &Path, database: &Database) -> sqlx::Result<Self> {
        let files = setup::all(data, database).await?;
        let places = files.into_iter().map(|file| Place {
            number: file.number(),
            id: file.id(),
            store: Box::new(file),
        });
        Ok(Self(places.collect()))
    }

    /// The store with this id.
    pub(crate) fn find(&self, id: Id) -> Option<&dyn ShareStore> {
        self.0.iter().find(|place| place.id == id).map(|place| &*place.store)
    }

    /// Every store and whether it can be used now.
    pub(crate) async fn list(&self) -> Vec<Store> {
        let mut stores = Vec::new();
        for Place { number, id, store } in &self.0 {
            let available = store.check().await.is_ok();
            stores.push(Store { id: *id, number: *number, place: StorePlace::SameMachine, available });
        }
        stores
    }

    /// By number, how many shares of each store no commit has named; nothing of a store that cannot be used.
    pub(crate) async fn pending(&self) -> Vec<(u8, Option<u64>)> {
        let mut stores = Vec::new();
        for place in &self.0 {
            stores.push((place.number, place.store.pending().await.ok()));
        }
        stores
    }

    /// Tells the stores which shares a commit has named. What does not arrive is caught up with by the sweep.
    pub(crate) async fn claim(&self, account: Id, named: Vec<Named>) {
        for Named { store, share } in named {
            let Some(store) = self.find(store) else { continue };
            if let Err(error) = store.claim(&[Key { account, share }]).await {
                tracing::warn!(%error, "a share is not claimed yet");
            }
        }
    }

    /// Removes all shares of an account that was deleted. What cannot be removed now is left to the sweep.
    pub(crate) async fn forget(&self, account: Id) {
        for place in &self.0 {
            if let Err(error) = place.store.forget(account).await {
                tracing::warn!(store = place.number, %error, "shares of a deleted account are left");
            }
        }
    }

    /// Whether a share that a commit names is where it says. A store that cannot be asked is believed to have kept what it took.
    pub(crate) async fn holds(&self, store: Id, key: Key, hash: &[u8]) -> ApiResult<()> {
        let store = self.find(store).ok_or(Code::BadRequest)?;
        match store.state(key).await {
            Ok(state) if state.hash.as_slice() == hash => Ok(()),
            Ok(_) => Err(Code::BadRequest.into()),
            Err(StoreError::Unavailable) => Ok(()),
            Err(error) => Err(Code::from(error).into()),
        }
    }
}
