//! Gives the space of deleted rows back to the disk.

use sqlx::{SqliteConnection, SqlitePool};

/// How many pages one step gives back. Others write between two steps.
const STEP: i64 = 256;
/// How many free pages are kept for what is written next.
const KEPT: i64 = 256;

/// Prepares a new database, or one of an earlier version, which could not give space back. This
/// copies the file once, which needs as much space again; without it the server works as before.
///
/// The mode is not among the options of the connections, because setting it writes to the file each
/// time, and on a full disk no connection could be opened.
pub(super) async fn prepare(writer: &SqlitePool) {
    if let Err(error) = set_mode(writer).await {
        tracing::warn!(%error, "the database cannot give space back to the disk yet");
    }
}

async fn set_mode(writer: &SqlitePool) -> sqlx::Result<()> {
    let mut conn = writer.acquire().await?;
    let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(&mut *conn).await?;
    // 2 is incremental.
    if mode != 2 {
        sqlx::raw_sql("PRAGMA auto_vacuum = 2; VACUUM").execute(&mut *conn).await?;
    }
    Ok(())
}

/// Gives some pages back. Returns whether there are more.
pub(super) async fn step(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    let free: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(&mut *conn).await?;
    let pages = (free - KEPT).clamp(0, STEP);
    if pages > 0 {
        let sql = format!("PRAGMA incremental_vacuum({pages})");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await?;
    }
    let left: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(conn).await?;
    Ok(left > KEPT && left < free)
}
