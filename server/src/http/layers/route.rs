//! Refuses methods that an endpoint does not have.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use crystallum_api::{Code, Endpoint, Method};

use super::endpoint_of;
use crate::http::error::ApiError;

/// Refuses a request whose path is an endpoint's, but whose method is not. The answer names the
/// methods that the path has.
pub(crate) async fn check_method(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let allowed = path.map_or("", |path| methods_of(path.as_str()));
    if allowed.is_empty() || endpoint_of(&request).is_some() {
        return next.run(request).await;
    }
    let mut refusal = ApiError::from(Code::MethodNotAllowed).into_response();
    refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    refusal
}

/// Returns the methods of a path as the header `Allow` has them. It is empty if the path is not in
/// the table.
fn methods_of(path: &str) -> &'static str {
    let has = |method| Endpoint::find(method, path).is_some();
    match (has(Method::Get), has(Method::Post)) {
        (true, true) => "GET, HEAD, POST",
        (true, false) => "GET, HEAD",
        (false, true) => "POST",
        (false, false) => "",
    }
}
