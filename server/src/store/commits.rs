use crystallum_api::Id;
use crystallum_format::history::inclusion::Subtree;
use futures_util::TryStreamExt;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_number, encode_number};

/// The counter of an accepted commit and the hash of its request.
pub(crate) struct AcceptedCommit {
    pub(crate) counter: u64,
    pub(crate) request: Vec<u8>,
}

/// A commit as it is stored.
pub(crate) struct StoredCommit {
    pub(crate) counter: u64,
    pub(crate) head: Vec<u8>,
    /// The changes as JSON, without blobs.
    pub(crate) changes: String,
    /// The roots of the complete subtrees of the history log that end with this head, the smallest
    /// first.
    pub(crate) subtrees: Vec<u8>,
}

/// Finds a commit by its id.
pub(crate) async fn find(
    conn: &mut SqliteConnection,
    account: Id,
    id: Id,
) -> sqlx::Result<Option<AcceptedCommit>> {
    let sql = "SELECT counter, request FROM commits WHERE account = $1 AND id = $2";
    let row: Option<(i64, Vec<u8>)> =
        sqlx::query_as(sql).bind(account.0.as_slice()).bind(id.0.as_slice()).fetch_optional(conn).await?;
    row.map(|(counter, request)| Ok(AcceptedCommit { counter: decode_number(counter)?, request })).transpose()
}

/// Returns the head of the commit with this counter.
pub(crate) async fn head(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "SELECT head FROM commits WHERE account = $1 AND counter = $2";
    sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(counter)?)
        .fetch_optional(conn)
        .await
}

/// Returns the root of a complete subtree of an account's history log.
pub(crate) async fn subtree(
    conn: &mut SqliteConnection,
    account: Id,
    Subtree { level, last }: Subtree,
) -> sqlx::Result<[u8; 32]> {
    let sql = "SELECT substr(subtrees, $3, 32) FROM commits WHERE account = $1 AND counter = $2";
    let root: Vec<u8> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(last)?)
        .bind(i64::from(level) * 32 + 1)
        .fetch_one(conn)
        .await?;
    root.try_into().map_err(|_| sqlx::Error::Decode("the history log has a gap".into()))
}

/// Returns the changes of the commit with this counter.
pub(crate) async fn changes(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
) -> sqlx::Result<Option<String>> {
    let sql = "SELECT changes FROM commits WHERE account = $1 AND counter = $2";
    sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(counter)?)
        .fetch_optional(conn)
        .await
}

/// Replaces the changes of a commit by the same ones without some of their ciphertext.
pub(crate) async fn set_changes(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
    changes: &str,
) -> sqlx::Result<()> {
    let sql = "UPDATE commits SET changes = $3 WHERE account = $1 AND counter = $2";
    sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(counter)?)
        .bind(changes)
        .execute(conn)
        .await?;
    Ok(())
}

/// Inserts a commit.
pub(crate) async fn insert(
    conn: &mut SqliteConnection,
    account: Id,
    id: Id,
    request: &[u8; 32],
    commit: &StoredCommit,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO commits (account, counter, id, request, head, changes, subtrees) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(commit.counter)?)
        .bind(id.0.as_slice())
        .bind(request.as_slice())
        .bind(commit.head.as_slice())
        .bind(commit.changes.as_str())
        .bind(commit.subtrees.as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

/// Returns the counters after `since` with the size of each commit without blobs, in bytes, oldest
/// first. There are at most `max`, and no more of them are looked at than have `bytes` together.
/// The commits themselves are not read.
pub(crate) async fn sizes(
    conn: &mut SqliteConnection,
    account: Id,
    since: u64,
    (max, bytes): (usize, u64),
) -> sqlx::Result<Vec<(u64, u64)>> {
    let sql = "SELECT counter, octet_length(head) + octet_length(changes) FROM commits \
        WHERE account = $1 AND counter > $2 ORDER BY counter LIMIT $3";
    let mut rows = sqlx::query_as(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(since)?)
        .bind(i64::try_from(max).unwrap_or(i64::MAX))
        .fetch(conn);
    let (mut sizes, mut sum) = (Vec::new(), 0_u64);
    while sum <= bytes
        && let Some((counter, size)) = rows.try_next().await?
    {
        let size = decode_number(size)?;
        sizes.push((decode_number(counter)?, size));
        sum = sum.saturating_add(size);
    }
    Ok(sizes)
}

/// Returns the commits after `since` up to and including `last`, oldest first.
pub(crate) async fn between(
    conn: &mut SqliteConnection,
    account: Id,
    since: u64,
    last: u64,
) -> sqlx::Result<Vec<StoredCommit>> {
    let sql = "SELECT counter, head, changes, subtrees FROM commits \
        WHERE account = $1 AND counter > $2 AND counter <= $3 ORDER BY counter";
    let rows: Vec<(i64, Vec<u8>, String, Vec<u8>)> = sqlx::query_as(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(since)?)
        .bind(encode_number(last)?)
        .fetch_all(conn)
        .await?;
    rows.into_iter()
        .map(|(counter, head, changes, subtrees)| {
            Ok(StoredCommit { counter: decode_number(counter)?, head, changes, subtrees })
        })
        .collect()
}
