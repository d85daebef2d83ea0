use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Challenge, Code};

use crate::app::state::App;
use crate::auth::ceremonies::Ceremony;
use crate::http::controllers;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;

/// Creates a nonce for any recovery code of this server.
pub(crate) async fn challenge(State(app): State<Arc<App>>, _: NoBody) -> ApiResult<Json<Challenge>> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|_| Code::Unavailable)?;
    controllers::start_ceremony(&app, nonce.to_vec(), Ceremony::Recovery(nonce)).map(Json)
}
