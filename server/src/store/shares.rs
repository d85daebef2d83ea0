use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_id, decode_number};

/// A share that a commit has named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareRow {
    pub(crate) store: Id,
    pub(crate) hash: [u8; 32],
    /// When a commit removed the share, in seconds since the Unix epoch.
    pub(crate) removed_at: Option<i64>,
}

/// A share to insert.
pub(crate) struct NewShare<'a> {
    pub(crate) id: Id,
    pub(crate) store: Id,
    pub(crate) set: Id,
    pub(crate) epoch: u32,
    pub(crate) hash: &'a [u8],
}

/// Inserts a share. Returns false if the id was used before.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    share: &NewShare<'_>,
) -> sqlx::Result<bool> {
    let sql = "INSERT INTO shares (account, id, store, share_set, epoch, hash) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT DO NOTHING";
    let done = sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(share.id.0.as_slice())
        .bind(share.store.0.as_slice())
        .bind(share.set.0.as_slice())
        .bind(i64::from(share.epoch))
        .bind(share.hash)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Finds a share, whether it is still in the vault or not. Those of a deleted account are in none.
pub(crate) async fn find(
    conn: &mut SqliteConnection,
    account: Id,
    share: Id,
) -> sqlx::Result<Option<ShareRow>> {
    let sql = "SELECT store, hash, gone FROM shares WHERE account = $1 AND shares.id = $2 \
        AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = $1 AND deleted IS NULL)";
    let row: Option<(Vec<u8>, Vec<u8>, Option<i64>)> =
        sqlx::query_as(sql).bind(account.0.as_slice()).bind(share.0.as_slice()).fetch_optional(conn).await?;
    row.map(|(store, hash, removed_at)| {
        let hash = hash.try_into().map_err(|_| sqlx::Error::Decode("a hash is 32 bytes".into()))?;
        Ok(ShareRow { store: decode_id(&store)?, hash, removed_at })
    })
    .transpose()
}

/// Marks a share as removed from the vault. Returns false if it is not in the vault.
pub(crate) async fn mark_removed(
    conn: &mut SqliteConnection,
    account: Id,
    share: Id,
    now: i64,
) -> sqlx::Result<bool> {
    let sql = "UPDATE shares SET gone = $3 WHERE account = $1 AND id = $2 AND gone IS NULL";
    let done =
        sqlx::query(sql).bind(account.0.as_slice()).bind(share.0.as_slice()).bind(now).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Counts the shares in the vault.
pub(crate) async fn count(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<u64> {
    let sql = "SELECT count(*) FROM shares WHERE account = $1 AND gone IS NULL";
    decode_number(sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_one(conn).await?)
}
