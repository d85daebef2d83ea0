use sqlx::SqliteConnection;

/// Returns when the database was last restored from a backup, if it was.
pub(crate) async fn newest(conn: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT max(at) FROM restores").fetch_one(conn).await
}
