use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::app::state::App;
use crate::auth::session::token_hashes;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;
use crate::store::sessions;

/// Ends the session, if there is one, and removes the cookie.
pub(crate) async fn logout(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: NoBody,
) -> ApiResult<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    for token in token_hashes(&headers, app.cookie) {
        app.recent_sessions.forget(&token);
        sessions::delete(&mut *app.database.writer().await?, &token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.cookie.expire())]))
}
