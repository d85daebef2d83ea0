//! Writes wait for their turn as long as their client does, and only so many at a time.

use crystallum_api::{Code, Session};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Person};
use tokio::task::JoinHandle;

use crate::fixture::Fixture;

/// How many writes of one session may wait.
const OF_SESSION: usize = 32;

/// Posts something without waiting for the answer.
fn post(browser: &Browser, path: &'static str, body: &impl serde::Serialize) -> JoinHandle<u16> {
    let (browser, body) = (browser.clone(), serde_json::to_vec(body).unwrap());
    tokio::spawn(async move {
        browser.send("POST", path, Some(&body)).await.map_or(0, |response| response.status)
    })
}

/// Waits until so many writes wait for their turn.
async fn until_waiting(fixture: &Fixture, number: usize) {
    while fixture.server.waiting_writes() != number {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_write_that_has_not_begun_ends_with_its_client() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let login = anna.assertion().await;
    let otto = Person::without_account(&fixture, "otto").sign_up_request().await;
    let writing = fixture.server.hold_writer().await;
    let commit = anna.state.commit("gone", vec![new_record("key")]);
    let mut gone = Vec::new();
    let stranger = fixture.browser();
    gone.push(post(&anna.browser, "/api/commit", &commit));
    until_waiting(&fixture, 1).await;
    gone.push(post(&anna.browser, "/api/commit", &commit));
    gone.push(post(&stranger, "/api/login", &login));
    gone.push(post(&stranger, "/api/accounts", &otto));
    until_waiting(&fixture, 4).await;
    for write in gone {
        write.abort();
    }
    until_waiting(&fixture, 0).await;
    drop(writing);
    let session: Session = anna.browser.get("/api/session").await.json();
    assert_eq!(session.counter, 1);
    // Neither has used up the challenge.
    anna.browser.post_json("/api/login", &login).await.json::<Session>();
    stranger.post_json("/api/accounts", &otto).await.json::<crystallum_api::Committed>();
    anna.write("later", vec![new_record("key")]).await;
}

#[tokio::test]
async fn a_session_has_a_number_of_writes_that_wait() {
    let fixture = Fixture::start().await;
    let (anna, mut otto) = (Person::new(&fixture, "anna").await, Person::new(&fixture, "otto").await);
    let writing = fixture.server.hold_writer().await;
    let commit = anna.state.commit("many", vec![new_record("key")]);
    let waiting: Vec<_> = (0..OF_SESSION).map(|_| post(&anna.browser, "/api/commit", &commit)).collect();
    until_waiting(&fixture, OF_SESSION).await;
    let refused = anna.browser.post_json("/api/commit", &commit).await.failure();
    assert_eq!((refused.code, refused.retry_after), (Code::RateLimited, Some(1)));
    let health = fixture.browser().get("/api/health").await.json::<serde_json::Value>();
    assert_eq!(health["conditions"], serde_json::json!(["writes"]));
    // Others wait for one of them at most.
    let commit = otto.state.commit("one", vec![new_record("key")]);
    let other = post(&otto.browser, "/api/commit", &commit);
    until_waiting(&fixture, OF_SESSION + 1).await;
    drop(writing);
    assert_eq!(other.await.unwrap(), 200);
    otto.acknowledged(&commit);
    for write in waiting {
        assert_eq!(write.await.unwrap(), 200);
    }
    assert_eq!(fixture.server.waiting_writes(), 0);
    otto.write("again", vec![new_record("other")]).await;
}

/// Whoever has stolen a session cannot keep its owner's writes waiting.
#[tokio::test]
async fn sessions_of_one_account_take_turns() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let thief = fixture.browser();
    thief.set_cookie(anna.browser.cookie());
    anna.login().await;
    let writing = fixture.server.hold_writer().await;
    // These are refused as soon as it is their turn.
    let late = anna.state.commit("late", vec![new_record("other")]);
    let waiting: Vec<_> = (0..OF_SESSION).map(|_| post(&thief, "/api/commit", &late)).collect();
    until_waiting(&fixture, OF_SESSION).await;
    let own = anna.state.commit("own", vec![new_record("key")]);
    let first = post(&anna.browser, "/api/commit", &own);
    until_waiting(&fixture, OF_SESSION + 1).await;
    drop(writing);
    // The thief's first was ahead, so that the owner's is behind that one commit.
    assert_eq!(first.await.unwrap(), 409);
    for write in waiting {
        assert_eq!(write.await.unwrap(), 200);
    }
    anna.acknowledged(&late);
    anna.write("own", vec![new_record("key")]).await;
}
