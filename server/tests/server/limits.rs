use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::{Challenge, Code, Session};
use crystallum_test_support::Person;

use crate::fixture::Fixture;

#[tokio::test]
async fn attempts_to_sign_up_are_rate_limited_per_address() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for _ in 0..60 {
        assert_eq!(browser.post("/api/accounts").await.code(), Code::BadRequest);
    }
    let reply = browser.post("/api/accounts").await;
    let failure = reply.failure();
    assert_eq!(failure.code, Code::RateLimited);
    let seconds = failure.retry_after.unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(reply.headers[header::RETRY_AFTER], seconds.to_string().as_str());
    // Other requests are not affected, and the request is considered after the wait.
    assert_eq!(browser.get("/api/health").await.status, 200);
    browser.post("/api/register/challenge").await.json::<Challenge>();
    fixture.clock.advance(seconds.into());
    assert_eq!(browser.post("/api/accounts").await.code(), Code::BadRequest);
}

#[tokio::test]
async fn requests_with_a_session_are_rate_limited_per_account() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let otto = Person::new(&fixture, "otto").await;
    let reply = loop {
        let reply = anna.browser.get("/api/session").await;
        if reply.status != 200 {
            break reply;
        }
    };
    assert_eq!(reply.code(), Code::RateLimited);
    otto.browser.get("/api/session").await.json::<Session>();
}

#[tokio::test]
async fn addresses_come_from_trusted_proxies_only() {
    async fn ask(fixture: &Fixture, forwarded: &str) -> u16 {
        let browser = fixture.browser();
        let request = Request::post("/api/accounts")
            .header(header::ORIGIN, browser.origin().to_owned())
            .header("x-forwarded-for", forwarded);
        browser.send_request(request, Body::empty()).await.status
    }
    let alone = Fixture::start().await;
    let behind =
        Fixture::with(|settings| settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    for client in 0..60 {
        assert_eq!(ask(&alone, &format!("192.0.2.{client}")).await, 400);
        assert_eq!(ask(&behind, "192.0.2.1").await, 400);
    }
    assert_eq!(ask(&alone, "192.0.2.200").await, 429);
    assert_eq!(ask(&behind, "192.0.2.1").await, 429);
    assert_eq!(ask(&behind, "192.0.2.1, 192.0.2.2").await, 400);
    assert_eq!(ask(&behind, "192.0.2.2, 192.0.2.1").await, 429);
}

#[tokio::test]
async fn the_rate_scale_multiplies_the_limits() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 2).await;
    let browser = fixture.browser();
    for _ in 0..120 {
        assert_eq!(browser.post("/api/accounts").await.code(), Code::BadRequest);
    }
    assert_eq!(browser.post("/api/accounts").await.code(), Code::RateLimited);
}
