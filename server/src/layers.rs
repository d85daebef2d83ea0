//! The middleware around every handler.

use axum::http::Method;

pub(crate) mod address;
pub(crate) mod body;
pub(crate) mod headers;
pub(crate) mod log;
pub(crate) mod panic;
pub(crate) mod same_origin;
pub(crate) mod timeout;

/// Returns the method's name for logs and metrics: one of those that the API has, else `other`. A
/// client can send any token as its method.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    }
}

/// Returns whether a path belongs to the API.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
