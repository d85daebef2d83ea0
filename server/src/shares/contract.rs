use async_trait::async_trait;
use crystallum_api::{Code, Id};
use thiserror::Error;

/// Pending shares that one account may have in one store.
pub(crate) const MAX_PENDING: u32 = 64;

/// Names a share: its account and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) account: Id,
    pub(crate) share: Id,
}

/// What is put into a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    /// The sealed share.
    pub(crate) share: Vec<u8>,
    /// SHA-256 of the credential that reads and deletes it.
    pub(crate) access_hash: [u8; 32],
}

/// What a store says of a share without handing it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// SHA-256 of what it holds now.
    pub(crate) hash: [u8; 32],
    /// Whether it was told that a commit has named it.
    pub(crate) claimed: bool,
}

/// A share as the sweep sees it. Times are seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) key: Key,
    pub(crate) claimed: bool,
    /// When it was put, or put again.
    pub(crate) created: i64,
    /// Since when nobody knows a share that was claimed.
    pub(crate) orphaned_at: Option<i64>,
}

/// Why a store did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum StoreError {
    /// It is missing, damaged, full or not the store it should be.
    #[error("the store cannot be used")]
    Unavailable,
    /// It has no such share.
    #[error("the store has no such share")]
    NotFound,
    /// Another share has this id.
    #[error("the share's id is used")]
    Taken,
    /// The account has too many shares that no commit has named.
    #[error("too many pending shares")]
    Full,
    /// The credential does not fit.
    #[error("the credential does not fit")]
    Rejected,
}

impl From<StoreError> for Code {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::StoreUnavailable,
            StoreError::NotFound => Self::NotFound,
            StoreError::Taken => Self::CommitIdReused,
            StoreError::Full => Self::QuotaExceeded,
            StoreError::Rejected => Self::ProofRejected,
        }
    }
}

/// A place that keeps shares. Every call is one request and can be repeated, so that a store may be behind HTTP.
#[async_trait]
pub(crate) trait ShareStore: Send + Sync {
    /// Whether it can be used now.
    async fn check(&self) -> Result<(), StoreError>;

    /// How many shares it has that no commit has named.
    async fn pending(&self) -> Result<u64, StoreError>;

    /// Keeps a share as pending. The same contents again are harmless and make a pending share young again.
    async fn put(&self, key: Key, contents: &Contents, now: i64) -> Result<(), StoreError>;

    /// What it holds under a key.
    async fn state(&self, key: Key) -> Result<State, StoreError>;

    /// Hands a share to whoever knows the credential.
    async fn read(&self, key: Key, credential: &[u8]) -> Result<Vec<u8>, StoreError>;

    /// Deletes a share for whoever knows the credential.
    async fn delete(&self, key: Key, credential: &[u8]) -> Result<(), StoreError>;

    /// Notes that commits have named these shares, as far as it has them.
    async fn claim(&self, keys: &[Key]) -> Result<(), StoreError>;

    /// Notes that from now on nobody knows these shares, which were claimed.
    async fn orphan(&self, keys: &[Key], now: i64) -> Result<(), StoreError>;

    /// Deletes shares that no vault has.
    async fn discard(&self, keys: &[Key]) -> Result<(), StoreError>;

    /// Deletes all shares of an account.
    async fn delete_account(&self, account: Id) -> Result<(), StoreError>;

    /// The shares after a key in the order of their keys, some at a time; none when there are no more.
    async fn list(&self, after: Option<Key>) -> Result<Vec<Listed>, StoreError>;
}
