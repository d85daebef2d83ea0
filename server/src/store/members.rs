use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::encode_number;

/// An object other than a record that has its own id. The kinds are numbered like the leaves of the
/// tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    Keyslot,
    /// A device with its public key.
    Device(&'a [u8]),
}

/// Adds a device or keyslot. Returns false if the id was used before.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    kind: Kind<'_>,
    id: Id,
) -> sqlx::Result<bool> {
    let (kind, key) = match kind {
        Kind::Keyslot => (3_i64, None),
        Kind::Device(key) => (4, Some(key)),
    };
    let sql = "INSERT INTO members (account, kind, id, key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(kind)
        .bind(id.0.as_slice())
        .bind(key)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the public key of a live device, which is not known if the device joined under an earlier
/// version of the server. Returns `None` if there is no such device.
pub(crate) async fn device_key(
    conn: &mut SqliteConnection,
    account: Id,
    id: Id,
) -> sqlx::Result<Option<Option<Vec<u8>>>> {
    let sql = "SELECT key FROM members WHERE account = $1 AND kind = 4 AND id = $2 AND gone IS NULL";
    sqlx::query_scalar(sql).bind(account.0.as_slice()).bind(id.0.as_slice()).fetch_optional(conn).await
}

/// Sets the public key of a device.
pub(crate) async fn set_device_key(
    conn: &mut SqliteConnection,
    account: Id,
    id: Id,
    key: &[u8],
) -> sqlx::Result<()> {
    let sql = "UPDATE members SET key = $3 WHERE account = $1 AND kind = 4 AND id = $2";
    sqlx::query(sql).bind(account.0.as_slice()).bind(id.0.as_slice()).bind(key).execute(conn).await?;
    Ok(())
}

/// Marks a keyslot (kind 3) or device (kind 4) as removed. Returns false if it does not exist. Its
/// id cannot be used again.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    account: Id,
    kind: i64,
    id: Id,
    counter: u64,
) -> sqlx::Result<bool> {
    let sql = "UPDATE members SET gone = $3 WHERE account = $1 AND kind = $4 AND id = $2 AND gone IS NULL";
    let done = sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(id.0.as_slice())
        .bind(encode_number(counter)?)
        .bind(kind)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}
