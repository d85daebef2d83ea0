use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Challenge, Code};

use crate::app::state::App;
use crate::auth::ceremonies::Ceremony;
use crate::http::controllers;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;

/// Creates a challenge for any passkey of this server.
pub(crate) async fn challenge(State(app): State<Arc<App>>, _: NoBody) -> ApiResult<Json<Challenge>> {
    let (challenge, state) = app.passkeys.start_login().map_err(|_| Code::Unavailable)?;
    controllers::start_ceremony(&app, challenge, Ceremony::Login(Box::new(state))).map(Json)
}
