use axum::body::Body;
use axum::http::{Method, Request, header};
use crystallum_api::{Code, Health};

use crate::fixture::Fixture;

/// T41, T66: a page of a subdomain may use the passkeys of this host, but not its sessions.
#[tokio::test]
async fn writes_need_the_servers_origin() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let ours = browser.origin().to_owned();
    let foreign = [
        None,
        Some("null".to_owned()),
        Some("http://evil.example".to_owned()),
        Some("http://localhost".to_owned()),
        Some(ours.replace("://", "://sub.")),
        Some(ours.replace("://localhost", "://localhost.evil.example")),
        Some(format!("{ours}/")),
        Some(ours.replace("http:", "https:")),
        Some(ours.to_uppercase()),
        Some(format!("{ours} {ours}")),
    ];
    for path in ["/api/login/challenge", "/api/accounts", "/api/commit", "/api/logout", "/api/nothing", "/"] {
        for origin in &foreign {
            let mut request = Request::post(path);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            assert_eq!(
                browser.send_request(request, Body::empty()).await.code(),
                Code::ForeignOrigin,
                "{origin:?}"
            );
        }
        let doubled = Request::post(path).header(header::ORIGIN, &ours).header(header::ORIGIN, &ours);
        assert_eq!(browser.send_request(doubled, Body::empty()).await.code(), Code::ForeignOrigin);
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let request = Request::builder().method(method).uri("/api/session");
        assert_eq!(browser.send_request(request, Body::empty()).await.code(), Code::ForeignOrigin);
    }
}

#[tokio::test]
async fn reads_of_other_sites_are_refused() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for site in ["cross-site", "same-site", "", "SAME-ORIGIN", "nonsense"] {
        let request = Request::get("/api/health").header("sec-fetch-site", site);
        assert_eq!(browser.send_request(request, Body::empty()).await.code(), Code::ForeignOrigin, "{site}");
        let post = Request::post("/api/login/challenge")
            .header(header::ORIGIN, browser.origin().to_owned())
            .header("sec-fetch-site", site);
        assert_eq!(browser.send_request(post, Body::empty()).await.code(), Code::ForeignOrigin, "{site}");
    }
    for site in ["same-origin", "none"] {
        let request = Request::get("/api/health").header("sec-fetch-site", site);
        browser.send_request(request, Body::empty()).await.json::<Health>();
    }
}

#[tokio::test]
async fn nothing_is_allowed_across_origins() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri("/api/commit")
        .header(header::ORIGIN, "http://evil.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let reply = browser.send_request(request, Body::empty()).await;
    assert_eq!(reply.code(), Code::ForeignOrigin);
    assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control")));
}
