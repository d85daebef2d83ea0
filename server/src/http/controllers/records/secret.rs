use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Bytes, Code, Id, Part};
use sha2::{Digest, Sha256};

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::Path;
use crate::store::versions;

/// Returns the secret of a record at one version: the newest, or an earlier one that is still kept.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Path((record, version)): Path<(Id, u64)>,
) -> ApiResult<Json<Part>> {
    let _turn = app.read_turns.take(auth.account, auth.token).await;
    let found = versions::find(&mut *app.database.reader().await?, auth.account, record, version).await?;
    let blob = found.ok_or(Code::NotFound)?;
    Ok(Json(Part { version, hash: Bytes(Sha256::digest(&blob).to_vec()), blob: Some(Bytes(blob)) }))
}
