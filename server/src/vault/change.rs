use crystallum_api::{Bytes, Change, Code, Id, Part};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::http::error::ApiResult;
use crate::shares::stores::MAX_SHARES_PER_VAULT;
use crate::store::accounts::Account;
use crate::store::{parts, shares, versions};
use crate::vault::blank_wraps::blank_wrap;
use crate::vault::quota::length;

/// Where a commit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Its device has just made it, and sends all of its ciphertext.
    Device,
    /// The server had it and has lost it. Ciphertext that a later commit replaces is missing.
    PutBack,
}

/// Applies one change, which the rules of the format allow, and removes its blobs. If the commit is
/// a dealing, replaced secrets are not kept. A part without a blob is stored as an empty one until
/// a later commit of the same transaction takes its place.
pub(super) async fn apply_change(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    change: &mut Change,
    (source, is_dealing): (Source, bool),
) -> ApiResult<()> {
    match change {
        Change::Device { .. } | Change::DeviceGone { .. } | Change::Keyslot { .. } => Ok(()),
        Change::KeyslotGone { id } => {
            state.history = state.history.saturating_sub(blank_wrap(conn, account, *id).await?);
            Ok(())
        }
        Change::Tombstone { id, .. } => delete_record(conn, account, state, *id).await,
        Change::Record { id, overview, secret } => {
            let is_bare = |part: &Option<Part>| part.as_ref().is_some_and(|part| part.blob.is_none());
            ensure(source == Source::PutBack || !(is_bare(overview) || is_bare(secret)))?;
            let record = parts::record(conn, account, *id).await?;
            if record.is_none() {
                state.records += 1;
            } else if secret.is_some() {
                archive_secret(conn, account, state, *id, is_dealing).await?;
            }
            let newest = record.map(|record| record.overview);
            put_part(conn, account, state, *id, parts::Kind::Overview, newest, overview).await?;
            let newest = record.map(|record| record.secret);
            put_part(conn, account, state, *id, parts::Kind::Secret, newest, secret).await
        }
        Change::Share { id, set, epoch, store, hash, .. } => {
            let share =
                shares::NewShare { id: *id, store: *store, set: *set, epoch: *epoch, hash: hash.as_slice() };
            ensure(shares::insert(conn, account, &share).await?)?;
            let fits = shares::count(conn, account).await? <= MAX_SHARES_PER_VAULT;
            if fits { Ok(()) } else { Err(Code::QuotaExceeded.into()) }
        }
        Change::ShareGone { id } => ensure(shares::mark_removed(conn, account, *id, app.clock.unix()).await?),
    }
}

/// Deletes a record with all its versions.
async fn delete_record(
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    id: Id,
) -> ApiResult<()> {
    let Some(record) = parts::record(conn, account, id).await? else { return Err(Code::BadRequest.into()) };
    parts::delete(conn, account, id).await?;
    state.records = state.records.saturating_sub(1);
    state.bytes = state.bytes.saturating_sub(record.overview.bytes + record.secret.bytes);
    state.kept = state.kept.saturating_sub(versions::delete_all(conn, account, id).await?);
    Ok(())
}

/// Keeps the secret that is about to be replaced or, for a dealing, deletes all earlier ones.
async fn archive_secret(
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    record: Id,
    is_dealing: bool,
) -> ApiResult<()> {
    let (added, removed) = if is_dealing {
        (0, versions::delete_all(conn, account, record).await?)
    } else {
        versions::archive_newest(conn, account, record).await?
    };
    state.kept = (state.kept + added).saturating_sub(removed);
    Ok(())
}

async fn put_part(
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    record: Id,
    kind: parts::Kind,
    newest: Option<parts::Newest>,
    part: &mut Option<Part>,
) -> ApiResult<()> {
    let Some(part) = part else { return Ok(()) };
    let (version, bytes) = newest.map_or((0, 0), |newest| (newest.version, newest.bytes));
    ensure(part.version.checked_sub(1) == Some(version))?;
    let blob = part.blob.take().map(|Bytes(blob)| blob).unwrap_or_default();
    state.bytes = state.bytes.saturating_sub(bytes) + length(blob.len());
    let blob = parts::Blob { counter: state.counter, record, part: kind, version: part.version, blob };
    Ok(parts::put(conn, account, &blob).await?)
}

/// Rejects a change that does not follow from the state before it.
fn ensure(holds: bool) -> ApiResult<()> {
    if holds { Ok(()) } else { Err(Code::BadRequest.into()) }
}
