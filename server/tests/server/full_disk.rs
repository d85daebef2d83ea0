//! A disk without space refuses writes while it lasts, and only while it lasts.

use crystallum_api::{Code, Committed, Health, Session};
use crystallum_test_support::commits::{big_secret, new_record, overview, record, tombstone};
use crystallum_test_support::{Browser, Person};

use crate::fixture::Fixture;
use crate::stores::open;

/// The number of pages of a disk without limit.
const ROOM: u32 = u32::MAX;

/// Writes until the disk is full. Some pages may be free when the limit is set.
async fn fill(fixture: &Fixture, person: &mut Person) {
    fixture.server.set_max_pages(1);
    for _ in 0..200 {
        let name = format!("fill {}", person.counter());
        let change = record(&name, overview(&name, 1), big_secret(&name, 1));
        let reply = person.try_write(&name, vec![change]).await;
        if reply.status != 200 {
            assert_eq!(reply.code(), Code::Unavailable);
            return;
        }
    }
    panic!("the disk is not full");
}

#[tokio::test]
async fn writes_work_again_when_the_disk_has_room() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    for round in 0..3 {
        fill(&fixture, &mut anna).await;
        // What reads goes on.
        assert_eq!(anna.browser.get("/api/session").await.json::<Session>().counter, anna.counter());
        fixture.server.set_max_pages(ROOM);
        let reply =
            anna.try_write(&format!("again {round}"), vec![new_record(&format!("key {round}"))]).await;
        assert_eq!(reply.status, 200, "round {round}: {:?}", String::from_utf8_lossy(&reply.body));
        assert_eq!(reply.json::<Committed>(), Committed { counter: anna.counter() });
        Person::new(&fixture, &format!("new {round}")).await;
        anna.login().await;
    }
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

#[tokio::test]
async fn health_and_metrics_tell_whether_writes_work() {
    let fixture = Fixture::with(|settings| settings.metrics = Some(([127, 0, 0, 1], 0).into())).await;
    let mut anna = Person::new(&fixture, "anna").await;
    assert_eq!(health(&fixture).await, (200, Vec::new()));
    fill(&fixture, &mut anna).await;
    assert_eq!(health(&fixture).await, failing());
    let metrics = Browser::new(fixture.server.metrics().unwrap()).get("/metrics").await;
    let line = "crystallum_problem{problem=\"writes_fail\"} 1\n";
    assert!(String::from_utf8(metrics.body).unwrap().contains(line));
    // Finding out again changes nothing while the disk is full.
    fixture.server.check().await;
    assert_eq!(health(&fixture).await, failing());
    // Nobody writes, but the server notices that there is room.
    fixture.server.set_max_pages(ROOM);
    fixture.server.check().await;
    assert_eq!(health(&fixture).await, (200, Vec::new()));
    anna.write("room", vec![new_record("room")]).await;
}

#[tokio::test]
async fn room_for_a_small_write_is_not_room_for_all() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    anna.write("large", vec![record("large", overview("large", 1), big_secret("large", 1))]).await;
    fill(&fixture, &mut anna).await;
    // The deletion leaves a few pages, in which a small write fits.
    anna.write("delete", vec![tombstone("large", 2)]).await;
    assert_eq!(health(&fixture).await, failing());
    fixture.server.set_max_pages(ROOM);
    anna.write("room", vec![new_record("room")]).await;
    assert_eq!(health(&fixture).await, (200, Vec::new()));
}

#[tokio::test]
async fn a_session_outlives_a_full_disk() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    fill(&fixture, &mut anna).await;
    // A trigger that needs pages stands in for a disk on which not even an update fits.
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    let sql = "CREATE TABLE ballast (filler BLOB); CREATE TRIGGER grow AFTER UPDATE ON sessions \
        BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END";
    sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
    for _ in 0..3 {
        fixture.clock.advance(120);
        anna.browser.get("/api/session").await.json::<Session>();
        assert_eq!(health(&fixture).await, failing());
    }
}
