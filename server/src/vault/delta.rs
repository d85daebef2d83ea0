use std::collections::HashMap;

use crystallum_api::{Bytes, Change, Delta, Entry, Id, PAGE_COMMITS, Part};
use sqlx::SqliteConnection;

use crate::http::error::ApiResult;
use crate::store::{accounts, commits, parts};

/// The largest page in bytes before base64, which is about 512 KiB after, so that a device on a
/// slow line makes progress page by page. A larger commit gets a page of its own.
const PAGE_BYTES: u64 = 380 * 1_024;

/// The most memory that a page takes as JSON: a commit of the largest size, with its head.
pub(crate) const MAX_PAGE_JSON: usize = 2 * 1_048_576;

type Blobs = HashMap<(Id, parts::Kind, u64), Vec<u8>>;

/// Returns one page of the commits after `since`, or `None` if the account does not exist.
pub(crate) async fn delta_page(
    conn: &mut SqliteConnection,
    account: Id,
    since: u64,
) -> ApiResult<Option<Delta>> {
    let Some(state) = accounts::find(conn, account).await? else { return Ok(None) };
    let mut delta = Delta { counter: state.counter, entries: Vec::new() };
    if since >= state.counter {
        return Ok(Some(delta));
    }
    let Some(last) = page_end(conn, account, since).await? else { return Ok(Some(delta)) };
    let mut blobs: Blobs = parts::between(conn, account, since, last)
        .await?
        .into_iter()
        .map(|blob| ((blob.record, blob.part, blob.version), blob.blob))
        .collect();
    for stored in commits::between(conn, account, since, last).await? {
        let mut changes: Vec<Change> =
            serde_json::from_str(&stored.changes).map_err(|error| sqlx::Error::Decode(error.into()))?;
        for change in &mut changes {
            if let Change::Record { id, overview, secret } = change {
                attach_blob(&mut blobs, *id, parts::Kind::Overview, overview);
                attach_blob(&mut blobs, *id, parts::Kind::Secret, secret);
            }
        }
        delta.entries.push(Entry { head: Bytes(stored.head), changes });
    }
    Ok(Some(delta))
}

/// Returns the last counter of the page that starts after `since`.
async fn page_end(conn: &mut SqliteConnection, account: Id, since: u64) -> ApiResult<Option<u64>> {
    let commits = commits::sizes(conn, account, since, (PAGE_COMMITS, PAGE_BYTES)).await?;
    let Some(&(last, _)) = commits.last() else { return Ok(None) };
    let blobs = parts::sizes(conn, account, (since, last), PAGE_BYTES).await?;
    let blobs: HashMap<u64, u64> = blobs.into_iter().collect();
    let mut bytes = 0;
    let mut end = None;
    for (counter, size) in commits {
        let size = size + blobs.get(&counter).copied().unwrap_or(0);
        if end.is_some() && bytes + size > PAGE_BYTES {
            break;
        }
        bytes += size;
        end = Some(counter);
    }
    Ok(end)
}

/// Attaches the blob to a part that is still the newest version.
fn attach_blob(blobs: &mut Blobs, record: Id, kind: parts::Kind, part: &mut Option<Part>) {
    if let Some(part) = part {
        part.blob = blobs.remove(&(record, kind, part.version)).map(Bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sqlx::AssertSqlSafe;

    use super::*;
    use crate::store::database::Database;

    const ACCOUNT: Id = Id([7; 16]);

    /// Adds commits with so many bytes of changes each, and parts of so many bytes for each.
    async fn opened(
        commits: u64,
        changes: usize,
        parts: u64,
        blob: usize,
    ) -> (tempfile::TempDir, Arc<Database>) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path(), Arc::default()).await.unwrap();
        let mut conn = database.writer().await.unwrap();
        accounts::insert(&mut conn, ACCOUNT, 1).await.unwrap();
        let many = |last| {
            format!("WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {last})")
        };
        let commits_sql = format!(
            "{} INSERT INTO commits SELECT $1, n, randomblob(16), x'00', zeroblob(100), \
            '[]' || hex(zeroblob({})), x'' FROM many",
            many(commits),
            changes / 2
        );
        let parts_sql = format!(
            "{} INSERT INTO parts SELECT $1, randomblob(16), 1, 1, 1 + (n - 1) / {parts}, zeroblob({blob}) FROM many",
            many(commits * parts)
        );
        for sql in [commits_sql, parts_sql] {
            sqlx::query(AssertSqlSafe(sql)).bind(ACCOUNT.0.as_slice()).execute(&mut *conn).await.unwrap();
        }
        drop(conn);
        (folder, Arc::new(database))
    }

    /// Returns how many commits and how many counters with blobs are looked at, and the page's end.
    async fn looked_at(database: &Database) -> (usize, usize, Option<u64>) {
        let mut conn = database.reader().await.unwrap();
        let commits = commits::sizes(&mut conn, ACCOUNT, 0, (PAGE_COMMITS, PAGE_BYTES)).await.unwrap();
        let last = commits.last().unwrap().0;
        let blobs = parts::sizes(&mut conn, ACCOUNT, (0, last), PAGE_BYTES).await.unwrap();
        (commits.len(), blobs.len(), page_end(&mut conn, ACCOUNT, 0).await.unwrap())
    }

    #[tokio::test]
    async fn a_page_looks_at_no_more_than_it_takes() {
        // Large commits: 380 KiB are three of them and a part of the fourth.
        let (_folder, database) = opened(60, 100_000, 1, 1).await;
        assert_eq!(looked_at(&database).await, (4, 4, Some(3)));
        // Large blobs.
        let (_folder, database) = opened(60, 100, 10, 10_000).await;
        assert_eq!(looked_at(&database).await, (60, 4, Some(3)));
        // A commit that is larger than a page gets one of its own.
        let (_folder, database) = opened(3, 500_000, 1, 1).await;
        assert_eq!(looked_at(&database).await, (1, 1, Some(1)));
        let (_folder, database) = opened(3, 100, 1, 500_000).await;
        assert_eq!(looked_at(&database).await, (3, 1, Some(1)));
        // Small ones: as many as a page has commits.
        let (_folder, database) = opened(600, 10, 1, 10).await;
        assert_eq!(looked_at(&database).await, (500, 500, Some(500)));
    }
}
