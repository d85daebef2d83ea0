use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use crystallum_api::{Challenge, Code, SignUp};

use crate::app::state::App;
use crate::auth::ceremonies::Kind;
use crate::auth::session::authenticate;
use crate::http::controllers;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;

/// Creates a challenge for a new passkey, either for a new account or for the account of the
/// session.
pub(crate) async fn challenge(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: NoBody,
) -> ApiResult<Json<Challenge>> {
    // Asking for a challenge has no limit, so the database is asked only if it makes a difference.
    if app.sign_up == SignUp::Closed && authenticate(&headers, &app).await.is_err() {
        return Err(Code::SignUpClosed.into());
    }
    controllers::start_ceremony(&app, Kind::Registration).map(Json)
}
