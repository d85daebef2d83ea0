use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::Challenge;

use crate::app::state::App;
use crate::auth::ceremonies::Kind;
use crate::http::controllers;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;

/// Creates a nonce for the key of any vault of this server.
pub(crate) async fn challenge(State(app): State<Arc<App>>, _: NoBody) -> ApiResult<Json<Challenge>> {
    controllers::start_ceremony(&app, Kind::Vault).map(Json)
}
