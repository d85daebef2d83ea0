use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use crystallum_api::{Challenge, Code, LimitClass, SignUp};

use crate::app::state::App;
use crate::auth::ceremonies::Kind;
use crate::auth::session::{authenticate, recent_session};
use crate::http::controllers;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;
use crate::http::layers::client::ClientNetwork;

/// Creates a challenge for a new passkey, either for a new account or for the account of the
/// session.
pub(crate) async fn challenge(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    headers: HeaderMap,
    _: NoBody,
) -> ApiResult<Json<Challenge>> {
    // Asking for a challenge has no limit, so the database is asked only if it makes a difference,
    // and only as often as the network may. A session that has ended meanwhile gains nothing.
    if app.sign_up == SignUp::Closed && recent_session(&headers, &app).is_none() {
        app.limits.check_network(network)?;
        if authenticate(&headers, &app, LimitClass::Ordinary, None).await.is_err() {
            return Err(Code::SignUpClosed.into());
        }
    }
    controllers::start_ceremony(&app, Kind::Registration).map(Json)
}
