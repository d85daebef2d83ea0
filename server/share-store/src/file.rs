//! A share store in its own SQLite file.
//!
//! The file is opened for every call. Calls are rare, and a file that is missing, damaged,
//! replaced, or restored is noticed at once.

mod availability;
mod call;
pub(crate) mod lane;
pub(crate) mod open;
mod rows;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use crystallum_api::Id;

use crate::contract::{Contents, Key, Listed, Memory, ShareStore, State, StoreError};
use crate::file::availability::Access;
use crate::file::call::Calls;
use crate::file::open::memory_of;
use crate::space;

/// A share store in a file.
#[derive(Clone)]
pub struct StoreFile(Arc<Calls>);

impl StoreFile {
    /// Creates a store whose file may or may not be usable.
    pub fn new(number: u8, id: Id, file: PathBuf) -> Self {
        Self(Arc::new(Calls::new(number, id, file)))
    }

    /// Returns the store's number, which is in its log lines.
    pub fn number(&self) -> u8 {
        self.0.number
    }

    /// Returns the store's id.
    pub fn id(&self) -> Id {
        self.0.id
    }

    /// Records that the store cannot be used, until it is tried again.
    pub fn note_unusable(&self) {
        self.0.availability.note_failure(Access::Read);
    }

    /// Returns how many calls are under way. Only tests use this.
    #[doc(hidden)]
    pub fn calls(&self) -> usize {
        self.0.lane.calls()
    }
}

#[async_trait]
impl ShareStore for StoreFile {
    async fn check(&self) -> Result<(), StoreError> {
        let sql = "SELECT 1 FROM shares LIMIT 1";
        let used = self.0.run(Access::Read, move |conn| {
            Box::pin(async move {
                sqlx::query(sql).execute(&mut *conn).await?;
                space::used_bytes(conn).await
            })
        });
        self.0.note_used(used.await?);
        Ok(())
    }

    async fn recheck(&self) {
        if !self.works() {
            Calls::migrate(&self.0).await;
        }
        let tried = if self.0.availability.can_write() {
            self.check().await
        } else {
            // Writes to the file without changing it.
            let sql = "UPDATE store SET id = id";
            let tried = self.0.run(Access::Write, move |conn| {
                Box::pin(async move { sqlx::query(sql).execute(conn).await.map(drop) })
            });
            tried.await
        };
        tracing::debug!(store = self.number(), works = tried.is_ok(), "tried the store");
    }

    fn works(&self) -> bool {
        self.0.availability.works()
    }

    fn used_bytes(&self) -> u64 {
        self.0.used()
    }

    async fn free_space(&self) -> Result<(), StoreError> {
        let left = self.0.run(Access::Write, |conn| {
            Box::pin(async move {
                while space::free_some(conn).await? {}
                space::truncate_log(conn).await
            })
        });
        left.await
    }

    async fn clear_stale_log(&self) {
        if !self.works() || !self.0.take_stale() {
            return;
        }
        let cleared = self.0.run(Access::Write, |conn| Box::pin(space::clear_log(conn)));
        if !matches!(cleared.await, Ok(true)) {
            tracing::debug!(store = self.number(), "the write-ahead log will be cleared later");
            self.0.note_stale();
        }
    }

    fn hold(&self, held: bool, impatient: bool) {
        self.0.lane.set_impatient(impatient);
        self.0.lane.hold(held);
    }

    async fn pending(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM shares WHERE claimed = 0";
        let count = self.0.run(Access::Read, move |conn| Box::pin(sqlx::query_scalar(sql).fetch_one(conn)));
        count.await.map(i64::unsigned_abs)
    }

    async fn put(&self, key: Key, contents: &Contents, now: i64) -> Result<(), StoreError> {
        let contents = contents.clone();
        let put = self.0.run(Access::Write, move |conn| {
            Box::pin(async move {
                let put = rows::put(conn, key, &contents, now).await?;
                Ok((put, space::used_bytes(conn).await?))
            })
        });
        let (put, used) = put.await?;
        self.0.note_used(used);
        put
    }

    async fn state(&self, key: Key) -> Result<State, StoreError> {
        let found = self.0.run(Access::Read, move |conn| Box::pin(rows::find(conn, key)));
        Ok(found.await?.ok_or(StoreError::NotFound)?.state())
    }

    async fn read(&self, key: Key, credential: &[u8]) -> Result<Vec<u8>, StoreError> {
        let found = self.0.run(Access::Read, move |conn| Box::pin(rows::find(conn, key)));
        found.await?.ok_or(StoreError::NotFound)?.read(credential)
    }

    async fn delete(&self, key: Key, credential: &[u8]) -> Result<(), StoreError> {
        let credential = credential.to_vec();
        let deleted = self.0.run(Access::Write, move |conn| {
            Box::pin(async move { rows::delete(conn, key, &credential).await })
        });
        self.0.after_deletion(deleted).await?
    }

    async fn claim(&self, keys: &[Key], memory: Memory) -> Result<(), StoreError> {
        let keys = keys.to_vec();
        let claimed = self
            .0
            .run(Access::Write, move |conn| Box::pin(async move { rows::claim(conn, &keys, memory).await }));
        claimed.await
    }

    async fn remember(&self, memory: Memory) -> Result<(), StoreError> {
        self.0.run(Access::Write, move |conn| Box::pin(rows::remember(conn, memory))).await
    }

    async fn memory(&self) -> Result<Option<Memory>, StoreError> {
        self.0.run(Access::Read, |conn| Box::pin(memory_of(conn))).await
    }

    async fn orphan(&self, keys: &[Key], now: i64) -> Result<(), StoreError> {
        let keys = keys.to_vec();
        let marked = self
            .0
            .run(Access::Write, move |conn| Box::pin(async move { rows::orphan(conn, &keys, now).await }));
        marked.await
    }

    async fn discard(&self, shares: &[Listed]) -> Result<(), StoreError> {
        let shares = shares.to_vec();
        let discarded = self
            .0
            .run(Access::Write, move |conn| Box::pin(async move { rows::discard(conn, &shares).await }));
        self.0.after_deletion(discarded).await
    }

    async fn delete_account(&self, account: Id) -> Result<(), StoreError> {
        // Others write between two steps.
        let step = || self.0.run(Access::Write, move |conn| Box::pin(rows::delete_some(conn, account)));
        while self.0.after_deletion(step()).await? {}
        Ok(())
    }

    async fn list(&self, after: Option<Key>) -> Result<Vec<Listed>, StoreError> {
        self.0.run(Access::Read, move |conn| Box::pin(rows::list(conn, after))).await
    }
}
