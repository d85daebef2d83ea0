use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Code;
use tokio::time::Instant;

use crate::app::state::App;

/// Counts a request when its response is ready, if metrics are enabled.
pub(crate) async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Some(metrics) = &app.metrics else { return next.run(request).await };
    let method = request.method().clone();
    // The route's template contains no ids. An unmatched path is chosen by the client and is not
    // recorded.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let start = Instant::now();
    let response = next.run(request).await;
    let code = response.extensions().get::<Code>().copied();
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    metrics.record_request(&method, route, response.status(), code, start.elapsed());
    response
}
