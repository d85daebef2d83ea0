//! Learns from the answers whether the main database works.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Condition;

use crate::app::problems::Problem;
use crate::app::state::App;
use crate::http::error::DatabaseFailure;
use crate::store::failure::{describe, disk_fault, is_busy};

/// Takes note of a request that failed because of the database. It is logged unless it is part of
/// the problem that writes fail, which has a line of its own.
pub(crate) async fn note(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let writes = request.method() == Method::POST;
    let response = next.run(request).await;
    if let Some(DatabaseFailure(error)) = response.extensions().get() {
        if is_busy(error) {
            // No write has failed: the request has not even begun one.
            app.pressure.notice(Condition::Reads);
            return response;
        }
        let is_known = app.problems.has(Problem::WritesFail) || disk_fault(error).is_some();
        if writes || disk_fault(error).is_some() {
            app.database.note_failure(error);
        }
        if !is_known {
            tracing::error!(error = describe(error), "the database did not answer");
        }
    }
    response
}
