use crystallum_api::Id;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

/// Returns what is kept of a deleted account. The id itself, which is random, cannot be computed
/// from it.
fn hash(account: Id) -> Vec<u8> {
    Sha256::new().chain_update(b"crystallum/deleted account").chain_update(account.0).finalize().to_vec()
}

/// Marks an account as deleted.
pub(crate) async fn insert(conn: &mut SqliteConnection, account: Id, now: i64) -> sqlx::Result<()> {
    let sql = "INSERT INTO deleted_accounts (hash, deleted) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sqlx::query(sql).bind(hash(account)).bind(now).execute(conn).await?;
    Ok(())
}

/// Removes the mark of an account that is created again.
pub(crate) async fn remove(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM deleted_accounts WHERE hash = $1").bind(hash(account)).execute(conn).await?;
    Ok(())
}

/// Returns whether the account was deleted.
pub(crate) async fn contains(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM deleted_accounts WHERE hash = $1)";
    sqlx::query_scalar(sql).bind(hash(account)).fetch_one(conn).await
}

/// Removes the marks from before a time.
pub(crate) async fn prune(conn: &mut SqliteConnection, before: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM deleted_accounts WHERE deleted < $1").bind(before).execute(conn).await?;
    Ok(())
}
