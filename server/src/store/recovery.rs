use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::decode_id;

/// The verifier of an account's recovery code.
pub(crate) struct Verifier {
    pub(crate) account: Id,
    pub(crate) key: Vec<u8>,
}

/// Finds the verifier with this lookup hash.
pub(crate) async fn find(
    conn: &mut SqliteConnection,
    lookup_hash: &[u8; 32],
) -> sqlx::Result<Option<Verifier>> {
    let sql = "SELECT account, verifier FROM recovery WHERE lookup_hash = $1";
    let row: Option<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as(sql).bind(lookup_hash.as_slice()).fetch_optional(conn).await?;
    row.map(|(account, key)| Ok(Verifier { account: decode_id(&account)?, key })).transpose()
}

/// Inserts the verifier of a new code. Returns false if the lookup hash is taken.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    lookup_hash: &[u8],
    verifier: &[u8],
    now: i64,
) -> sqlx::Result<bool> {
    let sql = "INSERT INTO recovery (account, lookup_hash, verifier, created) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(lookup_hash)
        .bind(verifier)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the verifier of an account. Returns false if it has none.
pub(crate) async fn delete(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let sql = "DELETE FROM recovery WHERE account = $1";
    let done = sqlx::query(sql).bind(account.0.as_slice()).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Returns whether the account has a recovery code.
pub(crate) async fn exists(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let sql = "SELECT 1 FROM recovery WHERE account = $1";
    let row: Option<(i64,)> = sqlx::query_as(sql).bind(account.0.as_slice()).fetch_optional(conn).await?;
    Ok(row.is_some())
}
