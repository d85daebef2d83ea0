//! When bodies are read, and what is answered before that.

use axum::body::Body;
use axum::http::{Method, Request, header};
use crystallum_api::{Code, MAX_BODY};
use crystallum_test_support::Person;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_body_is_read_only_when_everything_else_is_right() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let stranger = fixture.browser();
    // Each of these would be too large if it was read.
    let text = vec![b' '; MAX_BODY + 1];
    for (browser, path, code) in [
        (&person.browser, "/api/nothing", Code::NotFound),
        (&person.browser, "/api/delta?since=0", Code::MethodNotAllowed),
        (&stranger, "/api/commit", Code::SessionExpired),
        (&stranger, "/api/sign-in-methods", Code::SessionExpired),
    ] {
        assert_eq!(browser.post_text(path, text.clone()).await.code(), code, "{path}");
    }
    let foreign = Request::post("/api/commit").header(header::ORIGIN, "https://evil.example");
    let reply = person.browser.send_request(foreign, Body::from(text.clone())).await;
    assert_eq!(reply.code(), Code::ForeignOrigin);
    for _ in 0..60 {
        stranger.post("/api/accounts").await;
    }
    assert_eq!(stranger.post_text("/api/accounts", text).await.code(), Code::RateLimited);
}

#[tokio::test]
async fn a_get_ignores_a_body() {
    let fixture = Fixture::start().await;
    let request = Request::get("/api/health").header(header::CONTENT_TYPE, "application/json");
    let reply = fixture.browser().send_request(request, Body::from(vec![b' '; MAX_BODY + 1])).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn unknown_endpoints_are_not_found() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for path in
        ["/api", "/api/", "/api/nothing", "/api/commit/", "/api/health/x", "/api/../x", "/api//health"]
    {
        assert_eq!(browser.get(path).await.code(), Code::NotFound, "{path}");
        assert_eq!(browser.post(path).await.code(), Code::NotFound, "{path}");
    }
}

#[tokio::test]
async fn wrong_methods_are_not_allowed() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for (method, path, allowed) in [
        (Method::GET, "/api/commit", "POST"),
        (Method::HEAD, "/api/commit", "POST"),
        (Method::GET, "/api/login", "POST"),
        (Method::GET, "/api/logout", "POST"),
        (Method::POST, "/api/delta?since=0", "GET, HEAD"),
        (Method::PUT, "/api/commit", "POST"),
        (Method::OPTIONS, "/api/commit", "POST"),
        (Method::DELETE, "/api/session", "GET, HEAD"),
        (Method::TRACE, "/api/health", "GET, HEAD"),
        (Method::from_bytes(b"QUERY").unwrap(), "/api/health", "GET, HEAD"),
        (
            Method::PATCH,
            "/api/stores/AQEBAQEBAQEBAQEBAQEBAQ/shares/AQEBAQEBAQEBAQEBAQEBAQ",
            "GET, HEAD, POST",
        ),
    ] {
        let request =
            Request::builder().method(&method).uri(path).header(header::ORIGIN, browser.origin().to_owned());
        let reply = browser.send_request(request, Body::empty()).await;
        assert_eq!(reply.status, 405, "{method} {path}");
        assert_eq!(reply.headers[header::ALLOW], allowed, "{method} {path}");
        if method != Method::HEAD {
            assert_eq!(reply.code(), Code::MethodNotAllowed, "{method} {path}");
        }
    }
}
