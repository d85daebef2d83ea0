use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::decode_id;

/// What the server is given of a new code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewVerifier<'a> {
    /// The sign-in method of the code.
    pub(crate) method: Id,
    pub(crate) lookup_hash: &'a [u8],
    pub(crate) key: &'a [u8],
}

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
    new: NewVerifier<'_>,
    now: i64,
) -> sqlx::Result<bool> {
    let sql = "INSERT INTO recovery (account, method, lookup_hash, verifier, created) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(new.method.0.as_slice())
        .bind(new.lookup_hash)
        .bind(new.key)
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

/// Deletes the verifier of an account if its code is that of this sign-in method.
pub(crate) async fn delete_of_method(
    conn: &mut SqliteConnection,
    account: Id,
    method: Id,
) -> sqlx::Result<()> {
    let sql = "DELETE FROM recovery WHERE account = $1 AND method = $2";
    sqlx::query(sql).bind(account.0.as_slice()).bind(method.0.as_slice()).execute(conn).await?;
    Ok(())
}

/// Returns whether the account has a recovery code.
pub(crate) async fn exists(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let sql = "SELECT 1 FROM recovery WHERE account = $1";
    let row: Option<(i64,)> = sqlx::query_as(sql).bind(account.0.as_slice()).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// Returns the sign-in method of an account's recovery code, if it has one.
pub(crate) async fn method(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<Option<Id>> {
    let sql = "SELECT method FROM recovery WHERE account = $1";
    let method: Option<Vec<u8>> =
        sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_optional(conn).await?;
    method.map(|method| decode_id(&method)).transpose()
}
