//! Gives each request an id and a span, and logs one line per request: the route and the outcome,
//! but no request data.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Code;
use data_encoding::HEXLOWER;
use tokio::time::Instant;
use tracing::Instrument;
use tracing::field::{Empty, debug};

use super::method_name;
use super::session::OfAccount;

/// The response header with the request's id, by which a request is found in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Handles a request in its own span, and logs it when its response is ready.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let method = method_name(request.method());
    // The matched route contains no ids and no query. An unmatched path is chosen by the client and
    // is not logged.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let id = request_id();
    // The account is recorded once it is known.
    let span = tracing::info_span!("request", request_id = id, method, route, account = Empty);
    let start = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let code = response.extensions().get::<Code>().map(debug);
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    // Lines are bounded for each place that writes them. What fails has one of its own, and so has
    // what strangers send, so that they hide nothing but each other.
    macro_rules! answered {
        () => {
            // Outside the span, which would repeat these fields and name the account.
            tracing::info!(parent: None, request = id, method, route, status, code, micros, "answered")
        };
    }
    match response.extensions().get::<OfAccount>() {
        _ if status >= 500 => answered!(),
        Some(OfAccount) => answered!(),
        None => answered!(),
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Generates the id of a request. The client cannot influence it.
fn request_id() -> String {
    let mut id = [0; 8];
    getrandom::fill(&mut id).map(|()| HEXLOWER.encode(&id)).unwrap_or_default()
}
