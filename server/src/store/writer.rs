//! The one connection that writes to the main database, and what is known about whether it can.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crystallum_share_store::space;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, SqlSafeStr, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::app::problems::{Problem, Problems};
use crate::store::failure::{disk_fault, explain};

/// How much a probe writes while writes work, in bytes.
const SMALL_PROBE: i64 = 1;
/// How much a probe writes before writes are said to work again: as much as the largest commit.
const LARGE_PROBE: i64 = 1 << 20;

/// After how many failures in a row writes are said to fail. A disk that cannot be written says so
/// at once; other failures may pass.
const FAILURES: u32 = 2;

/// The connection that writes.
pub(super) struct Writer {
    pool: SqlitePool,
    problems: Arc<Problems>,
    /// How many writes and probes have failed since one succeeded.
    failures: AtomicU32,
    /// The number of pages beyond which a test lets no write go, or 0.
    max_pages: AtomicU32,
}

impl Writer {
    pub(super) fn new(pool: SqlitePool, problems: Arc<Problems>) -> Self {
        Self { pool, problems, failures: AtomicU32::new(0), max_pages: AtomicU32::new(0) }
    }

    /// Returns the connection.
    pub(super) async fn acquire(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        let mut conn = self.pool.acquire().await?;
        let pages = self.max_pages.load(Ordering::Relaxed);
        if pages > 0 {
            let limit = format!("PRAGMA max_page_count = {pages}");
            sqlx::query(AssertSqlSafe(limit)).execute(&mut *conn).await?;
        }
        Ok(conn)
    }

    /// Begins a transaction that takes the write lock immediately.
    pub(super) async fn begin(self: &Arc<Self>) -> sqlx::Result<WriteTransaction> {
        let conn = self.acquire().await?;
        let inner = Transaction::begin(conn, Some("BEGIN IMMEDIATE".into_sql_str())).await?;
        Ok(WriteTransaction { inner, writer: Arc::clone(self) })
    }

    /// Counts a write that failed. Writes are said to fail when the disk is to blame, or when
    /// several failed in a row for a reason that concerns all of them.
    pub(super) fn note_failure(&self, error: &sqlx::Error) {
        let Some(reason) = explain(error) else { return };
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures >= FAILURES || disk_fault(error).is_some() {
            self.problems.begin(Problem::WritesFail, reason);
        }
    }

    /// Returns whether the last write failed.
    pub(super) fn is_suspect(&self) -> bool {
        self.failures.load(Ordering::Relaxed) > 0
    }

    /// Finds out whether writes work, by writing. After a failure, only a write as large as the
    /// largest commit shows that they work again.
    pub(super) async fn probe(&self) {
        let bytes = if self.problems.has(Problem::WritesFail) { LARGE_PROBE } else { SMALL_PROBE };
        match self.write_and_delete(bytes).await {
            Ok(()) => {
                self.failures.store(0, Ordering::Relaxed);
                self.problems.end(Problem::WritesFail);
            }
            Err(error) => self.note_failure(&error),
        }
    }

    async fn write_and_delete(&self, bytes: i64) -> sqlx::Result<()> {
        let mut write =
            Transaction::begin(self.acquire().await?, Some("BEGIN IMMEDIATE".into_sql_str())).await?;
        sqlx::query("INSERT INTO probe (filler) VALUES (zeroblob($1))")
            .bind(bytes)
            .execute(&mut *write)
            .await?;
        sqlx::query("DELETE FROM probe").execute(&mut *write).await?;
        write.commit().await
    }

    /// Moves the write-ahead log into the database and empties it. Returns false if somebody goes
    /// on reading from it. Whoever begins to read meanwhile does not need the log.
    pub(super) async fn truncate_log(&self) -> sqlx::Result<bool> {
        space::clear_log(&mut *self.acquire().await?).await
    }

    pub(super) fn set_max_pages(&self, pages: u32) {
        self.max_pages.store(pages, Ordering::Relaxed);
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A write transaction. It is rolled back unless it is committed.
pub(crate) struct WriteTransaction {
    inner: Transaction<'static, Sqlite>,
    writer: Arc<Writer>,
}

impl WriteTransaction {
    /// Writes the transaction to disk.
    pub(crate) async fn commit(self) -> sqlx::Result<()> {
        let Self { inner, writer } = self;
        inner.commit().await?;
        if writer.problems.has(Problem::WritesFail) {
            // This transaction may have written nothing, or less than others need.
            writer.probe().await;
        } else {
            writer.failures.store(0, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Discards the transaction.
    pub(crate) async fn rollback(self) -> sqlx::Result<()> {
        self.inner.rollback().await
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.inner
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }
}
