use crystallum_api::{Bytes, Change, Code, Id, Part};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::http::error::ApiResult;
use crate::shares::stores::MAX_SHARES_PER_VAULT;
use crate::store::accounts::Account;
use crate::store::{members, parts, shares, tombstones, versions};
use crate::vault::quota::length;

/// Applies one change and removes its blobs. If the commit is a dealing, replaced secrets are not
/// kept.
pub(super) async fn apply_change(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    state: &mut Account,
    change: &mut Change,
    is_dealing: bool,
) -> ApiResult<()> {
    match change {
        Change::Device { id, key, .. } => {
            ensure(members::insert(conn, account, members::Kind::Device(key.as_slice()), *id).await?)
        }
        Change::Keyslot { id, .. } => {
            ensure(members::insert(conn, account, members::Kind::Keyslot, *id).await?)
        }
        Change::KeyslotGone { id } => {
            ensure(members::remove_keyslot(conn, account, *id, state.counter).await?)
        }
        Change::Tombstone { id, version } => delete_record(conn, account, state, *id, *version).await,
        Change::Record { id, overview, secret } => {
            let record = parts::record(conn, account, *id).await?;
            if record.is_none() {
                ensure(
                    overview.is_some() && secret.is_some() && !tombstones::exists(conn, account, *id).await?,
                )?;
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
    version: u64,
) -> ApiResult<()> {
    let Some(record) = parts::record(conn, account, id).await? else { return Err(Code::BadRequest.into()) };
    ensure(version > record.overview.version && version > record.secret.version)?;
    parts::delete(conn, account, id).await?;
    tombstones::insert(conn, account, id, version).await?;
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
    let Some(Bytes(blob)) = part.blob.take() else { return Err(Code::BadRequest.into()) };
    state.bytes = state.bytes.saturating_sub(bytes) + length(blob.len());
    let blob = parts::Blob { counter: state.counter, record, part: kind, version: part.version, blob };
    Ok(parts::put(conn, account, &blob).await?)
}

/// Rejects a change that does not follow from the state before it.
fn ensure(holds: bool) -> ApiResult<()> {
    if holds { Ok(()) } else { Err(Code::BadRequest.into()) }
}
