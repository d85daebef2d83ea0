//! Limits the requests of each client.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{AuthClass, Endpoint, LimitClass};

use super::client::client_of;
use super::{endpoint_of, is_api};
use crate::app::state::App;
use crate::auth::session::{Counted, recent_session};
use crate::http::error::ApiResult;

/// Limits the requests of each network, except for those that have a limit of their own: people who
/// share an address do not pay for each other's. A request is counted before the database is asked
/// about its session.
pub(crate) async fn limit(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> ApiResult<Response> {
    if is_api(request.uri().path()) {
        let network = client_of(&request);
        let facts = endpoint_of(&request).map(Endpoint::facts);
        match facts.map(|facts| (facts.limit, facts.auth)) {
            Some((LimitClass::Free, _)) => {}
            Some((LimitClass::SignUp, _)) => app.limits.check_sign_up(network)?,
            // The handler counts proofs, and knows whose they are.
            Some((LimitClass::Proof, AuthClass::Public)) => {}
            other => {
                let class = other.map_or(LimitClass::Ordinary, |(limit, _)| limit);
                match recent_session(request.headers(), &app) {
                    None => app.limits.check_network(network)?,
                    // This ends the session, so that it cannot be repeated.
                    Some(_) if class == LimitClass::SignOut => {}
                    Some((token, account)) => {
                        app.limits.check_session(token, account, class)?;
                        request.extensions_mut().insert(Counted(token));
                    }
                }
            }
        }
    }
    Ok(next.run(request).await)
}
