//! Limits the requests of each client.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::LimitClass;

use super::client::client_of;
use super::{endpoint_of, is_api};
use crate::app::state::App;
use crate::http::error::ApiResult;

/// Limits the requests of each network.
pub(crate) async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> ApiResult<Response> {
    if is_api(request.uri().path()) {
        let network = client_of(&request);
        app.limits.check_network(network)?;
        match endpoint_of(&request).map(|endpoint| endpoint.facts().limit) {
            Some(LimitClass::Ceremony) => app.limits.check_ceremony(network)?,
            // A limit per account is checked once the account is known.
            Some(LimitClass::Ordinary | LimitClass::StoreCredential) | None => {}
        }
    }
    Ok(next.run(request).await)
}
