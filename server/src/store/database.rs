//! The connections to the main database.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crystallum_share_store::space;
use crystallum_share_store::sqlite::{BUSY_TIMEOUT, latest_version, migrator, synchronous};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection, Sqlite, SqlitePool, Transaction};

use crate::app::problems::Problems;
use crate::store::failure::or_busy;
use crate::store::writer::{WriteTransaction, Writer};
use crate::store::{files, free_space};

/// Connections that read, each with a thread and a cache of its own. Reads of one account take
/// milliseconds, and more of them at a time than a small server has cores would not be faster.
pub(crate) const READERS: u32 = 4;

/// The database with several readers and one writer.
pub(crate) struct Database {
    readers: SqlitePool,
    writer: Arc<Writer>,
    /// Whether the write-ahead log may hold what has been removed and must be nowhere any more.
    log_is_stale: AtomicBool,
    /// Whether the last attempt to clear it failed.
    clearing_fails: AtomicBool,
    /// How often clearing it was tried.
    clearings: AtomicU64,
    /// How often somebody has asked for a connection that reads.
    reads: AtomicU64,
    /// Whether a test lets no connection read, as if others used all of them.
    readers_held: AtomicBool,
}

impl Database {
    /// Opens the database in `folder`. It is created if it is missing, and migrated if it is older.
    /// `problems` learns whether writes work.
    pub(crate) async fn open(folder: &Path, problems: Arc<Problems>) -> Result<Self, MigrateError> {
        let options = SqliteConnectOptions::new()
            .filename(files::main_file(folder))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous())
            .foreign_keys(true)
            // Deleted data is overwritten: a sealed phrase must not remain in a free page after its
            // wallet was reshared.
            .pragma("secure_delete", "ON")
            // The write-ahead log of a busy hour does not keep its size for ever.
            .pragma("journal_size_limit", "67108864")
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(BUSY_TIMEOUT)
                // SQLite rolls back by itself when the disk is full, sqlx does not notice, and from
                // then on no transaction begins on that connection. It is replaced.
                .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        refuse_unsettled(&writer).await?;
        migrations().run(&writer).await?;
        free_space::prepare(&writer).await;
        let readers = pool(READERS).connect_with(options).await?;
        let writer = Arc::new(Writer::new(writer, problems));
        let database = Self {
            readers,
            writer,
            log_is_stale: AtomicBool::default(),
            clearing_fails: AtomicBool::default(),
            clearings: AtomicU64::default(),
            reads: AtomicU64::default(),
            readers_held: AtomicBool::default(),
        };
        // The server may have been killed between a removal and what follows it.
        database.clear_log().await;
        Ok(database)
    }

    /// Returns a connection for single reads.
    pub(crate) async fn reader(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        self.count_read()?;
        self.readers.acquire().await.map_err(or_busy)
    }

    /// Returns the connection for single writes.
    pub(crate) async fn writer(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        self.writer.acquire().await
    }

    /// Begins a read transaction, in which all reads see the same state.
    pub(crate) async fn begin_read(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.count_read()?;
        self.readers.begin().await.map_err(or_busy)
    }

    fn count_read(&self) -> sqlx::Result<()> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.readers_held.load(Ordering::Relaxed) {
            Err(or_busy(sqlx::Error::PoolTimedOut))
        } else {
            Ok(())
        }
    }

    /// Returns how often somebody has asked for a connection that reads. Only tests use this.
    pub(crate) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Lets nobody read, as if all connections were in use. Only tests use this.
    pub(crate) fn hold_readers(&self, held: bool) {
        self.readers_held.store(held, Ordering::Relaxed);
    }

    /// Begins a write transaction. It takes the write lock immediately.
    pub(crate) async fn begin_write(&self) -> sqlx::Result<WriteTransaction> {
        self.writer.begin().await
    }

    /// Counts a write that failed.
    pub(crate) fn note_failure(&self, error: &sqlx::Error) {
        self.writer.note_failure(error);
    }

    /// Returns whether the last write failed.
    pub(crate) fn is_suspect(&self) -> bool {
        self.writer.is_suspect()
    }

    /// Finds out whether writes work.
    pub(crate) async fn probe_writes(&self) {
        self.writer.probe().await;
    }

    /// Gives the space of deleted rows back to the disk, in small steps between which others write,
    /// and empties the write-ahead log.
    pub(crate) async fn free_space(&self) -> sqlx::Result<()> {
        while space::free_some(&mut *self.writer().await?).await? {}
        space::truncate_log(&mut *self.writer().await?).await
    }

    /// Notes that something was removed that must be nowhere any more. Deleted rows are overwritten
    /// in the database, but not in the write-ahead log, which [`Self::clear_stale_log`] clears a
    /// little later: all writes wait for that, so it is done once for many removals.
    pub(crate) fn note_removal(&self) {
        self.log_is_stale.store(true, Ordering::Release);
    }

    /// Clears the write-ahead log. While somebody reads, it cannot be cleared, and it is tried
    /// again later. Returns whether it is clear.
    pub(crate) async fn clear_log(&self) -> bool {
        self.note_removal();
        self.clear_stale_log().await
    }

    /// Clears the write-ahead log if something was removed since it was last clear. Returns whether
    /// it is clear.
    pub(crate) async fn clear_stale_log(&self) -> bool {
        if !self.log_is_stale.swap(false, Ordering::AcqRel) {
            return true;
        }
        self.clearings.fetch_add(1, Ordering::Relaxed);
        match self.writer.truncate_log().await {
            Ok(true) => {
                self.clearing_fails.store(false, Ordering::Relaxed);
                return true;
            }
            Ok(false) => tracing::debug!("the write-ahead log is in use and will be cleared later"),
            Err(error) => {
                self.note_failure(&error);
                if !self.clearing_fails.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "the write-ahead log could not be cleared of what was removed");
                }
            }
        }
        self.log_is_stale.store(true, Ordering::Release);
        false
    }

    /// Returns how often clearing the log was tried. Only tests use this.
    pub(crate) fn clearings(&self) -> u64 {
        self.clearings.load(Ordering::Relaxed)
    }

    /// Sets the number of pages that the database may have, as if the disk had no space for more.
    /// Only tests use this.
    pub(crate) fn set_max_pages(&self, pages: u32) {
        self.writer.set_max_pages(pages);
    }

    /// Writes all data to disk and closes the file. Nothing that was removed stays in the log, also
    /// if somebody else has the file open.
    pub(crate) async fn close(&self) {
        self.clear_stale_log().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Refuses a database that was made before format 1 was settled. Nothing of it was released, so it
/// is not migrated.
async fn refuse_unsettled(writer: &SqlitePool) -> Result<(), MigrateError> {
    let made = "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let made: i64 = sqlx::query_scalar(made).fetch_one(writer).await?;
    if made == 0 {
        return Ok(());
    }
    let sql = "SELECT checksum FROM _sqlx_migrations WHERE version = 1";
    let first: Option<Vec<u8>> = sqlx::query_scalar(sql).fetch_optional(writer).await?;
    let ours = migrations().iter().find(|step| step.version == 1).map(|step| step.checksum.to_vec());
    if first.is_none() || first == ours { Ok(()) } else { Err(MigrateError::Source(UNSETTLED.into())) }
}

/// What is said about a database that was made before format 1 was settled.
const UNSETTLED: &str = "it was made before format 1 was settled, and this version does not read it. Nothing was changed. \
    Start with an empty data folder.";

fn migrations() -> Migrator {
    migrator(&[
        ("first", include_str!("migrations/0001_first.sql")),
        ("restores", include_str!("migrations/0002_restores.sql")),
    ])
}

/// Returns the schema version of the main database. A larger number is a later version.
pub(crate) fn schema() -> i64 {
    latest_version(&migrations())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::failure::{explain, is_busy};

    #[tokio::test]
    async fn every_connection_has_the_pragmas() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path(), Arc::default()).await.unwrap();
        let mut connections = vec![database.writer().await.unwrap()];
        for _ in 0..READERS {
            connections.push(database.reader().await.unwrap());
        }
        for connection in &mut connections {
            let journal: String =
                sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **connection).await.unwrap();
            assert_eq!(journal, "wal");
            for (pragma, value) in [
                ("PRAGMA synchronous", 2),
                ("PRAGMA foreign_keys", 1),
                ("PRAGMA secure_delete", 1),
                ("PRAGMA busy_timeout", 10_000),
            ] {
                let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut **connection).await.unwrap();
                assert_eq!(found, value, "{pragma}");
            }
        }
    }

    /// Nor does it while the disk is full: opening a connection writes nothing.
    #[tokio::test]
    async fn opening_a_connection_does_not_wait_for_a_writer() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path(), Arc::default()).await.unwrap();
        let write = database.begin_write().await.unwrap();
        let mut connections = Vec::new();
        for _ in 0..READERS {
            connections.push(database.reader().await.unwrap());
        }
        write.rollback().await.unwrap();
    }

    #[tokio::test]
    async fn a_write_that_does_not_end_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let problems: Arc<Problems> = Arc::default();
        let database = Database::open(folder.path(), Arc::clone(&problems)).await.unwrap();
        let write = database.begin_write().await.unwrap();
        // The probes give up waiting without waiting.
        tokio::time::pause();
        for expected in [&[][..], &["writes_fail"]] {
            database.probe_writes().await;
            assert_eq!(problems.names(), expected);
        }
        tokio::time::resume();
        write.rollback().await.unwrap();
        database.probe_writes().await;
        assert!(problems.names().is_empty() && !database.is_suspect());
    }

    #[tokio::test]
    async fn opens_again() {
        let folder = tempfile::tempdir().unwrap();
        Database::open(folder.path(), Arc::default()).await.unwrap().close().await;
        let database = Database::open(folder.path(), Arc::default()).await.unwrap();
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts")
            .fetch_one(&mut *database.reader().await.unwrap())
            .await
            .unwrap();
        assert_eq!(accounts, 0);
    }

    #[tokio::test]
    async fn readers_that_are_busy_are_told_apart_from_a_busy_writer() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path(), Arc::default()).await.unwrap();
        let mut held = vec![database.writer().await.unwrap()];
        for _ in 0..READERS {
            held.push(database.reader().await.unwrap());
        }
        // Nothing but the time limits of the pools is waited for from here on.
        tokio::time::pause();
        for busy in [database.reader().await.map(|_| ()), database.begin_read().await.map(|_| ())] {
            let error = busy.unwrap_err();
            assert!(is_busy(&error) && explain(&error).is_none(), "{error}");
        }
        let error = database.begin_write().await.map(|_| ()).unwrap_err();
        assert!(!is_busy(&error) && explain(&error).is_some(), "{error}");
    }
}
