use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::encode_number;

/// An object other than a record that has its own id. The kinds are numbered like the leaves of the
/// tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Keyslot,
    Device,
}

/// Adds a device or keyslot. Returns false if the id was used before.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    kind: Kind,
    id: Id,
) -> sqlx::Result<bool> {
    let kind = match kind {
        Kind::Keyslot => 3_i64,
        Kind::Device => 4,
    };
    let sql = "INSERT INTO members (account, kind, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let done =
        sqlx::query(sql).bind(account.0.as_slice()).bind(kind).bind(id.0.as_slice()).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Marks a keyslot as removed. Returns false if it does not exist. Its id cannot be used again.
pub(crate) async fn remove_keyslot(
    conn: &mut SqliteConnection,
    account: Id,
    id: Id,
    counter: u64,
) -> sqlx::Result<bool> {
    let sql = "UPDATE members SET gone = $3 WHERE account = $1 AND kind = 3 AND id = $2 AND gone IS NULL";
    let done = sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(id.0.as_slice())
        .bind(encode_number(counter)?)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}
