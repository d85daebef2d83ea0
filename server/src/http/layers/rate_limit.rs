//! Limits the requests of each client.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{AuthClass, LimitClass};

use super::client::client_of;
use super::{endpoint_of, is_api};
use crate::app::state::App;
use crate::auth::session::recent_account;
use crate::http::error::ApiResult;

/// Limits the requests of each network, except for those that have a limit of their own: people who
/// share an address do not pay for each other's.
pub(crate) async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> ApiResult<Response> {
    if is_api(request.uri().path()) {
        let network = client_of(&request);
        let facts = endpoint_of(&request).map(crystallum_api::Endpoint::facts);
        match facts.map(|facts| (facts.limit, facts.auth)) {
            Some((LimitClass::Free, _)) => {}
            Some((LimitClass::SignUp, _)) => app.limits.check_sign_up(network)?,
            // The handler counts proofs, and knows whose they are.
            Some((LimitClass::Proof, AuthClass::Public)) => {}
            other => match (recent_account(request.headers(), &app), other) {
                (None, _) => app.limits.check_network(network)?,
                // The session is checked next, and the request counted.
                (Some(_), Some((_, AuthClass::Session))) => {}
                (Some(account), _) => app.limits.check_account(account)?,
            },
        }
    }
    Ok(next.run(request).await)
}
