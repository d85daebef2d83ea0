//! The rows of an open store.

use crystallum_api::Id;
use sha2::{Digest, Sha256};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Connection, Sqlite, SqliteConnection};
use subtle::ConstantTimeEq;

use crate::contract::{Contents, Key, Listed, MAX_PENDING, Memory, State, StoreError};
use crate::sqlite::decode_id;

/// How many shares one page of a listing has.
const PAGE: i64 = 500;

/// A share as it is stored.
pub(super) struct StoredShare {
    share: Vec<u8>,
    access_hash: Vec<u8>,
    claimed: bool,
}

impl StoredShare {
    pub(super) fn state(&self) -> State {
        State { hash: Sha256::digest(&self.share).into(), claimed: self.claimed }
    }

    /// Returns the share if the credential is right.
    pub(super) fn read(self, credential: &[u8]) -> Result<Vec<u8>, StoreError> {
        if self.opens_with(credential) { Ok(self.share) } else { Err(StoreError::Rejected) }
    }

    fn opens_with(&self, credential: &[u8]) -> bool {
        Sha256::digest(credential).as_slice().ct_eq(&self.access_hash).into()
    }
}

/// Returns a query about one share, with its account as the first parameter and its id as the
/// second.
fn about(sql: &'static str, key: Key) -> Query<'static, Sqlite, SqliteArguments> {
    sqlx::query(sql).bind(key.account.0.to_vec()).bind(key.share.0.to_vec())
}

pub(super) async fn find(conn: &mut SqliteConnection, key: Key) -> sqlx::Result<Option<StoredShare>> {
    let sql = "SELECT share, access_hash, claimed FROM shares WHERE account = $1 AND id = $2";
    let row: Option<(Vec<u8>, Vec<u8>, bool)> = sqlx::query_as(sql)
        .bind(key.account.0.as_slice())
        .bind(key.share.0.as_slice())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(share, access_hash, claimed)| StoredShare { share, access_hash, claimed }))
}

pub(super) async fn put(
    conn: &mut SqliteConnection,
    key: Key,
    contents: &Contents,
    now: i64,
) -> sqlx::Result<Result<(), StoreError>> {
    let mut write = conn.begin_with("BEGIN IMMEDIATE").await?;
    if let Some(found) = find(&mut write, key).await? {
        if found.share != contents.share || found.access_hash != contents.access_hash {
            return Ok(Err(StoreError::Taken));
        }
        let sql = "UPDATE shares SET created = $3 WHERE account = $1 AND id = $2 AND claimed = 0";
        about(sql, key).bind(now).execute(&mut *write).await?;
    } else {
        let sql = "SELECT count(*) FROM shares WHERE account = $1 AND claimed = 0";
        let pending: i64 =
            sqlx::query_scalar(sql).bind(key.account.0.as_slice()).fetch_one(&mut *write).await?;
        let sql = "DELETE FROM shares WHERE rowid IN (SELECT rowid FROM shares \
            WHERE account = $1 AND claimed = 0 ORDER BY created, rowid LIMIT $2)";
        let surplus = (pending + 1 - i64::from(MAX_PENDING)).max(0);
        sqlx::query(sql).bind(key.account.0.as_slice()).bind(surplus).execute(&mut *write).await?;
        let sql = "INSERT INTO shares (account, id, share, access_hash, created, claimed) \
            VALUES ($1, $2, $3, $4, $5, 0)";
        sqlx::query(sql)
            .bind(key.account.0.as_slice())
            .bind(key.share.0.as_slice())
            .bind(contents.share.as_slice())
            .bind(contents.access_hash.as_slice())
            .bind(now)
            .execute(&mut *write)
            .await?;
    }
    write.commit().await?;
    Ok(Ok(()))
}

pub(super) async fn delete(
    conn: &mut SqliteConnection,
    key: Key,
    credential: &[u8],
) -> sqlx::Result<Result<(), StoreError>> {
    let Some(found) = find(conn, key).await? else { return Ok(Err(StoreError::NotFound)) };
    if !found.opens_with(credential) {
        return Ok(Err(StoreError::Rejected));
    }
    about("DELETE FROM shares WHERE account = $1 AND id = $2", key).execute(conn).await?;
    Ok(Ok(()))
}

pub(super) async fn claim(conn: &mut SqliteConnection, keys: &[Key], memory: Memory) -> sqlx::Result<()> {
    let mut write = conn.begin().await?;
    for key in keys {
        let sql = "UPDATE shares SET claimed = 1, forsaken = NULL WHERE account = $1 AND id = $2";
        about(sql, *key).execute(&mut *write).await?;
    }
    let sql = "UPDATE store SET mark = max(mark, $3) WHERE server = $1 AND run = $2";
    of_memory(sql, memory).execute(&mut *write).await?;
    write.commit().await
}

pub(super) async fn remember(conn: &mut SqliteConnection, memory: Memory) -> sqlx::Result<()> {
    let sql = "UPDATE store SET server = $1, run = $2, \
        mark = CASE WHEN server = $1 AND run = $2 THEN max(mark, $3) ELSE $3 END";
    of_memory(sql, memory).execute(conn).await.map(drop)
}

/// Returns a query with the server, its run and its mark as parameters.
fn of_memory(sql: &'static str, memory: Memory) -> Query<'static, Sqlite, SqliteArguments> {
    let mark = i64::try_from(memory.mark).unwrap_or(i64::MAX);
    sqlx::query(sql).bind(memory.server.0.to_vec()).bind(memory.run.map(|run| run.0.to_vec())).bind(mark)
}

pub(super) async fn orphan(conn: &mut SqliteConnection, keys: &[Key], now: i64) -> sqlx::Result<()> {
    let sql = "UPDATE shares SET forsaken = $3 WHERE account = $1 AND id = $2 AND forsaken IS NULL";
    let mut write = conn.begin().await?;
    for key in keys {
        about(sql, *key).bind(now).execute(&mut *write).await?;
    }
    write.commit().await
}

pub(super) async fn discard(conn: &mut SqliteConnection, shares: &[Listed]) -> sqlx::Result<()> {
    let sql = "DELETE FROM shares WHERE account = $1 AND id = $2 AND created = $3 AND claimed = $4";
    let mut write = conn.begin().await?;
    for share in shares {
        about(sql, share.key).bind(share.created).bind(share.claimed).execute(&mut *write).await?;
    }
    write.commit().await
}

/// Deletes some shares of an account. Returns whether there may be more.
pub(super) async fn delete_some(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let sql = "DELETE FROM shares WHERE rowid IN (SELECT rowid FROM shares WHERE account = $1 LIMIT $2)";
    let done = sqlx::query(sql).bind(account.0.as_slice()).bind(PAGE).execute(conn).await?;
    Ok(i64::try_from(done.rows_affected()) == Ok(PAGE))
}

pub(super) async fn list(conn: &mut SqliteConnection, after: Option<Key>) -> sqlx::Result<Vec<Listed>> {
    let sql = "SELECT account, id, claimed, created, forsaken FROM shares \
        WHERE (account, id) > ($1, $2) ORDER BY account, id LIMIT $3";
    let (account, share) =
        after.map_or((Vec::new(), Vec::new()), |key| (key.account.0.to_vec(), key.share.0.to_vec()));
    type Row = (Vec<u8>, Vec<u8>, bool, i64, Option<i64>);
    let rows: Vec<Row> = sqlx::query_as(sql).bind(account).bind(share).bind(PAGE).fetch_all(conn).await?;
    rows.into_iter()
        .map(|(account, share, claimed, created, orphaned_at)| {
            let key = Key { account: decode_id(&account)?, share: decode_id(&share)? };
            Ok(Listed { key, claimed, created, orphaned_at })
        })
        .collect()
}
