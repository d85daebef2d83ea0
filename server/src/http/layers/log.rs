//! Logs one line per request: the route and the outcome, but no request data.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Code;
use data_encoding::HEXLOWER;
use tokio::time::Instant;

use super::method_name;

/// Logs a request when its response is ready.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let method = method_name(request.method());
    // The matched route contains no ids and no query. An unmatched path is chosen by the client and
    // is not logged.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let mut id = [0; 8];
    let id = getrandom::fill(&mut id).map(|()| HEXLOWER.encode(&id)).unwrap_or_default();
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let code = response.extensions().get::<Code>().map(tracing::field::debug);
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request = id, method, route, status, code, micros, "answered");
    response
}
