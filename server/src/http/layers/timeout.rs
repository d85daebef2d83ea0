//! Limits how long a request is handled.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Code;

use crate::http::error::ApiResult;

/// The time from the last byte of the request to the response. Until then, the body has to keep its
/// pace.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Aborts a request that takes too long to be handled.
pub(crate) async fn limit(request: Request, next: Next) -> ApiResult<Response> {
    tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await.map_err(|_| Code::Unavailable.into())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use crystallum_api::Failure;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_without_end_is_given_up() {
        let router: Router = Router::new().route("/", get(std::future::pending::<()>)).layer(from_fn(limit));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 503);
        let body = to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(serde_json::from_slice::<Failure>(&body).unwrap(), Failure::from(Code::Unavailable));
    }
}
