use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::decode_id;

/// A session, which may have expired.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    pub(crate) account: Id,
    pub(crate) last_seen: i64,
    pub(crate) expires: i64,
}

/// Inserts a session.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    token: &[u8; 32],
    account: Id,
    now: i64,
    expires: i64,
) -> sqlx::Result<()> {
    let sql =
        "INSERT INTO sessions (token, account, created, last_seen, expires) VALUES ($1, $2, $3, $3, $4)";
    sqlx::query(sql)
        .bind(token.as_slice())
        .bind(account.0.as_slice())
        .bind(now)
        .bind(expires)
        .execute(conn)
        .await?;
    Ok(())
}

/// Finds a session by the hash of its token.
pub(crate) async fn find(conn: &mut SqliteConnection, token: &[u8; 32]) -> sqlx::Result<Option<Session>> {
    let sql = "SELECT account, last_seen, expires FROM sessions WHERE token = $1";
    let row: Option<(Vec<u8>, i64, i64)> =
        sqlx::query_as(sql).bind(token.as_slice()).fetch_optional(conn).await?;
    row.map(|(account, last_seen, expires)| Ok(Session { account: decode_id(&account)?, last_seen, expires }))
        .transpose()
}

/// Records that the session was used.
pub(crate) async fn touch(conn: &mut SqliteConnection, token: &[u8; 32], now: i64) -> sqlx::Result<()> {
    let sql = "UPDATE sessions SET last_seen = $2 WHERE token = $1";
    sqlx::query(sql).bind(token.as_slice()).bind(now).execute(conn).await?;
    Ok(())
}

/// Deletes a session.
pub(crate) async fn delete(conn: &mut SqliteConnection, token: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE token = $1").bind(token.as_slice()).execute(conn).await?;
    Ok(())
}

/// Deletes all sessions of an account except the one with this token hash.
pub(crate) async fn delete_others(
    conn: &mut SqliteConnection,
    account: Id,
    token: &[u8; 32],
) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE account = $1 AND token <> $2";
    sqlx::query(sql).bind(account.0.as_slice()).bind(token.as_slice()).execute(conn).await?;
    Ok(())
}

/// Deletes all sessions of an account except the `number` that were used last.
pub(crate) async fn keep_newest(conn: &mut SqliteConnection, account: Id, number: u32) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE account = $1 AND token NOT IN \
        (SELECT token FROM sessions WHERE account = $1 ORDER BY last_seen DESC, created DESC, rowid DESC LIMIT $2)";
    sqlx::query(sql).bind(account.0.as_slice()).bind(number).execute(conn).await?;
    Ok(())
}

/// Deletes sessions that have expired, were not used since `idle_since`, or seem to have been used
/// after `latest`.
pub(crate) async fn purge(
    conn: &mut SqliteConnection,
    now: i64,
    idle_since: i64,
    latest: i64,
) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE expires <= $1 OR last_seen <= $2 OR last_seen > $3";
    sqlx::query(sql).bind(now).bind(idle_since).bind(latest).execute(conn).await?;
    Ok(())
}
