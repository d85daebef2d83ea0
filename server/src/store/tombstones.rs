use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::encode_number;

/// Returns whether the record was deleted.
pub(crate) async fn exists(conn: &mut SqliteConnection, account: Id, record: Id) -> sqlx::Result<bool> {
    let sql = "SELECT 1 FROM tombstones WHERE account = $1 AND record = $2";
    let row: Option<(i64,)> =
        sqlx::query_as(sql).bind(account.0.as_slice()).bind(record.0.as_slice()).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// Marks the record as deleted.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    record: Id,
    version: u64,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO tombstones (account, record, version) VALUES ($1, $2, $3)";
    sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(record.0.as_slice())
        .bind(encode_number(version)?)
        .execute(conn)
        .await?;
    Ok(())
}
