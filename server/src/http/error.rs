//! Errors of the API. Each is sent as a JSON [`Failure`] with a code and facts but no details.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crystallum_api::{Code, Failure};
use tracing::Instrument;

use crate::http::held::hold_in_task;

/// An error response of a handler.
#[derive(Debug)]
pub(crate) struct ApiError {
    failure: Failure,
    /// The error of the database that caused it.
    database: Option<DatabaseFailure>,
}

/// What a response knows about a failure of the main database.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseFailure(pub(crate) Arc<sqlx::Error>);

/// The result of a handler.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Returns the error for a commit that does not build on the account's current `counter`.
    pub(crate) fn conflict(counter: u64) -> Self {
        Failure { counter: Some(counter), ..Failure::from(Code::Conflict) }.into()
    }

    /// Returns the error for a client that must wait `seconds` before it tries again.
    pub(crate) fn rate_limited(seconds: u32) -> Self {
        Failure { retry_after: Some(seconds), ..Failure::from(Code::RateLimited) }.into()
    }

    /// Returns the error's code.
    pub(crate) fn code(&self) -> Code {
        self.failure.code
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self { failure, database: None }
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Failure::from(code).into()
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        // It is logged by a layer, which knows whether it is part of a problem that lasts.
        Self { failure: Code::Unavailable.into(), database: Some(DatabaseFailure(Arc::new(error))) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { failure, database } = self;
        let Failure { code, retry_after, .. } = failure;
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let mut response = (status, Json(failure)).into_response();
        response.extensions_mut().insert(code);
        if let Some(failed) = database {
            response.extensions_mut().insert(failed);
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Runs `work` to completion even if the client disconnects, so that memory and disk stay
/// consistent. It belongs to the span of the current request. What waits is not part of `work`, so
/// that nothing waits for whoever is gone.
pub(crate) async fn run_to_completion<T, F>(work: F) -> ApiResult<T>
where
    T: Send + 'static,
    F: Future<Output = ApiResult<T>> + Send + 'static,
{
    tokio::spawn(hold_in_task(work).in_current_span()).await.unwrap_or_else(|_| Err(Code::Unavailable.into()))
}
