use crystallum_api::Id;
use sqlx::SqliteConnection;
use webauthn_rs::prelude::Passkey;

use crate::store::columns::decode_id;

/// Inserts the passkey of a sign-in method. Returns false if its id is taken.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    method: Id,
    passkey: &Passkey,
    now: i64,
) -> sqlx::Result<bool> {
    let sql = "INSERT INTO credentials (id, account, method, passkey, created) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql)
        .bind(passkey.cred_id().as_slice())
        .bind(account.0.as_slice())
        .bind(method.0.as_slice())
        .bind(to_json(passkey)?)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Finds a passkey of this account, unless the account was deleted.
pub(crate) async fn find(
    conn: &mut SqliteConnection,
    account: Id,
    id: &[u8],
) -> sqlx::Result<Option<Passkey>> {
    let sql = "SELECT passkey FROM credentials WHERE id = $1 AND account = $2 \
        AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = $2 AND deleted IS NULL)";
    let row: Option<(String,)> =
        sqlx::query_as(sql).bind(id).bind(account.0.as_slice()).fetch_optional(conn).await?;
    row.map(|(text,)| serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into())))
        .transpose()
}

/// Updates what a login has changed: the signature counter and the backup state.
pub(crate) async fn update(conn: &mut SqliteConnection, passkey: &Passkey) -> sqlx::Result<()> {
    let sql = "UPDATE credentials SET passkey = $2 WHERE id = $1";
    sqlx::query(sql).bind(passkey.cred_id().as_slice()).bind(to_json(passkey)?).execute(conn).await?;
    Ok(())
}

/// Deletes a passkey of this account. Returns false if there is none with this id.
pub(crate) async fn delete(conn: &mut SqliteConnection, account: Id, id: &[u8]) -> sqlx::Result<bool> {
    let sql = "DELETE FROM credentials WHERE id = $1 AND account = $2";
    let done = sqlx::query(sql).bind(id).bind(account.0.as_slice()).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the passkeys of a sign-in method.
pub(crate) async fn delete_of_method(
    conn: &mut SqliteConnection,
    account: Id,
    method: Id,
) -> sqlx::Result<()> {
    let sql = "DELETE FROM credentials WHERE account = $1 AND method = $2";
    sqlx::query(sql).bind(account.0.as_slice()).bind(method.0.as_slice()).execute(conn).await?;
    Ok(())
}

/// Returns whether the account has a passkey.
pub(crate) async fn exists(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let sql = "SELECT 1 FROM credentials WHERE account = $1 LIMIT 1";
    let row: Option<(i64,)> = sqlx::query_as(sql).bind(account.0.as_slice()).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// Returns the sign-in methods that the account's passkeys belong to.
pub(crate) async fn methods(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<Vec<Id>> {
    let sql = "SELECT method FROM credentials WHERE account = $1";
    let methods: Vec<Vec<u8>> = sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_all(conn).await?;
    methods.iter().map(|method| decode_id(method)).collect()
}

fn to_json(passkey: &Passkey) -> sqlx::Result<String> {
    serde_json::to_string(passkey).map_err(|error| sqlx::Error::Encode(error.into()))
}
