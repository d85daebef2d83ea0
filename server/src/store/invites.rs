use sqlx::SqliteConnection;

/// Inserts an invitation.
pub(crate) async fn insert(conn: &mut SqliteConnection, code: &[u8; 32], now: i64) -> sqlx::Result<()> {
    let sql = "INSERT INTO invites (code, created) VALUES ($1, $2)";
    sqlx::query(sql).bind(code.as_slice()).bind(now).execute(conn).await?;
    Ok(())
}

/// Returns whether the invitation exists and is unused.
pub(crate) async fn is_open(conn: &mut SqliteConnection, code: &[u8; 32]) -> sqlx::Result<bool> {
    let sql = "SELECT 1 FROM invites WHERE code = $1 AND used IS NULL";
    let row: Option<(i64,)> = sqlx::query_as(sql).bind(code.as_slice()).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// Marks an invitation as used. Returns false if it does not exist or was used before.
pub(crate) async fn consume(conn: &mut SqliteConnection, code: &[u8; 32], now: i64) -> sqlx::Result<bool> {
    let sql = "UPDATE invites SET used = $2 WHERE code = $1 AND used IS NULL";
    let done = sqlx::query(sql).bind(code.as_slice()).bind(now).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}
