use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use crystallum_api::{Code, Id, MAX_SHARE, PutShare};
use crystallum_share_store::{Contents, Key, StoreError};
use sha2::{Digest, Sha256};

use super::find_store;
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::{Body, Path};
use crate::shares::stores::fits_another_dealing;
use crate::store::shares;
use crate::vault::disk_quota::Need;

/// Stores a share, which is pending until a commit names it. A share of the vault can be put again
/// with the same contents if its store has lost it.
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Path((id, share)): Path<(Id, Id)>,
    Body(request): Body<PutShare>,
) -> ApiResult<StatusCode> {
    let key = Key { account: auth.account, share };
    let contents = contents(request)?;
    find_store(&app, id)?;
    // One account does not use all of a store, and the sweep and commits look at shares that stay
    // as they are.
    let turn = app.turns.of_session(auth.account, auth.token).await?;
    let mut read = app.database.begin_read().await?;
    let hash: [u8; 32] = Sha256::digest(&contents.share).into();
    if let Some(named) = shares::find(&mut read, key.account, share).await? {
        if named.store != id || named.removed_at.is_some() || named.hash != hash {
            return Err(Code::from(StoreError::Taken).into());
        }
    } else if let Err(refused) = app.disk_quota.check(Need::Ordinary) {
        return Err(refused);
    } else if !fits_another_dealing(shares::count(&mut read, key.account).await?) {
        return Err(Code::QuotaExceeded.into());
    }
    drop(read);
    run_to_completion(async move {
        let _turn = turn;
        let now = app.clock.unix();
        find_store(&app, id)?.put(key, &contents, now).await.map_err(Code::from)?;
        app.stores.note_put(id, key, hash, now);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn contents(request: PutShare) -> ApiResult<Contents> {
    let PutShare { share, access_hash } = request;
    if !(1..=MAX_SHARE).contains(&share.as_slice().len()) {
        return Err(Code::BadRequest.into());
    }
    let access_hash = access_hash.as_slice().try_into().map_err(|_| Code::BadRequest)?;
    Ok(Contents { share: share.0, access_hash })
}
