//! Gives the space of deleted rows back to the disk. The share stores and the main database do it
//! in the same way.

use std::time::Duration;

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::sqlite::BUSY_TIMEOUT;

/// How many pages one step gives back. Others write between two steps.
const STEP: i64 = 256;
/// How many free pages are kept for what is written next.
const KEPT: i64 = 256;

/// How long readers of the write-ahead log are waited for when it is to be emptied.
const LOG_PATIENCE: Duration = Duration::from_millis(100);

/// Prepares a new database, or one of an earlier version, which could not give space back. This
/// copies the file once, which needs as much space again.
///
/// The mode is not among the options of the connections, because setting it writes to the file each
/// time, and on a full disk no connection could be opened.
pub async fn prepare(conn: &mut SqliteConnection) -> sqlx::Result<()> {
    let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(&mut *conn).await?;
    // 2 is incremental.
    if mode != 2 {
        sqlx::raw_sql("PRAGMA auto_vacuum = 2; VACUUM").execute(conn).await?;
    }
    Ok(())
}

/// Gives some pages back. Returns whether there are more.
pub async fn free_some(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    let free: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(&mut *conn).await?;
    let pages = (free - KEPT).clamp(0, STEP);
    if pages > 0 {
        let sql = format!("PRAGMA incremental_vacuum({pages})");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *conn).await?;
    }
    let left: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(conn).await?;
    Ok(left > KEPT && left < free)
}

/// Writes the write-ahead log into the database and empties its file, unless somebody reads from
/// it: then nobody waits, and the log is emptied another time.
pub async fn truncate_log(conn: &mut SqliteConnection) -> sqlx::Result<()> {
    try_to_truncate(conn, Duration::ZERO).await.map(drop)
}

/// Writes the write-ahead log into the database and empties its file. Whoever reads from it is
/// waited for, but only for a moment, since whoever writes has to wait as well. Returns false if
/// somebody goes on reading.
pub async fn clear_log(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    try_to_truncate(conn, LOG_PATIENCE).await
}

async fn try_to_truncate(conn: &mut SqliteConnection, patience: Duration) -> sqlx::Result<bool> {
    set_busy_timeout(conn, patience).await?;
    let busy = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *conn).await;
    set_busy_timeout(conn, BUSY_TIMEOUT).await?;
    busy.map(|busy: i64| busy == 0)
}

async fn set_busy_timeout(conn: &mut SqliteConnection, timeout: Duration) -> sqlx::Result<()> {
    let sql = format!("PRAGMA busy_timeout = {}", timeout.as_millis());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await.map(drop)
}

/// Returns the size of the pages that are used, in bytes. Free pages are used before a file grows.
pub async fn used_bytes(conn: &mut SqliteConnection) -> sqlx::Result<u64> {
    let sql = "SELECT (SELECT page_count FROM pragma_page_count) \
        - (SELECT freelist_count FROM pragma_freelist_count), (SELECT page_size FROM pragma_page_size)";
    let (pages, size): (i64, i64) = sqlx::query_as(sql).fetch_one(conn).await?;
    Ok(pages.saturating_mul(size).unsigned_abs())
}
