//! The middleware around every handler.

pub(crate) mod address;
pub(crate) mod body;
pub(crate) mod headers;
pub(crate) mod log;
pub(crate) mod panic;
pub(crate) mod same_origin;
pub(crate) mod timeout;

/// Returns whether a path belongs to the API.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
