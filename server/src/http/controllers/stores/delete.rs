use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use crystallum_api::{Code, Id, ShareAccess};
use crystallum_share_store::Key;

use super::{credential, find_store};
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::{Body, Path};
use crate::store::shares;

/// Deletes a share that is not in the vault, given its store's credential.
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Path((id, share)): Path<(Id, Id)>,
    Body(access): Body<ShareAccess>,
) -> ApiResult<StatusCode> {
    let credential = credential(&access)?;
    let key = Key { account: auth.account, share };
    find_store(&app, id)?;
    // No commit can name the share before this is done. The database is not locked meanwhile,
    // because the store may take long to answer.
    let turn = app.turns.of_session(auth.account, auth.token).await?;
    let named = shares::find(&mut *app.database.reader().await?, key.account, share).await?;
    if named.is_some_and(|named| named.store == id && named.removed_at.is_none()) {
        return Err(Code::BadRequest.into());
    }
    run_to_completion(async move {
        let _turn = turn;
        find_store(&app, id)?.delete(key, &credential).await.map_err(Code::from)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
