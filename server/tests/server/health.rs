//! The operator's probe is answered whatever others do.

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::{Code, Health};

use crate::fixture::Fixture;

/// A proxy that is not named makes all its clients one.
#[tokio::test]
async fn health_is_answered_while_its_network_has_no_room() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let ask = async |path: &str| {
        let request = Request::get(path)
            .header(header::ORIGIN, browser.origin().to_owned())
            .header("x-forwarded-for", "192.0.2.1");
        browser.send_request(request, Body::empty()).await
    };
    for _ in 0..1_201 {
        ask("/api/session").await;
    }
    assert_eq!(ask("/api/session").await.code(), Code::RateLimited);
    for _ in 0..2_000 {
        assert_eq!(browser.get("/api/health").await.status, 200);
    }
    let health = browser.get("/api/health").await.json::<serde_json::Value>();
    assert_eq!(health["conditions"], serde_json::json!(["rate", "unnamed_proxy"]));
}

#[tokio::test]
async fn health_asks_the_database_at_most_once_a_second() {
    let fixture = Fixture::start().await;
    let before = fixture.server.reads();
    for _ in 0..200 {
        fixture.browser().get("/api/health").await.json::<Health>();
    }
    // The sweep at the start asks it a few times as well.
    assert!(fixture.server.reads() - before <= 20);
}
