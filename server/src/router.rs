//! All routes and the middleware around them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use crystallum_api::Code;

use crate::app::App;
use crate::controllers::{
    accounts, commit, delta, health, login, records, recovery, register, session, sign_in_methods, stores,
};
use crate::error::{ApiError, ApiResult};
use crate::layers::{self, address, body, headers, log, panic, same_origin, timeout};
use crate::{metrics, openapi, statics};

/// Returns the whole server as one service.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        // Endpoints that need no session.
        .route("/api/health", get(health::health))
        .route("/api/openapi.json", get(openapi::show))
        .route("/api/register/challenge", post(register::challenge::challenge))
        .route("/api/accounts", post(accounts::create::create))
        .route("/api/login/challenge", post(login::challenge::challenge))
        .route("/api/login", post(login::finish::login))
        .route("/api/recovery/challenge", post(recovery::challenge::challenge))
        .route("/api/recovery", post(recovery::login::login))
        .route("/api/logout", post(session::logout::logout))
        // Endpoints that need a session.
        .route("/api/session", get(session::show::show))
        .route("/api/delta", get(delta::delta))
        .route("/api/commit", post(commit::commit))
        .route("/api/records/{id}/secrets/{version}", get(records::secret::show))
        .route("/api/ways", post(sign_in_methods::change::change))
        .route("/api/account/delete", post(accounts::delete::delete))
        .route("/api/stores", get(stores::list::list))
        .route("/api/stores/{store}/shares/{share}", get(stores::state::state).post(stores::put::put))
        .route("/api/stores/{store}/shares/{share}/read", post(stores::read::read))
        .route("/api/stores/{store}/shares/{share}/delete", post(stores::delete::delete))
        // Everything else is served from the app.
        .fallback(serve_app)
        .method_not_allowed_fallback(not_found)
        // The layer added last handles a request first.
        .layer(from_fn(body::read))
        .layer(from_fn_with_state(app.clone(), address::limit))
        .layer(from_fn_with_state(app.clone(), same_origin::check))
        .layer(from_fn(timeout::limit))
        .layer(panic::catch())
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn(log::request))
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .with_state(app)
}

async fn serve_app(State(app): State<Arc<App>>, request: Request) -> ApiResult<Response> {
    if layers::is_api(request.uri().path()) {
        return Err(Code::NotFound.into());
    }
    Ok(statics::serve(app.statics.as_ref(), request).await)
}

async fn not_found() -> ApiError {
    Code::NotFound.into()
}
