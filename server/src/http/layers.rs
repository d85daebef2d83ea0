//! The middleware around every handler.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use crystallum_api::Endpoint;

use crate::app::handle::Handle;

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod drain;
pub(crate) mod headers;
pub(crate) mod log;
pub(crate) mod panic;
pub(crate) mod rate_limit;
pub(crate) mod requests;
pub(crate) mod route;
pub(crate) mod same_origin;
pub(crate) mod session;
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

/// Returns the endpoint that a request was routed to. It is `None` for the app's files, unknown
/// paths, and methods that the path does not have.
pub(crate) fn endpoint_of(request: &Request) -> Option<Endpoint> {
    let method = match *request.method() {
        Method::GET | Method::HEAD => crystallum_api::Method::Get,
        Method::POST => crystallum_api::Method::Post,
        _ => return None,
    };
    Endpoint::find(method, request.extensions().get::<MatchedPath>()?.as_str())
}

/// Returns the handle of the connection on which a request arrived.
pub(crate) fn handle_of(request: &Request) -> Handle {
    request.extensions().get().cloned().unwrap_or_else(Handle::new)
}

/// Returns whether a path belongs to the API.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
