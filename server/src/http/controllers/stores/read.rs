use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Bytes, Code, Id, ReadShare, ShareAccess};
use crystallum_share_store::Key;

use super::{credential, find_store};
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::{Body, Path};

/// Returns a share, given its store's credential.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Path((id, share)): Path<(Id, Id)>,
    Body(access): Body<ShareAccess>,
) -> ApiResult<Json<ReadShare>> {
    let credential = credential(&access)?;
    let key = Key { account: auth.account, share };
    let share = find_store(&app, id)?.read(key, &credential).await.map_err(Code::from)?;
    Ok(Json(ReadShare { share: Bytes(share) }))
}
