//! Open devices are told of changes.

use crystallum_api::{Code, DeleteAccount, Proof};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{EventStream, Person};

use crate::fixture::Fixture;

/// Opens a stream and takes its first event, which comes at once.
async fn listen(person: &Person) -> EventStream {
    let mut stream = person.browser.open_events("/api/hints").await.unwrap();
    assert_eq!(stream.next().await, Some(format!("data: {}", person.counter())));
    stream
}

async fn signed_in_again(fixture: &Fixture, person: &Person) -> Person {
    let mut other = Person::without_account(fixture, "unused");
    other.account = person.account;
    other.authenticator = person.authenticator.clone();
    other.state = person.state.clone();
    other.login().await;
    other
}

#[tokio::test]
async fn every_device_of_an_account_is_told_of_a_change_and_no_other() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let other = signed_in_again(&fixture, &anna).await;
    let mut berta = Person::new(&fixture, "berta").await;
    let (mut first, mut second, mut hers) = (listen(&anna).await, listen(&other).await, listen(&berta).await);
    anna.write("new", vec![new_record("key")]).await;
    for stream in [&mut first, &mut second] {
        assert_eq!(stream.next().await.as_deref(), Some("data: 2"));
    }
    // What Anna wrote would have come first.
    berta.write("a", vec![new_record("a")]).await;
    assert_eq!(hers.next().await.as_deref(), Some("data: 2"));
}

/// Attack T37 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let other = signed_in_again(&fixture, &anna).await;
    let (mut first, mut second) = (listen(&anna).await, listen(&other).await);
    other.browser.post("/api/logout").await;
    assert_eq!(second.next().await.as_deref(), Some("event: ended\ndata:"));
    assert_eq!(second.next().await, None);
    anna.write("new", vec![new_record("key")]).await;
    assert_eq!(first.next().await.as_deref(), Some("data: 2"));
    let request = DeleteAccount { proof: Proof::Passkey(anna.assertion().await) };
    assert_eq!(anna.browser.post_json("/api/account/delete", &request).await.status, 204);
    assert_eq!(first.next().await.as_deref(), Some("event: ended\ndata:"));
    assert_eq!(first.next().await, None);
    // An expired session opens none.
    let refused = fixture.browser().get("/api/hints").await;
    assert_eq!(refused.code(), Code::SessionExpired);
}

#[tokio::test]
async fn an_account_has_so_many_streams_and_a_server_that_stops_ends_them() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let mut others = Vec::new();
    for _ in 0..4 {
        others.push(signed_in_again(&fixture, &anna).await);
    }
    let (last, others) = others.split_last().unwrap();
    let mut streams = Vec::new();
    let refused = async |person: &Person| {
        let refused = person.browser.get("/api/hints").await;
        assert_eq!((refused.status, refused.code()), (429, Code::RateLimited));
    };
    for person in others.iter().chain([&anna]) {
        for _ in 0..4 {
            streams.push(listen(person).await);
        }
        // A session has so many, and leaves room for the others.
        refused(person).await;
    }
    refused(last).await;
    // The others of the account go on, and so do all other requests.
    assert_eq!(anna.delta(0).await.counter, 1);
    streams.truncate(15);
    fixture.server.stop().await;
    for stream in &mut streams {
        assert_eq!(stream.next().await, None);
    }
}
