//! All connections that read are in use: what wants to read is told to come back, and nobody says
//! that writes fail.

use crystallum_api::{Code, Health, Session};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Person};

use crate::fixture::Fixture;

#[tokio::test]
async fn busy_readers_are_no_failing_writes() {
    let fixture = Fixture::with(|settings| settings.metrics = Some(([127, 0, 0, 1], 0).into())).await;
    let mut anna = Person::new(&fixture, "anna").await;
    fixture.browser().get("/api/health").await.json::<Health>();
    fixture.server.hold_readers(true);
    for _ in 0..5 {
        let reply = anna.try_write("busy", vec![new_record("key")]).await;
        assert_eq!(reply.code(), Code::Unavailable);
        assert_eq!(anna.browser.get("/api/session").await.code(), Code::Unavailable);
    }
    // The one who asks first finds out, and the others are told the same for a second.
    fixture.clock.advance(2);
    assert_eq!(fixture.browser().get("/api/health").await.status, 200);
    let health = fixture.browser().get("/api/health").await;
    assert_eq!(health.status, 200);
    let health: serde_json::Value = serde_json::from_slice(&health.body).unwrap();
    assert_eq!(health["conditions"], serde_json::json!(["reads"]));
    let metrics = Browser::new(fixture.server.metrics().unwrap()).get("/metrics").await;
    let metrics = String::from_utf8(metrics.body).unwrap();
    assert!(metrics.contains("crystallum_condition{condition=\"reads\"} 1\n"));
    assert!(metrics.contains("crystallum_database_available 1\n"), "{metrics}");
    assert!(metrics.contains("crystallum_problem{problem=\"writes_fail\"} 0\n"));
    fixture.server.hold_readers(false);
    anna.browser.get("/api/session").await.json::<Session>();
    anna.write("again", vec![new_record("key")]).await;
    fixture.clock.advance(10);
    let health = fixture.browser().get("/api/health").await.json::<serde_json::Value>();
    assert_eq!(health.get("conditions"), None);
}
