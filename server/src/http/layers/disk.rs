//! Learns from the answers whether the disk takes writes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::problems::Problem;
use crate::app::state::App;
use crate::http::error::DiskFailure;

/// Records that writes fail if a statement of the request failed because of the disk. A failure of
/// the transaction itself is recorded where it happens.
pub(crate) async fn note(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if let Some(DiskFailure(text)) = response.extensions().get() {
        app.problems.begin(Problem::WritesFail, text);
    }
    response
}
