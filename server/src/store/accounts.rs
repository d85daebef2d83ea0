use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_id, decode_number, encode_number};
use crate::store::deleted_accounts;

/// An account's counter and usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) counter: u64,
    /// The number of live records.
    pub(crate) records: u64,
    /// The size of their blobs in bytes.
    pub(crate) bytes: u64,
    /// The size of all heads and changes in bytes.
    pub(crate) history: u64,
    /// The size of the earlier secrets in bytes.
    pub(crate) kept: u64,
}

/// Creates an empty account. Returns false if the id is taken, or has rows of an account that was
/// deleted.
pub(crate) async fn insert(conn: &mut SqliteConnection, id: Id, now: i64) -> sqlx::Result<bool> {
    let sql = "INSERT INTO accounts (id, counter, records, bytes, history, created) \
        VALUES ($1, 0, 0, 0, 0, $2) ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql).bind(id.0.as_slice()).bind(now).execute(&mut *conn).await?;
    deleted_accounts::remove(conn, id).await?;
    Ok(done.rows_affected() == 1)
}

/// Finds an account.
pub(crate) async fn find(conn: &mut SqliteConnection, id: Id) -> sqlx::Result<Option<Account>> {
    let sql = "SELECT counter, records, bytes, history, kept FROM accounts \
        WHERE id = $1 AND deleted IS NULL";
    let row: Option<(i64, i64, i64, i64, i64)> =
        sqlx::query_as(sql).bind(id.0.as_slice()).fetch_optional(conn).await?;
    row.map(|(counter, records, bytes, history, kept)| {
        Ok(Account {
            counter: decode_number(counter)?,
            records: decode_number(records)?,
            bytes: decode_number(bytes)?,
            history: decode_number(history)?,
            kept: decode_number(kept)?,
        })
    })
    .transpose()
}

/// Updates an account whose counter is one below the new one. Returns false if there is no such
/// account.
pub(crate) async fn advance(conn: &mut SqliteConnection, id: Id, to: Account) -> sqlx::Result<bool> {
    let sql = "UPDATE accounts SET counter = $2, records = $3, bytes = $4, history = $5, kept = $6 \
        WHERE id = $1 AND counter = $2 - 1 AND deleted IS NULL";
    let done = sqlx::query(sql)
        .bind(id.0.as_slice())
        .bind(encode_number(to.counter)?)
        .bind(encode_number(to.records)?)
        .bind(encode_number(to.bytes)?)
        .bind(encode_number(to.history)?)
        .bind(encode_number(to.kept)?)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks an account as deleted. From then on it is in no answer of this module.
pub(crate) async fn mark_deleted(conn: &mut SqliteConnection, id: Id, now: i64) -> sqlx::Result<()> {
    let sql = "UPDATE accounts SET deleted = $2 WHERE id = $1 AND deleted IS NULL";
    sqlx::query(sql).bind(id.0.as_slice()).bind(now).execute(conn).await?;
    Ok(())
}

/// Returns whether an account is marked as deleted and still has rows.
pub(crate) async fn is_being_deleted(conn: &mut SqliteConnection, id: Id) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND deleted IS NOT NULL)";
    sqlx::query_scalar(sql).bind(id.0.as_slice()).fetch_one(conn).await
}

/// Returns the accounts that are marked as deleted and still have rows, oldest first.
pub(crate) async fn being_deleted(conn: &mut SqliteConnection) -> sqlx::Result<Vec<Id>> {
    let sql = "SELECT id FROM accounts WHERE deleted IS NOT NULL ORDER BY deleted";
    let ids: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(conn).await?;
    ids.iter().map(|id| decode_id(id)).collect()
}
