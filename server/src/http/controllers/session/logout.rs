use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::app::state::App;
use crate::auth::session::token_hash;
use crate::http::error::ApiResult;
use crate::http::extract::NoBody;
use crate::store::sessions;

/// Ends the session, if there is one, and removes the cookie.
pub(crate) async fn logout(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: NoBody,
) -> ApiResult<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    if let Some(token) = token_hash(&headers, app.cookie) {
        sessions::delete(&mut *app.database.writer().await?, &token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.cookie.expire())]))
}
