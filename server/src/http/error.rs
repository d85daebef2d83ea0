//! Errors of the API. Each is sent as a JSON [`Failure`] with a code and facts but no details.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crystallum_api::{Code, Failure};
use tracing::Instrument;

use crate::http::held::hold_in_task;

/// An error response of a handler.
#[derive(Debug)]
pub(crate) struct ApiError(Failure);

/// The result of a handler.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Returns the error for a commit that does not build on the account's current `counter`.
    pub(crate) fn conflict(counter: u64) -> Self {
        Self(Failure { counter: Some(counter), ..Failure::from(Code::Conflict) })
    }

    /// Returns the error for a client that must wait `seconds` before it tries again.
    pub(crate) fn rate_limited(seconds: u32) -> Self {
        Self(Failure { retry_after: Some(seconds), ..Failure::from(Code::RateLimited) })
    }

    /// Returns the error's code.
    #[cfg(test)]
    pub(crate) fn code(&self) -> Code {
        self.0.code
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(error = describe(&error), "the database did not answer");
        Code::Unavailable.into()
    }
}

/// Returns the text of a database error for the log. The text of a row that cannot be decoded would
/// quote the row, which may hold ids.
fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
            "a stored row cannot be decoded".to_owned()
        }
        other => other.to_string(),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let retry_after = self.0.retry_after;
        let code = self.0.code;
        let mut response = (status, Json(self.0)).into_response();
        response.extensions_mut().insert(code);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Runs `work` to completion even if the client disconnects, so that memory and disk stay
/// consistent. It belongs to the span of the current request.
pub(crate) async fn run_to_completion<T, F>(work: F) -> ApiResult<T>
where
    T: Send + 'static,
    F: Future<Output = ApiResult<T>> + Send + 'static,
{
    tokio::spawn(hold_in_task(work).in_current_span()).await.unwrap_or_else(|_| Err(Code::Unavailable.into()))
}
