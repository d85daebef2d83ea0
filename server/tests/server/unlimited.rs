//! Whatever asks the main database has been counted first.

use crystallum_api::{Code, Login, Session, SignUp};
use crystallum_test_support::{Browser, Person};

use crate::fixture::Fixture;

/// More requests than a network or a session may send in a minute. The clock stands still.
const FLOOD: u64 = 1_500;

fn forged(number: u64) -> String {
    let mut token = [0; 32];
    token[..8].copy_from_slice(&number.to_be_bytes());
    format!("crystallum={}", data_encoding::BASE64URL_NOPAD.encode(&token))
}

/// Returns how often the database was asked during a flood of requests with these cookies.
async fn reads_of(
    fixture: &Fixture,
    method: &str,
    path: &str,
    browser: &Browser,
    cookie: impl Fn(u64) -> String,
) -> u64 {
    let before = fixture.server.reads();
    for number in 0..FLOOD {
        browser.set_cookie(Some(cookie(number)));
        browser.send(method, path, None).await.unwrap();
    }
    // The sweep at the start asks it a few times as well.
    (fixture.server.reads() - before).saturating_sub(20)
}

#[tokio::test]
async fn challenges_of_a_closed_server_are_limited_if_they_ask_for_a_session() {
    let fixture = Fixture::start().await.with_sign_up(SignUp::Closed).await;
    let reads = reads_of(&fixture, "POST", "/api/register/challenge", &fixture.browser(), forged).await;
    assert!(reads <= 1_200, "{reads}");
}

#[tokio::test]
async fn a_session_without_room_is_not_looked_up() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let cookie = anna.browser.cookie().unwrap();
    let reads = reads_of(&fixture, "GET", "/api/stores", &anna.browser, |_| cookie.clone()).await;
    assert!(reads <= 600, "{reads}");
}

#[tokio::test]
async fn sessions_of_two_accounts_in_one_request_are_counted() {
    let fixture = Fixture::start().await;
    let (anna, otto) = (Person::new(&fixture, "anna").await, Person::new(&fixture, "otto").await);
    let both = format!("{}; {}", anna.browser.cookie().unwrap(), otto.browser.cookie().unwrap());
    let browser = fixture.browser();
    let reads = reads_of(&fixture, "GET", "/api/stores", &browser, |_| both.clone()).await;
    assert!(reads <= 600, "{reads}");
    browser.set_cookie(Some(both));
    assert_eq!(browser.get("/api/stores").await.code(), Code::RateLimited);
}

/// A sign-in is looked up before it is known towards what it counts. Such look-ups have one
/// connection in all, so that the other requests have the rest.
#[tokio::test]
async fn sign_ins_are_looked_up_one_at_a_time() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let held = fixture.server.hold_sign_ins().await;
    let login: Login = anna.assertion().await;
    let browser = fixture.browser();
    let waiting = browser.post_json("/api/login", &login);
    tokio::pin!(waiting);
    // Whoever is signed in does not wait for it.
    for _ in 0..20 {
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("a sign-in did not wait"),
            reply = anna.browser.get("/api/session") => assert_eq!(reply.status, 200),
        }
    }
    drop(held);
    waiting.await.json::<Session>();
}
