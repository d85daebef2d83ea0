use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::Stores;

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;

/// Lists the share stores and which of them are available.
pub(crate) async fn list(State(app): State<Arc<App>>, _: Authenticated) -> ApiResult<Json<Stores>> {
    Ok(Json(Stores { stores: app.stores.list().await }))
}
