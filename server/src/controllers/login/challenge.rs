use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Challenge, Code};

use crate::app::App;
use crate::ceremonies::Ceremony;
use crate::controllers;
use crate::error::ApiResult;
use crate::extract::NoBody;

/// Creates a challenge for any passkey of this server.
pub(crate) async fn challenge(State(app): State<Arc<App>>, _: NoBody) -> ApiResult<Json<Challenge>> {
    let (challenge, state) = app.passkeys.start_login().map_err(|_| Code::Unavailable)?;
    controllers::start_ceremony(&app, challenge, Ceremony::Login(Box::new(state))).map(Json)
}
