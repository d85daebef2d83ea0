//! Deletes accounts in small steps. A step is one transaction, whatever the account holds, so that
//! nobody waits long for the only connection that writes.

use crystallum_api::Id;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::store::{accounts, deleted_accounts, server};

/// How many rows a step deletes at most.
const MAX_ROWS: usize = 256;
/// How many bytes the rows of a step have at most, unless a single row has more. Deleted bytes are
/// overwritten, so a step costs what it deletes.
const MAX_BYTES: i64 = 512 * 1_024;

/// The tables with rows of accounts, each with the size of a row in bytes. What lets somebody in
/// comes first.
const TABLES: &[(&str, &str)] = &[
    ("sessions", "128"),
    ("recovery", "256"),
    ("credentials", "octet_length(passkey)"),
    ("parts", "octet_length(blob)"),
    ("versions", "octet_length(blob)"),
    ("commits", "octet_length(head) + octet_length(changes) + octet_length(subtrees)"),
    ("leaves", "octet_length(value) + coalesce(octet_length(wrap), 0)"),
    ("shares", "256"),
];

/// Marks an account as deleted, so that it does not exist for anybody from then on, and takes the
/// first step. Returns whether the account is gone. A mark is kept of it, without its id.
pub(crate) async fn begin(conn: &mut SqliteConnection, account: Id, now: i64) -> sqlx::Result<bool> {
    accounts::mark_deleted(conn, account, now).await?;
    deleted_accounts::insert(conn, account, now).await?;
    server::advance_mark(conn).await?;
    step(conn, account).await
}

/// Deletes some rows of an account that is marked as deleted. Returns whether the account is gone.
pub(crate) async fn step(conn: &mut SqliteConnection, account: Id) -> sqlx::Result<bool> {
    let (mut rows, mut bytes) = (MAX_ROWS, MAX_BYTES);
    for (table, size) in TABLES {
        let found = find_rows(conn, account, (table, size), rows + 1).await?;
        let mut chosen = Vec::new();
        for (row, size) in &found {
            let is_first = rows == MAX_ROWS;
            if rows == 0 || (*size > bytes && !is_first) {
                break;
            }
            rows -= 1;
            bytes -= size;
            chosen.push(*row);
        }
        delete_rows(conn, table, &chosen).await?;
        if chosen.len() < found.len() {
            return Ok(false);
        }
    }
    let sql = "DELETE FROM accounts WHERE id = $1 AND deleted IS NOT NULL";
    sqlx::query(sql).bind(account.0.as_slice()).execute(conn).await?;
    Ok(true)
}

/// Returns some rows of an account in a table, each with its size. The rows are not read for that.
async fn find_rows(
    conn: &mut SqliteConnection,
    account: Id,
    (table, size): (&str, &str),
    max: usize,
) -> sqlx::Result<Vec<(i64, i64)>> {
    let sql = format!("SELECT rowid, {size} FROM {table} WHERE account = $1 LIMIT $2");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(account.0.as_slice())
        .bind(i64::try_from(max).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await
}

async fn delete_rows(conn: &mut SqliteConnection, table: &str, rows: &[i64]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let list = serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let sql = format!("DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each($1))");
    sqlx::query(AssertSqlSafe(sql)).bind(list).execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::database::Database;

    const ACCOUNT: Id = Id([7; 16]);
    /// Rows of some tables, and their sizes in bytes.
    const FILLED: [(&str, i64, i64); 3] =
        [("parts", 900, 1_000), ("versions", 70, 60_000), ("leaves", 400, 40)];

    async fn fill(conn: &mut SqliteConnection) {
        accounts::insert(conn, ACCOUNT, 1).await.unwrap();
        for (table, rows, bytes) in FILLED {
            let columns = match table {
                "parts" => "randomblob(16), 1, 1, 1",
                "versions" => "randomblob(16), 1, 1",
                _ => "1, randomblob(16)",
            };
            let after = if table == "leaves" { ", 1, NULL" } else { "" };
            let sql = format!(
                "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {rows}) \
                INSERT INTO {table} SELECT $1, {columns}, zeroblob({bytes}){after} FROM many"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(ACCOUNT.0.as_slice()).execute(&mut *conn).await.unwrap();
        }
        // A commit of the largest size, and some small ones.
        for counter in 1..=20_i64 {
            let size = if counter == 7 { 1_000_000 } else { 50 };
            let sql = "INSERT INTO commits VALUES ($1, $2, randomblob(16), x'00', zeroblob($3), '[]', x'')";
            sqlx::query(sql)
                .bind(ACCOUNT.0.as_slice())
                .bind(counter)
                .bind(size)
                .execute(&mut *conn)
                .await
                .unwrap();
        }
    }

    /// Returns how many rows all accounts have, and how many bytes are in those of this test.
    async fn count(conn: &mut SqliteConnection) -> (i64, i64) {
        let (mut rows, mut bytes) = (0, 0);
        for (table, size) in TABLES {
            let sql = format!("SELECT count(*), coalesce(sum({size}), 0) FROM {table}");
            let (more, size): (i64, i64) =
                sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.unwrap();
            rows += more;
            bytes += size;
        }
        (rows, bytes)
    }

    async fn opened() -> (tempfile::TempDir, Arc<Database>) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path(), Arc::default()).await.unwrap();
        fill(&mut database.writer().await.unwrap()).await;
        (folder, Arc::new(database))
    }

    #[tokio::test]
    async fn a_step_is_small_whatever_the_account_holds() {
        let (_folder, database) = opened().await;
        let mut conn = database.writer().await.unwrap();
        let mut left = count(&mut conn).await;
        assert!(left.0 > 5 * i64::try_from(MAX_ROWS).unwrap() && left.1 > 8 * MAX_BYTES, "{left:?}");
        let mut is_gone = begin(&mut conn, ACCOUNT, 1).await.unwrap();
        let mut steps = 1;
        loop {
            let now = count(&mut conn).await;
            let (rows, bytes) = (left.0 - now.0, left.1 - now.1);
            assert!((1..=256).contains(&rows), "{rows} rows");
            assert!(bytes <= MAX_BYTES || rows == 1, "{bytes} bytes in {rows} rows");
            assert!(accounts::find(&mut conn, ACCOUNT).await.unwrap().is_none());
            assert_eq!(accounts::is_being_deleted(&mut conn, ACCOUNT).await.unwrap(), !is_gone);
            left = now;
            if is_gone {
                break;
            }
            is_gone = step(&mut conn, ACCOUNT).await.unwrap();
            steps += 1;
        }
        assert_eq!(left, (0, 0));
        assert!((13..40).contains(&steps), "{steps} steps");
    }

    /// Whoever waits for the connection gets it after the step under way.
    #[tokio::test]
    async fn others_write_between_two_steps() {
        let (_folder, database) = opened().await;
        let held = database.begin_write().await.unwrap();
        let deleting = Arc::clone(&database);
        let deleting = tokio::spawn(async move {
            let mut steps = 0;
            let mut is_gone = false;
            while !is_gone {
                let mut write = deleting.begin_write().await.unwrap();
                is_gone = if steps == 0 {
                    begin(&mut write, ACCOUNT, 1).await.unwrap()
                } else {
                    step(&mut write, ACCOUNT).await.unwrap()
                };
                write.commit().await.unwrap();
                steps += 1;
            }
        });
        tokio::task::yield_now().await;
        let other = Arc::clone(&database);
        let other = tokio::spawn(async move {
            let mut write = other.begin_write().await.unwrap();
            let left = count(&mut write).await;
            write.rollback().await.unwrap();
            left.0
        });
        tokio::task::yield_now().await;
        held.rollback().await.unwrap();
        let all: i64 = FILLED.iter().map(|(_, rows, _)| rows).sum::<i64>() + 20;
        assert!(other.await.unwrap() >= all - 256, "one step came before");
        deleting.await.unwrap();
        assert_eq!(count(&mut database.reader().await.unwrap()).await, (0, 0));
    }

    /// A table that is forgotten here would keep rows of deleted accounts for ever.
    #[tokio::test]
    async fn every_table_of_accounts_is_known() {
        let (_folder, database) = opened().await;
        let sql = "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c \
            WHERE t.type = 'table' AND c.name = 'account' ORDER BY t.name";
        let found: Vec<String> =
            sqlx::query_scalar(sql).fetch_all(&mut *database.reader().await.unwrap()).await.unwrap();
        let mut known: Vec<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        known.sort_unstable();
        assert_eq!(found, known);
    }
}
