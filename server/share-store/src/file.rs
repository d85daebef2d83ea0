//! A share store in its own SQLite file.
//!
//! The file is opened for every call. Calls are rare, and a file that is missing, damaged,
//! replaced, or restored is noticed at once.

mod availability;
pub(crate) mod open;
mod rows;

use std::path::PathBuf;

use async_trait::async_trait;
use crystallum_api::Id;
use sqlx::{Connection, SqliteConnection};

use crate::contract::{Contents, Key, Listed, Memory, ShareStore, State, StoreError};
use crate::disk_fault::DiskFault;
use crate::file::availability::{Access, Availability};
use crate::file::open::{id_of, memory_of, migrate, open_existing};

/// A share store in a file.
pub struct StoreFile {
    number: u8,
    id: Id,
    file: PathBuf,
    availability: Availability,
}

impl StoreFile {
    /// Creates a store whose file may or may not be usable.
    pub fn new(number: u8, id: Id, file: PathBuf) -> Self {
        Self { number, id, file, availability: Availability::default() }
    }

    /// Returns the store's number, which is in its log lines.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// Returns the store's id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// Records that the store cannot be used, until it is tried again.
    pub fn note_unusable(&self) {
        self.availability.note_failure(Access::Read);
    }

    /// Opens the file and checks that it belongs to this store.
    async fn open(&self, access: Access) -> Result<SqliteConnection, StoreError> {
        let mut conn = open_existing(&self.file).await.map_err(|error| self.unavailable(access, &error))?;
        match id_of(&mut conn).await {
            Ok(id) if id == self.id => Ok(conn),
            Ok(_) => {
                if self.availability.note_failure(Access::Read) {
                    tracing::warn!(store = self.number, "the file is another store's");
                }
                Err(StoreError::Unavailable)
            }
            Err(error) => Err(self.unavailable(access, &error)),
        }
    }

    /// Records a failure. Only the first one is logged, until the store works again.
    fn unavailable(&self, access: Access, error: &sqlx::Error) -> StoreError {
        let disk = matches!(DiskFault::of(error), Some(DiskFault::Full | DiskFault::ReadOnly));
        // A disk that is full or read-only can still be read.
        if self.availability.note_failure(if disk { access } else { Access::Read }) {
            tracing::warn!(store = self.number, %error, "the store cannot be used");
        }
        StoreError::Unavailable
    }

    /// Migrates the file, which may have been away when the server started.
    async fn migrate(&self) {
        let Ok(conn) = self.open(Access::Read).await else { return };
        drop(conn.close().await);
        if let Err(error) = migrate(&self.file).await {
            tracing::debug!(store = self.number, %error, "the store cannot be migrated");
        }
    }

    /// Writes to the file without changing it.
    async fn write_nothing(&self) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = sqlx::query("UPDATE store SET id = id").execute(&mut conn).await;
        self.finish(conn, Access::Write, outcome).await.map(drop)
    }

    /// Closes the file after a call. The effect of the call is already on disk.
    async fn finish<T>(
        &self,
        conn: SqliteConnection,
        access: Access,
        outcome: sqlx::Result<T>,
    ) -> Result<T, StoreError> {
        let closed = conn.close().await;
        let outcome = outcome.map_err(|error| self.unavailable(access, &error))?;
        closed.map_err(|error| self.unavailable(access, &error))?;
        if self.availability.note_success(access) {
            tracing::info!(store = self.number, "the store can be used again");
        }
        Ok(outcome)
    }
}

#[async_trait]
impl ShareStore for StoreFile {
    async fn check(&self) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Read).await?;
        let outcome = sqlx::query("SELECT 1 FROM shares LIMIT 1").execute(&mut conn).await;
        self.finish(conn, Access::Read, outcome).await.map(drop)
    }

    async fn recheck(&self) {
        if !self.availability.works() {
            self.migrate().await;
        }
        let tried =
            if self.availability.can_write() { self.check().await } else { self.write_nothing().await };
        tracing::debug!(store = self.number, works = tried.is_ok(), "tried the store");
    }

    fn works(&self) -> bool {
        self.availability.works()
    }

    async fn pending(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM shares WHERE claimed = 0";
        let mut conn = self.open(Access::Read).await?;
        let outcome = sqlx::query_scalar(sql).fetch_one(&mut conn).await;
        self.finish(conn, Access::Read, outcome).await.map(i64::unsigned_abs)
    }

    async fn put(&self, key: Key, contents: &Contents, now: i64) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::put(&mut conn, key, contents, now).await;
        self.finish(conn, Access::Write, outcome).await?
    }

    async fn state(&self, key: Key) -> Result<State, StoreError> {
        let mut conn = self.open(Access::Read).await?;
        let outcome = rows::find(&mut conn, key).await;
        let found = self.finish(conn, Access::Read, outcome).await?.ok_or(StoreError::NotFound)?;
        Ok(found.state())
    }

    async fn read(&self, key: Key, credential: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut conn = self.open(Access::Read).await?;
        let outcome = rows::find(&mut conn, key).await;
        let found = self.finish(conn, Access::Read, outcome).await?.ok_or(StoreError::NotFound)?;
        found.read(credential)
    }

    async fn delete(&self, key: Key, credential: &[u8]) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::delete(&mut conn, key, credential).await;
        self.finish(conn, Access::Write, outcome).await?
    }

    async fn claim(&self, keys: &[Key], memory: Memory) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::claim(&mut conn, keys, memory).await;
        self.finish(conn, Access::Write, outcome).await
    }

    async fn remember(&self, memory: Memory) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::remember(&mut conn, memory).await;
        self.finish(conn, Access::Write, outcome).await
    }

    async fn memory(&self) -> Result<Option<Memory>, StoreError> {
        let mut conn = self.open(Access::Read).await?;
        let outcome = memory_of(&mut conn).await;
        self.finish(conn, Access::Read, outcome).await
    }

    async fn orphan(&self, keys: &[Key], now: i64) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::orphan(&mut conn, keys, now).await;
        self.finish(conn, Access::Write, outcome).await
    }

    async fn discard(&self, keys: &[Key]) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::discard(&mut conn, keys).await;
        self.finish(conn, Access::Write, outcome).await
    }

    async fn delete_account(&self, account: Id) -> Result<(), StoreError> {
        let mut conn = self.open(Access::Write).await?;
        let outcome = rows::delete_account(&mut conn, account).await;
        self.finish(conn, Access::Write, outcome).await
    }

    async fn list(&self, after: Option<Key>) -> Result<Vec<Listed>, StoreError> {
        let mut conn = self.open(Access::Read).await?;
        let outcome = rows::list(&mut conn, after).await;
        self.finish(conn, Access::Read, outcome).await
    }
}
