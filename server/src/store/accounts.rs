use crystallum_api::Id;
use sqlx::SqliteConnection;

use super::{column, number};

/// An account's counter and what it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) counter: u64,
    /// Live records.
    pub(crate) records: u64,
    /// Bytes of their blobs.
    pub(crate) bytes: u64,
    /// Bytes of all heads and changes.
    pub(crate) history: u64,
}

/// Makes an empty account; false when the id is taken.
pub(crate) async fn insert(conn: &mut SqliteConnection, id: Id, now: i64) -> sqlx::Result<bool> {
    let sql = "INSERT INTO accounts (id, counter, records, bytes, history, created) \
        VALUES ($1, 0, 0, 0, 0, $2) ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql).bind(id.0.as_slice()).bind(now).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// The account.
pub(crate) async fn find(conn: &mut SqliteConnection, id: Id) -> sqlx::Result<Option<Account>> {
    let sql = "SELECT counter, records, bytes, history FROM accounts WHERE id = $1";
    let row: Option<(i64, i64, i64, i64)> =
        sqlx::query_as(sql).bind(id.0.as_slice()).fetch_optional(conn).await?;
    row.map(|(counter, records, bytes, history)| {
        Ok(Account {
            counter: number(counter)?,
            records: number(records)?,
            bytes: number(bytes)?,
            history: number(history)?,
        })
    })
    .transpose()
}

/// Moves the account on from the counter before; false when it was not there.
pub(crate) async fn advance(conn: &mut SqliteConnection, id: Id, to: Account) -> sqlx::Result<bool> {
    let sql = "UPDATE accounts SET counter = $2, records = $3, bytes = $4, history = $5 \
        WHERE id = $1 AND counter = $2 - 1";
    let done = sqlx::query(sql)
        .bind(id.0.as_slice())
        .bind(column(to.counter)?)
        .bind(column(to.records)?)
        .bind(column(to.bytes)?)
        .bind(column(to.history)?)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}
