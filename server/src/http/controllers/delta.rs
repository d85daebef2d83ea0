use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, Delta};
use serde::Deserialize;

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::vault::delta::delta_page;

/// The query of a delta.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    since: u64,
}

/// Returns the commits after a counter.
pub(crate) async fn delta(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Query(Since { since }): Query<Since>,
) -> ApiResult<Json<Delta>> {
    let mut read = app.database.begin_read().await?;
    let delta = delta_page(&mut read, auth.account, since).await?;
    Ok(Json(delta.ok_or(Code::SessionExpired)?))
}
