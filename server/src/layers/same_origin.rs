//! Only pages of this server may use it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Code;

use super::is_api;
use crate::app::App;
use crate::error::Answer;

/// Whatever may change something needs our `Origin`; reads of the API are refused when a browser says they come from elsewhere.
pub(crate) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Answer<Response> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let ours = if reads {
        !is_api(request.uri().path()) || is_local_fetch(request.headers())
    } else {
        only(request.headers(), header::ORIGIN.as_str()) == Some(&app.origin)
            && is_local_fetch(request.headers())
    };
    if ours { Ok(next.run(request).await) } else { Err(Code::ForeignOrigin.into()) }
}

fn is_local_fetch(headers: &HeaderMap) -> bool {
    match headers.get_all("sec-fetch-site").iter().count() {
        0 => true,
        _ => only(headers, "sec-fetch-site").is_some_and(|site| site == "same-origin" || site == "none"),
    }
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first)
}
