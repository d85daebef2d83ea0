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
    let commits = commits::sizes(conn, account, since, PAGE_COMMITS).await?;
    let Some(&(last, _)) = commits.last() else { return Ok(None) };
    let blobs: HashMap<u64, u64> = parts::sizes(conn, account, since, last).await?.into_iter().collect();
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
