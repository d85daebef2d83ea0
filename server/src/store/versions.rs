use crystallum_api::{Id, KEPT_VERSIONS};
use sqlx::SqliteConnection;

use crate::store::columns::{decode_number, encode_number};

/// Keeps the secret that is about to be replaced, if it is there at all, and deletes the oldest one
/// beyond the limit. Returns how many bytes were added and removed.
pub(crate) async fn archive_newest(
    conn: &mut SqliteConnection,
    account: Id,
    record: Id,
) -> sqlx::Result<(u64, u64)> {
    let sql = "INSERT INTO versions (account, record, version, counter, blob) \
        SELECT account, record, version, counter, blob FROM parts \
        WHERE account = $1 AND record = $2 AND part = 2 AND length(blob) > 0 RETURNING length(blob)";
    let added: Option<i64> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(record.0.as_slice())
        .fetch_optional(&mut *conn)
        .await?;
    let sql = "DELETE FROM versions WHERE account = $1 AND record = $2 AND version NOT IN \
        (SELECT version FROM versions WHERE account = $1 AND record = $2 ORDER BY version DESC LIMIT $3) \
        RETURNING length(blob)";
    let removed: Vec<i64> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(record.0.as_slice())
        .bind(i64::try_from(KEPT_VERSIONS).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?;
    Ok((decode_number(added.unwrap_or(0))?, decode_number(removed.into_iter().sum())?))
}

/// Deletes the earlier secrets of a record and returns their size in bytes.
pub(crate) async fn delete_all(conn: &mut SqliteConnection, account: Id, record: Id) -> sqlx::Result<u64> {
    let sql = "DELETE FROM versions WHERE account = $1 AND record = $2 RETURNING length(blob)";
    let removed: Vec<i64> =
        sqlx::query_scalar(sql).bind(account.0.as_slice()).bind(record.0.as_slice()).fetch_all(conn).await?;
    decode_number(removed.into_iter().sum())
}

/// Deletes the oldest of all earlier secrets of an account and returns its size in bytes.
pub(crate) async fn delete_oldest(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<Option<u64>> {
    let sql = "DELETE FROM versions WHERE account = $1 AND (record, version) IN \
        (SELECT record, version FROM versions WHERE account = $1 ORDER BY counter, record LIMIT 1) \
        RETURNING length(blob)";
    let removed: Option<i64> =
        sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_optional(conn).await?;
    removed.map(decode_number).transpose()
}

/// Finds the secret of a live record at one version, the newest or an earlier one.
pub(crate) async fn find(
    conn: &mut SqliteConnection,
    account: Id,
    record: Id,
    version: u64,
) -> sqlx::Result<Option<Vec<u8>>> {
    let Ok(version) = encode_number(version) else { return Ok(None) };
    let sql = "SELECT blob FROM parts WHERE account = $1 AND record = $2 AND part = 2 AND version = $3 \
        UNION ALL SELECT blob FROM versions WHERE account = $1 AND record = $2 AND version = $3";
    sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(record.0.as_slice())
        .bind(version)
        .fetch_optional(conn)
        .await
}
