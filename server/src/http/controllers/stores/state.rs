use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Bytes, Code, Id, ShareState};
use crystallum_share_store::Key;

use super::find_store;
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::Path;

/// Returns what the store reports about a share without revealing it.
pub(crate) async fn state(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Path((id, share)): Path<(Id, Id)>,
) -> ApiResult<Json<ShareState>> {
    let key = Key { account: auth.account, share };
    let state = find_store(&app, id)?.state(key).await.map_err(Code::from)?;
    Ok(Json(ShareState { hash: Bytes(state.hash.to_vec()), claimed: state.claimed }))
}
