//! Writes that fail for another reason than the disk: health, metrics and log say so, and what only
//! reads goes on.

use crystallum_api::{Code, Health, Session};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Person};

use crate::fixture::Fixture;
use crate::stores::open;

async fn change_database(fixture: &Fixture, sql: &'static str) {
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
}

/// Returns the status of `/api/health` and the problems it names.
async fn health(fixture: &Fixture) -> (u16, Vec<String>) {
    let reply = fixture.browser().get("/api/health").await;
    let health: Health = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(health.code, (reply.status == 503).then_some(Code::Unavailable));
    (reply.status, health.problems)
}

fn failing() -> (u16, Vec<String>) {
    (503, vec!["writes_fail".to_owned()])
}

fn fine() -> (u16, Vec<String>) {
    (200, Vec::new())
}

#[tokio::test]
async fn two_probes_that_fail_in_a_row_are_a_problem() {
    let fixture = Fixture::with(|settings| settings.metrics = Some(([127, 0, 0, 1], 0).into())).await;
    let mut anna = Person::new(&fixture, "anna").await;
    change_database(&fixture, "ALTER TABLE probe RENAME TO away").await;
    fixture.server.check().await;
    assert_eq!(health(&fixture).await, fine());
    fixture.server.check().await;
    assert_eq!(health(&fixture).await, failing());
    let metrics = Browser::new(fixture.server.metrics().unwrap()).get("/metrics").await;
    let line = "crystallum_problem{problem=\"writes_fail\"} 1\n";
    assert!(String::from_utf8(metrics.body).unwrap().contains(line));
    change_database(&fixture, "ALTER TABLE away RENAME TO probe").await;
    fixture.server.check().await;
    assert_eq!(health(&fixture).await, fine());
    anna.write("again", vec![new_record("key")]).await;
}

#[tokio::test]
async fn two_writes_that_fail_in_a_row_are_a_problem() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let mut otto = Person::new(&fixture, "otto").await;
    change_database(&fixture, "ALTER TABLE parts RENAME TO away").await;
    let fail = async |person: &mut Person| {
        let reply = person.try_write("lost", vec![new_record("key")]).await;
        assert_eq!(reply.code(), Code::Unavailable);
    };
    // A write that works in between shows that the failure does not concern all of them.
    fail(&mut anna).await;
    anna.login().await;
    fail(&mut anna).await;
    assert_eq!(health(&fixture).await, fine());
    fail(&mut otto).await;
    assert_eq!(health(&fixture).await, failing());
    otto.browser.get("/api/session").await.json::<Session>();
    // A write ends the problem by itself, without waiting for the next check.
    change_database(&fixture, "ALTER TABLE away RENAME TO parts").await;
    otto.write("again", vec![new_record("key")]).await;
    anna.write("again", vec![new_record("key")]).await;
    assert_eq!(health(&fixture).await, fine());
}

/// What a single row or request is to blame for is no problem of the server.
#[tokio::test]
async fn an_account_that_cannot_be_read_is_not_a_problem_of_all() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    change_database(&fixture, "UPDATE accounts SET history = -1").await;
    for _ in 0..3 {
        let reply = anna.try_write("lost", vec![new_record("key")]).await;
        assert_eq!(reply.code(), Code::Unavailable);
    }
    fixture.server.check().await;
    assert_eq!(health(&fixture).await, fine());
}

#[tokio::test]
async fn a_use_of_a_session_that_cannot_be_recorded_fails_no_request() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let sql = "CREATE TRIGGER refuse BEFORE UPDATE ON sessions BEGIN SELECT * FROM nowhere; END";
    change_database(&fixture, sql).await;
    for expected in [fine(), failing(), failing()] {
        fixture.clock.advance(120);
        anna.browser.get("/api/session").await.json::<Session>();
        assert_eq!(health(&fixture).await, expected);
    }
}
