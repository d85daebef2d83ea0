//! Runs calls on a store's file, and knows whether it can be used.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crystallum_api::Id;
use sqlx::{Connection, SqliteConnection};

use crate::contract::StoreError;
use crate::disk_fault::DiskFault;
use crate::file::availability::{Access, Availability};
use crate::file::lane::{Caller, Lane};
use crate::file::open::{id_of, migrate, open_existing};

/// What a call does with the open file.
type Work<'c, T> = Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'c>>;

/// The file of a store and the calls on it.
#[derive(Debug)]
pub(super) struct Calls {
    pub(super) number: u8,
    pub(super) id: Id,
    pub(super) availability: Availability,
    pub(super) lane: Lane,
    file: PathBuf,
    /// The size of the pages that were used last, in bytes.
    used: AtomicU64,
    /// Whether the write-ahead log may hold deleted shares, as it may at the start.
    log_is_stale: AtomicBool,
}

impl Calls {
    pub(super) fn new(number: u8, id: Id, file: PathBuf) -> Self {
        let (availability, lane) = (Availability::default(), Lane::default());
        Self {
            number,
            id,
            availability,
            lane,
            file,
            used: AtomicU64::new(0),
            log_is_stale: AtomicBool::new(true),
        }
    }

    /// Opens the file, works with it and closes it, within the limits of the store.
    pub(super) async fn run<T, W>(self: &Arc<Self>, access: Access, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T> + Send + 'static,
    {
        let calls = Arc::clone(self);
        let done = self.lane.run(|caller| async move { calls.call(access, &caller, work).await }).await;
        done.unwrap_or_else(|| Err(self.note_overdue()))
    }

    async fn call<T>(
        &self,
        access: Access,
        caller: &Caller,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        let mut conn = self.open(access).await?;
        if caller.has_given_up() {
            // What was asked for may not be right any more.
            drop(conn.close().await);
            return Err(StoreError::Unavailable);
        }
        let outcome = work(&mut conn).await;
        self.finish(conn, access, outcome).await
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

    /// Records a failure. Only the first one is logged, until the store works again.
    fn unavailable(&self, access: Access, error: &sqlx::Error) -> StoreError {
        let disk = matches!(DiskFault::of(error), Some(DiskFault::Full | DiskFault::ReadOnly));
        // A disk that is full or read-only can still be read.
        if self.availability.note_failure(if disk { access } else { Access::Read }) {
            tracing::warn!(store = self.number, %error, "the store cannot be used");
        }
        StoreError::Unavailable
    }

    /// Records that a call has not ended in time.
    fn note_overdue(&self) -> StoreError {
        if self.availability.note_failure(Access::Read) {
            tracing::warn!(
                store = self.number,
                error = "it did not answer in time",
                "the store cannot be used"
            );
        }
        StoreError::Unavailable
    }

    /// Migrates the file, which may have been away when the server started.
    pub(super) async fn migrate(calls: &Arc<Self>) {
        let this = Arc::clone(calls);
        let migrated = calls.lane.run(|_| async move {
            let Ok(conn) = this.open(Access::Read).await else { return };
            drop(conn.close().await);
            if let Err(error) = migrate(&this.file).await {
                tracing::debug!(store = this.number, %error, "the store cannot be migrated");
            }
        });
        migrated.await;
    }

    /// Notes that the write-ahead log may hold deleted shares. Usually whoever closes the file last
    /// removes the log, but somebody who goes on reading keeps it.
    pub(super) fn note_stale(&self) {
        self.log_is_stale.store(true, Ordering::Release);
    }

    /// Runs a call that deletes shares. A call that failed may have deleted some, too.
    pub(super) async fn after_deletion<T>(&self, call: impl Future<Output = T>) -> T {
        let done = call.await;
        self.note_stale();
        done
    }

    /// Returns whether the log may hold deleted shares, and forgets that.
    pub(super) fn take_stale(&self) -> bool {
        self.log_is_stale.swap(false, Ordering::AcqRel)
    }

    pub(super) fn note_used(&self, bytes: u64) {
        self.used.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}
