//! Lets a request through to its handler if the table of endpoints admits it.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{AuthClass, Code};

use super::{endpoint_of, is_api};
use crate::app::state::App;
use crate::auth::session::{self, Counted, OpenedBy};
use crate::http::error::ApiResult;

/// Says that a request had a session that is valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfAccount;

/// Rejects requests without a session if the endpoint requires one, and requests under `/api` that
/// are not in the table. A handler finds the session in the request's extensions.
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> ApiResult<Response> {
    match endpoint_of(&request).map(crystallum_api::Endpoint::facts) {
        Some(facts) if facts.auth.needs_session() => {
            let counted = request.extensions().get::<Counted>().copied();
            let session = session::authenticate(request.headers(), &app, facts.limit, counted).await?;
            if facts.auth == AuthClass::Session && session.opened_by == OpenedBy::VaultKey {
                return Err(Code::SessionExpired.into());
            }
            request.extensions_mut().insert(session);
            let mut response = next.run(request).await;
            response.extensions_mut().insert(OfAccount);
            return Ok(response);
        }
        Some(_) => {}
        None => {
            let routed = request.extensions().get::<MatchedPath>().is_some();
            if routed || is_api(request.uri().path()) {
                return Err(Code::NotFound.into());
            }
        }
    }
    Ok(next.run(request).await)
}
