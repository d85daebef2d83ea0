//! The live leaves of every vault (FORMAT.md, section 6), and the history log before its newest
//! head.

use crystallum_api::{Bytes, Id};
use crystallum_format::leaf::{Leaf, LeafId};
use futures_util::TryStreamExt;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_id, decode_number, encode_number};

/// Sets or removes a leaf. `counter` is that of the commit which does it.
pub(crate) async fn set(
    conn: &mut SqliteConnection,
    account: Id,
    id: LeafId,
    leaf: Option<&Leaf>,
    counter: u64,
) -> sqlx::Result<()> {
    let Some(leaf) = leaf else {
        let sql = "DELETE FROM leaves WHERE account = $1 AND kind = $2 AND id = $3";
        sqlx::query(sql)
            .bind(account.0.as_slice())
            .bind(i64::from(id.kind()))
            .bind(id.as_bytes().as_slice())
            .execute(conn)
            .await?;
        return Ok(());
    };
    let sql = "INSERT INTO leaves (account, kind, id, value, counter) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (account, kind, id) DO UPDATE SET value = excluded.value, counter = excluded.counter";
    sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(i64::from(id.kind()))
        .bind(id.as_bytes().as_slice())
        .bind(leaf.encode())
        .bind(encode_number(counter)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets the wrap of a live keyslot, which is removed with its leaf.
pub(crate) async fn set_wrap(
    conn: &mut SqliteConnection,
    account: Id,
    slot: LeafId,
    wrap: &[u8],
) -> sqlx::Result<()> {
    let sql = "UPDATE leaves SET wrap = $4 WHERE account = $1 AND kind = $2 AND id = $3";
    sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(i64::from(slot.kind()))
        .bind(slot.as_bytes().as_slice())
        .bind(wrap)
        .execute(conn)
        .await?;
    Ok(())
}

/// Returns the wrap that is stored with a live keyslot. If there is no such leaf, returns `None`;
/// if it has no wrap, `Some(None)`.
pub(crate) async fn wrap(
    conn: &mut SqliteConnection,
    account: Id,
    slot: LeafId,
) -> sqlx::Result<Option<Option<Vec<u8>>>> {
    let sql = "SELECT wrap FROM leaves WHERE account = $1 AND kind = $2 AND id = $3";
    sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(i64::from(slot.kind()))
        .bind(slot.as_bytes().as_slice())
        .fetch_optional(conn)
        .await
}

/// Returns a live leaf.
pub(crate) async fn find(conn: &mut SqliteConnection, account: Id, id: LeafId) -> sqlx::Result<Option<Leaf>> {
    let sql = "SELECT value FROM leaves WHERE account = $1 AND kind = $2 AND id = $3";
    let value: Option<Vec<u8>> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(i64::from(id.kind()))
        .bind(id.as_bytes().as_slice())
        .fetch_optional(conn)
        .await?;
    value.map(|value| decode(id, &value)).transpose()
}

/// Returns the counter of the commit that added a live leaf or changed it last.
pub(crate) async fn counter(
    conn: &mut SqliteConnection,
    account: Id,
    id: LeafId,
) -> sqlx::Result<Option<u64>> {
    let sql = "SELECT counter FROM leaves WHERE account = $1 AND kind = $2 AND id = $3";
    let counter: Option<i64> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(i64::from(id.kind()))
        .bind(id.as_bytes().as_slice())
        .fetch_optional(conn)
        .await?;
    counter.map(decode_number).transpose()
}

/// Returns every live leaf of a vault.
pub(crate) async fn all(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<Vec<(LeafId, Leaf)>> {
    let sql = "SELECT kind, id, value FROM leaves WHERE account = $1";
    // One by one, since the rows of a large vault take more memory than its leaves.
    let mut rows = sqlx::query_as(sql).bind(account.0.as_slice()).fetch(conn);
    let mut leaves = Vec::new();
    while let Some((kind, id, value)) = rows.try_next().await? {
        let (kind, id, value): (i64, Vec<u8>, Vec<u8>) = (kind, id, value);
        let kind = u8::try_from(kind).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let id =
            LeafId::from_parts(kind, decode_id(&id)?.0).map_err(|error| sqlx::Error::Decode(error.into()))?;
        leaves.push((id, decode(id, &value)?));
    }
    Ok(leaves)
}

/// Id, value and wrap of a leaf.
type Row = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// A live leaf.
pub(crate) struct StoredLeaf {
    pub(crate) id: LeafId,
    pub(crate) leaf: Leaf,
    /// The wrap of a keyslot.
    pub(crate) wrap: Option<Vec<u8>>,
}

/// Returns live leaves of a kind with ids above `after`, ordered by id, at most `max`.
pub(crate) async fn after(
    conn: &mut SqliteConnection,
    account: Id,
    kind: u8,
    after: Option<Id>,
    max: u32,
) -> sqlx::Result<Vec<StoredLeaf>> {
    let sql = "SELECT id, value, wrap FROM leaves WHERE account = $1 AND kind = $2 AND id > $3 \
        ORDER BY id LIMIT $4";
    let rows: Vec<Row> = sqlx::query_as(sql)
        .bind(account.0.as_slice())
        .bind(i64::from(kind))
        // Every id comes after the empty one.
        .bind(after.map(|id| id.0.to_vec()).unwrap_or_default())
        .bind(i64::from(max))
        .fetch_all(conn)
        .await?;
    rows.into_iter()
        .map(|(id, value, wrap)| {
            let id = LeafId::from_parts(kind, decode_id(&id)?.0)
                .map_err(|error| sqlx::Error::Decode(error.into()))?;
            Ok(StoredLeaf { id, leaf: decode(id, &value)?, wrap })
        })
        .collect()
}

/// Returns the right edge of the history log before the newest head of an account.
pub(crate) async fn past(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "SELECT past FROM accounts WHERE id = $1";
    let past: Option<Option<Vec<u8>>> =
        sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_optional(conn).await?;
    Ok(past.flatten())
}

/// Sets the right edge of the history log before the newest head of an account.
pub(crate) async fn set_past(conn: &mut SqliteConnection, account: Id, past: &Bytes) -> sqlx::Result<()> {
    let sql = "UPDATE accounts SET past = $2 WHERE id = $1";
    sqlx::query(sql).bind(account.0.as_slice()).bind(past.as_slice()).execute(conn).await?;
    Ok(())
}

fn decode(id: LeafId, value: &[u8]) -> sqlx::Result<Leaf> {
    Leaf::decode(id, value).map_err(|error| sqlx::Error::Decode(error.into()))
}
