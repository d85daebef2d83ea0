use axum::http::header;
use crystallum_api::{Code, Session, SignUp};
use crystallum_server::Settings;
use crystallum_test_support::Person;
use crystallum_test_support::commits::new_record;

use crate::fixture::{Fixture, START};

/// Returns the `Set-Cookie` lines of signing in and logging out at an origin, without the token.
async fn cookies_at(origin: &str) -> [String; 2] {
    let set = |settings: &mut Settings| {
        (settings.origin, settings.sign_up) = (origin.to_owned(), Some(SignUp::Open));
    };
    let fixture = Fixture::with(set).await;
    let person = Person::new(&fixture, "anna").await;
    let request = person.assertion().await;
    let reply = person.browser.post_json("/api/login", &request).await;
    let line = reply.headers[header::SET_COOKIE].to_str().unwrap();
    let (pair, attributes) = line.split_once("; ").unwrap();
    let (name, token) = pair.split_once('=').unwrap();
    assert_eq!(token.len(), 43);
    let signed_in = format!("{name}; {attributes}");
    let reply = person.browser.post("/api/logout").await;
    [signed_in, reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned()]
}

#[tokio::test]
async fn the_cookie_is_as_strict_as_cookies_get() {
    for origin in ["https://vault.example.com", "https://localhost:8443"] {
        let [signed_in, logged_out] = cookies_at(origin).await;
        assert_eq!(signed_in, "__Host-crystallum; Path=/; Secure; HttpOnly; SameSite=Strict", "{origin}");
        let removed = "__Host-crystallum=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
        assert_eq!(logged_out, removed, "{origin}");
    }
}

/// Safari drops `Secure` cookies there.
#[tokio::test]
async fn on_the_local_machine_the_cookie_works_without_tls() {
    let [signed_in, logged_out] = cookies_at("http://localhost:0").await;
    assert_eq!(signed_in, "crystallum; Path=/; HttpOnly; SameSite=Strict");
    assert_eq!(logged_out, "crystallum=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

#[tokio::test]
async fn the_token_is_not_stored() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let cookie = person.browser.cookie().unwrap();
    let text = cookie.strip_prefix("crystallum=").unwrap().as_bytes().to_vec();
    let raw = data_encoding::BASE64URL_NOPAD.decode(&text).unwrap();
    let folder = fixture.folder.path().join("data");
    fixture.server.stop().await;
    let mut files: Vec<_> = (1..=5).map(|number| folder.join(format!("stores/{number}/shares.db"))).collect();
    files.push(folder.join("vault.db"));
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        for needle in [&text, &raw] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_slice()));
        }
        // Stored values are found with this search.
        let stored = bytes.windows(16).any(|window| window == person.account.0);
        assert_eq!(stored, file.ends_with("vault.db"));
    }
    // There are no other files, except for the empty lock file.
    assert_eq!(std::fs::metadata(folder.join("server.lock")).unwrap().len(), 0);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
}

#[tokio::test]
async fn requests_without_a_valid_session_are_refused() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let forged = format!("crystallum={}", data_encoding::BASE64URL_NOPAD.encode(&[0; 32]));
    let doubled = format!("{forged}; crystallum=x");
    for cookie in [None, Some(forged), Some("crystallum=x".to_owned()), Some(doubled)] {
        browser.set_cookie(cookie);
        assert_eq!(browser.get("/api/session").await.code(), Code::SessionExpired);
        assert_eq!(browser.get("/api/delta?since=0").await.code(), Code::SessionExpired);
        let reply = browser.post_json("/api/commit", &serde_json::json!({"nonsense": 1})).await;
        assert_eq!(reply.code(), Code::SessionExpired);
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    for _ in 0..4 {
        fixture.clock.advance(3_599);
        person.browser.get("/api/session").await.json::<Session>();
    }
    fixture.clock.advance(3_600);
    assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
    let reply = person.try_write("late", vec![new_record("key")]).await;
    assert_eq!(reply.code(), Code::SessionExpired);
    // Nothing is lost: a new session continues where the old one ended.
    assert_eq!(person.login().await.counter, 1);
    person.write("late", vec![new_record("key")]).await;
}

#[tokio::test]
async fn a_session_ends_at_its_maximum_age() {
    let fixture = Fixture::with(|settings| settings.session_life = 7_200).await;
    let person = Person::new(&fixture, "anna").await;
    for _ in 0..3 {
        fixture.clock.advance(1_800);
        person.browser.get("/api/session").await.json::<Session>();
    }
    fixture.clock.advance(1_800);
    assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
}

/// Attack T40 of `tests/ATTACKS.md`: whoever turns the clock cannot keep a session alive.
#[tokio::test]
async fn no_session_outlives_a_clock_that_is_set_back() {
    const YEARS: u64 = 10 * 365 * 86_400;
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    for other in [START - YEARS, START + YEARS] {
        fixture.clock.set_unix(other);
        assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
        // A sign-in works whatever the clock says, and is worth as much as ever.
        person.login().await;
        person.browser.get("/api/session").await.json::<Session>();
        fixture.clock.advance(3_600);
        assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
        person.login().await;
        let name = format!("key {other}");
        person.write(&name, vec![new_record(&name)]).await;
    }
}

/// Machines correct their clocks by seconds.
#[tokio::test]
async fn a_clock_that_is_corrected_ends_no_session() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    fixture.clock.set_unix(START - 299);
    person.browser.get("/api/session").await.json::<Session>();
    fixture.clock.set_unix(START - 301);
    assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
}

#[tokio::test]
async fn a_logout_ends_one_session() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let first = person.browser.cookie();
    person.login().await;
    let second = person.browser.cookie();
    let reply = person.browser.post("/api/logout").await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(person.browser.cookie(), None);
    person.browser.set_cookie(second);
    assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
    assert_eq!(person.browser.post("/api/logout").await.status, 204);
    person.browser.set_cookie(first);
    person.browser.get("/api/session").await.json::<Session>();
}

#[tokio::test]
async fn an_account_has_a_number_of_sessions() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let person = Person::new(&fixture, "anna").await;
    let other = Person::new(&fixture, "otto").await;
    let mut cookies = vec![person.browser.cookie()];
    for _ in 0..40 {
        fixture.clock.advance(1);
        person.login().await;
        cookies.push(person.browser.cookie());
    }
    let mut open = Vec::new();
    for cookie in &cookies {
        person.browser.set_cookie(cookie.clone());
        open.push(person.browser.get("/api/session").await.status == 200);
    }
    let newest = open.iter().rev().take_while(|open| **open).count();
    assert_eq!((newest, open.iter().filter(|open| **open).count()), (32, 32), "{open:?}");
    other.browser.get("/api/session").await.json::<Session>();
}
