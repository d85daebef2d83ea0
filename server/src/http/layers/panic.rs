//! Turns a panic in a handler into an error response.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use crystallum_api::Code;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::error::ApiError;

/// Returns the layer that catches panics.
pub(crate) fn catch() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(respond)
}

fn respond(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    ApiError::from(Code::Unavailable).into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::routing::get;
    use crystallum_api::Failure;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_unavailable() {
        async fn falls() {
            panic!("on purpose");
        }
        let router: Router = Router::new().route("/", get(falls)).layer(catch());
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 503);
        let body = to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(serde_json::from_slice::<Failure>(&body).unwrap(), Failure::from(Code::Unavailable));
    }
}
