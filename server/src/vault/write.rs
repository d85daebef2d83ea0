use crystallum_api::{Bytes, Change, Code, Commit, Committed, Id, Part};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use crate::error::{Answer, Refusal};
use crate::store::accounts::{self, Account};
use crate::store::commits::{self, Told};
use crate::store::{members, parts, tombstones};

use super::Quotas;

/// SHA-256 of a request as this server would write it, so spelling does not matter.
pub(crate) fn fingerprint(request: &impl Serialize) -> Answer<[u8; 32]> {
    let text = serde_json::to_vec(request).map_err(|_| Code::BadRequest)?;
    Ok(Sha256::digest(text).into())
}

/// Applies a well formed commit inside a transaction; on an error the transaction must be dropped.
pub(crate) async fn apply(
    conn: &mut SqliteConnection,
    account: Id,
    mut commit: Commit,
    quotas: Quotas,
) -> Answer<Committed> {
    let request = fingerprint(&commit)?;
    if let Some(earlier) = commits::find(conn, account, commit.commit_id).await? {
        let same = earlier.request == request;
        return if same {
            Ok(Committed { counter: earlier.counter })
        } else {
            Err(Code::CommitIdReused.into())
        };
    }
    let before = accounts::find(conn, account).await?.ok_or(Code::SessionExpired)?;
    if before.counter != commit.expected_counter {
        return Err(Refusal::conflict(before.counter));
    }
    let mut state = Account { counter: before.counter + 1, ..before };
    for change in &mut commit.changes {
        take(conn, account, &mut state, change).await?;
    }
    let changes = serde_json::to_string(&commit.changes).map_err(|_| Code::BadRequest)?;
    let told = Told { counter: state.counter, head: commit.head.0, changes };
    state.history += length(told.head.len()) + length(told.changes.len());
    if !quotas.allow(&before, &state) {
        return Err(Code::QuotaExceeded.into());
    }
    commits::insert(conn, account, commit.commit_id, &request, &told).await?;
    if !accounts::advance(conn, account, state).await? {
        return Err(Code::Unavailable.into());
    }
    Ok(Committed { counter: state.counter })
}

/// Applies one change and leaves it without blobs.
async fn take(
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    change: &mut Change,
) -> Answer<()> {
    match change {
        Change::Device { id, .. } => must(members::insert(conn, account, members::Kind::Device, *id).await?),
        Change::Keyslot { id, .. } => {
            must(members::insert(conn, account, members::Kind::Keyslot, *id).await?)
        }
        Change::Tombstone { id, version } => {
            let Some(record) = parts::record(conn, account, *id).await? else {
                return Err(Code::BadRequest.into());
            };
            must(*version > record.overview.version && *version > record.secret.version)?;
            parts::delete(conn, account, *id).await?;
            tombstones::insert(conn, account, *id, *version).await?;
            state.records = state.records.saturating_sub(1);
            state.bytes = state.bytes.saturating_sub(record.overview.bytes + record.secret.bytes);
            Ok(())
        }
        Change::Record { id, overview, secret } => {
            let record = parts::record(conn, account, *id).await?;
            if record.is_none() {
                must(
                    overview.is_some() && secret.is_some() && !tombstones::exists(conn, account, *id).await?,
                )?;
                state.records += 1;
            }
            let newest = record.map(|record| record.overview);
            put(conn, account, state, *id, parts::Kind::Overview, newest, overview).await?;
            let newest = record.map(|record| record.secret);
            put(conn, account, state, *id, parts::Kind::Secret, newest, secret).await
        }
    }
}

async fn put(
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    record: Id,
    kind: parts::Kind,
    newest: Option<parts::Newest>,
    part: &mut Option<Part>,
) -> Answer<()> {
    let Some(part) = part else { return Ok(()) };
    let (version, bytes) = newest.map_or((0, 0), |newest| (newest.version, newest.bytes));
    must(part.version.checked_sub(1) == Some(version))?;
    let Some(Bytes(blob)) = part.blob.take() else { return Err(Code::BadRequest.into()) };
    state.bytes = state.bytes.saturating_sub(bytes) + length(blob.len());
    let blob = parts::Blob { counter: state.counter, record, part: kind, version: part.version, blob };
    Ok(parts::put(conn, account, &blob).await?)
}

/// A rule about what was there before.
fn must(holds: bool) -> Answer<()> {
    if holds { Ok(()) } else { Err(Code::BadRequest.into()) }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
