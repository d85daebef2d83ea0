//! Signing out works while nothing can be written.

use axum::http::header;
use crystallum_api::{Code, Session};
use crystallum_test_support::Person;
use crystallum_test_support::commits::new_record;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_session_ends_although_the_disk_is_full() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let cookie = anna.browser.cookie();
    fixture.server.set_max_pages(1);
    let change = "CREATE TRIGGER refuse BEFORE DELETE ON sessions BEGIN SELECT * FROM nowhere; END";
    let mut database = crate::stores::open(&fixture.folder.path().join("data/vault.db")).await;
    sqlx::raw_sql(change).execute(&mut database).await.unwrap();
    let reply = anna.browser.post("/api/logout").await;
    assert_eq!(reply.status, 204);
    assert!(reply.headers[header::SET_COOKIE].to_str().unwrap().ends_with("Max-Age=0"));
    // The session is over, for whoever has a copy of the cookie too.
    let thief = fixture.browser();
    thief.set_cookie(cookie.clone());
    assert_eq!(thief.get("/api/session").await.code(), Code::SessionExpired);
    let stored: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&mut database).await.unwrap();
    assert_eq!(stored, 1);
    // As soon as there is room, it is deleted.
    sqlx::raw_sql("DROP TRIGGER refuse").execute(&mut database).await.unwrap();
    fixture.server.set_max_pages(u32::MAX);
    fixture.server.check().await;
    let stored: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&mut database).await.unwrap();
    assert_eq!(stored, 0);
    drop(database);
    let fixture = fixture.restart(async |_| ()).await;
    anna.reconnect(&fixture);
    anna.browser.set_cookie(cookie);
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::SessionExpired);
    anna.login().await;
    anna.browser.get("/api/session").await.json::<Session>();
    anna.write("again", vec![new_record("key")]).await;
}

#[tokio::test]
async fn the_cookie_is_removed_although_the_database_cannot_be_read() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let cookie = anna.browser.cookie();
    fixture.server.hold_readers(true);
    let _writing = fixture.server.hold_writer().await;
    let reply = anna.browser.post("/api/logout").await;
    assert_eq!(reply.status, 204);
    assert_eq!(anna.browser.cookie(), None);
    fixture.server.hold_readers(false);
    anna.browser.set_cookie(cookie);
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::SessionExpired);
}
