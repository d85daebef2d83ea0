use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::state::App;
use crate::auth::session::{end_session, token_hashes};
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;

/// Ends the session, if there is one, and removes the cookie in any case.
pub(crate) async fn logout(State(app): State<Arc<App>>, headers: HeaderMap, _: NoBody) -> Response {
    let mut ended: ApiResult<()> = Ok(());
    for token in token_hashes(&headers, app.cookie) {
        ended = ended.and(end_session(&app, token).await);
    }
    let mut response = match ended {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => refused.into_response(),
    };
    response.headers_mut().insert(header::SET_COOKIE, app.cookie.expire());
    response
}
