use async_trait::async_trait;
use crystallum_api::{Code, Id};
use thiserror::Error;

/// How many pending shares of one account a store keeps. A further one takes the place of the
/// oldest, so that whoever has stolen a session cannot keep its owner from splitting.
pub const MAX_PENDING: u32 = 64;

/// Identifies a share by its account and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The account.
    pub account: Id,
    /// The share's id, which the client chose.
    pub share: Id,
}

/// The contents of a share that is put into a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The sealed share.
    pub share: Vec<u8>,
    /// The SHA-256 of the credential that is needed to read or delete the share.
    pub access_hash: [u8; 32],
}

/// What a store reports about a share without revealing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The SHA-256 of the stored share.
    pub hash: [u8; 32],
    /// Whether the store knows that a commit has named the share.
    pub claimed: bool,
}

/// What a store remembers of the main database to which it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The id of the server.
    pub server: Id,
    /// The run of the server, from one start to its end, in which the store was told. It is missing
    /// if a server of an earlier version told the store.
    pub run: Option<Id>,
    /// The largest mark of this run that the store has heard of. The mark of the main database
    /// grows, so a database in which the run did not come as far has lost something.
    pub mark: u64,
}

/// A share as the sweep sees it. Times are in seconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The share.
    pub key: Key,
    /// Whether the store knows that a commit has named it.
    pub claimed: bool,
    /// When the share was last put.
    pub created: i64,
    /// When the sweep found that the main database no longer knows this claimed share.
    pub orphaned_at: Option<i64>,
}

/// Why a store did not execute a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The store is missing, damaged, full, or a different store than expected.
    #[error("the store cannot be used")]
    Unavailable,
    /// The store has no such share.
    #[error("the store has no such share")]
    NotFound,
    /// The id is used by another share.
    #[error("the share's id is used")]
    Taken,
    /// The credential is wrong.
    #[error("the credential does not fit")]
    Rejected,
}

impl From<StoreError> for Code {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::StoreUnavailable,
            StoreError::NotFound => Self::NotFound,
            StoreError::Taken => Self::CommitIdReused,
            StoreError::Rejected => Self::ProofRejected,
        }
    }
}

/// A store of shares. Every call is a single request that can be repeated, so that a store can be
/// remote.
#[async_trait]
pub trait ShareStore: Send + Sync {
    /// Checks whether the store is available.
    async fn check(&self) -> Result<(), StoreError>;

    /// Tries the store, by writing if its last write failed, so that [`works`](Self::works) is up
    /// to date.
    async fn recheck(&self);

    /// Returns whether the last attempts to read and to write succeeded.
    fn works(&self) -> bool;

    /// Returns how much space the store used when it last could say, in bytes.
    fn used_bytes(&self) -> u64;

    /// Gives the space of deleted shares back to the disk.
    async fn free_space(&self) -> Result<(), StoreError>;

    /// Clears the store's write-ahead log if shares were deleted since it was last clear: deleted
    /// rows are overwritten in the file, but not in the log.
    async fn clear_stale_log(&self);

    /// Lets no call begin, as if the store's disk did not answer. If tests are `impatient`, the
    /// time limit of calls passes at once. Only tests use this.
    #[doc(hidden)]
    fn hold(&self, held: bool, impatient: bool);

    /// Counts the shares that no commit has named.
    async fn pending(&self) -> Result<u64, StoreError>;

    /// Stores a share as pending. Putting the same contents again is harmless and restarts the time
    /// after which a pending share is discarded.
    async fn put(&self, key: Key, contents: &Contents, now: i64) -> Result<(), StoreError>;

    /// Returns the state of a share.
    async fn state(&self, key: Key) -> Result<State, StoreError>;

    /// Returns a share, given its credential.
    async fn read(&self, key: Key, credential: &[u8]) -> Result<Vec<u8>, StoreError>;

    /// Deletes a share, given its credential.
    async fn delete(&self, key: Key, credential: &[u8]) -> Result<(), StoreError>;

    /// Marks shares as named by a commit, and remembers the mark after it if the store knows its
    /// run. Shares that the store does not have are ignored.
    async fn claim(&self, keys: &[Key], memory: Memory) -> Result<(), StoreError>;

    /// Replaces what the store remembers of its main database. Whoever calls this has compared the
    /// two.
    async fn remember(&self, memory: Memory) -> Result<(), StoreError>;

    /// Returns what the store remembers of its main database, if it was told.
    async fn memory(&self) -> Result<Option<Memory>, StoreError>;

    /// Marks claimed shares as orphaned: the main database no longer knows them.
    async fn orphan(&self, keys: &[Key], now: i64) -> Result<(), StoreError>;

    /// Deletes shares that are in no vault, unless they were put again or claimed since they were
    /// listed.
    async fn discard(&self, shares: &[Listed]) -> Result<(), StoreError>;

    /// Deletes all shares of an account.
    async fn delete_account(&self, account: Id) -> Result<(), StoreError>;

    /// Lists one page of shares in the order of their keys, starting after `after`. An empty page
    /// is the end.
    async fn list(&self, after: Option<Key>) -> Result<Vec<Listed>, StoreError>;
}
