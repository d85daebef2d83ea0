//! Rejects requests that come from other origins.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::Code;
use url::Url;

use super::is_api;
use crate::app::state::App;
use crate::http::error::ApiResult;

/// The largest logged origin in bytes: a scheme, a host name of 253 bytes, and a port.
const MAX_LOGGED_ORIGIN: usize = 270;

/// Requires our `Origin` for every method that may write. Reads of the API are rejected if the
/// browser reports that they come from another site.
pub(crate) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> ApiResult<Response> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let ours = if reads {
        !is_api(request.uri().path()) || is_same_origin_fetch(request.headers())
    } else {
        single_value(request.headers(), header::ORIGIN.as_str()) == Some(&app.origin)
            && is_same_origin_fetch(request.headers())
    };
    if ours {
        return Ok(next.run(request).await);
    }
    let expected = app.origin.to_str().unwrap_or_default();
    tracing::warn!(
        origin = loggable_origin(request.headers()),
        expected,
        "refused a request from another origin"
    );
    Err(Code::ForeignOrigin.into())
}

/// Returns a request's origin as it may be logged. Next to the expected origin it shows the
/// operator a wrong address or a proxy that changes the header. Anything that is not an origin is
/// not repeated.
fn loggable_origin(headers: &HeaderMap) -> String {
    let Some(origin) = headers.get(header::ORIGIN) else { return "none".to_owned() };
    let text = origin.to_str().unwrap_or_default();
    if text == "null" {
        return text.to_owned();
    }
    let parsed = Url::parse(text).ok().filter(|_| text.len() <= MAX_LOGGED_ORIGIN);
    parsed
        .map(|url| url.origin())
        .filter(|origin| origin.is_tuple() && origin.ascii_serialization() == text)
        .map_or_else(|| "malformed".to_owned(), |_| text.to_owned())
}

fn is_same_origin_fetch(headers: &HeaderMap) -> bool {
    match headers.get_all("sec-fetch-site").iter().count() {
        0 => true,
        _ => single_value(headers, "sec-fetch-site")
            .is_some_and(|site| site == "same-origin" || site == "none"),
    }
}

fn single_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(origin: &'static [u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, HeaderValue::from_bytes(origin).unwrap());
        loggable_origin(&headers)
    }

    #[test]
    fn origins_go_into_the_log() {
        assert_eq!(logged(b"http://127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(logged(b"https://vault.example.com"), "https://vault.example.com");
        assert_eq!(logged(b"null"), "null");
        assert_eq!(loggable_origin(&HeaderMap::new()), "none");
    }

    #[test]
    fn no_other_text_goes_into_the_log() {
        let long = Box::leak(format!("http://{}.example", "a".repeat(300)).into_bytes().into_boxed_slice());
        let texts: [&[u8]; 6] =
            [b"", b"secret", b"http://localhost/secret", b"http://secret@localhost", b"\xff", long];
        for text in texts {
            assert_eq!(logged(text), "malformed", "{text:?}");
        }
    }
}
