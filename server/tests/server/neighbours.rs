//! One client floods; those who share its address go on.

use crystallum_api::{Code, Delta, Login, Session};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Person, Response, SIGN_IN, Sheet};

use crate::fixture::Fixture;

/// The clock stands still, so this is more than any network may send in a minute.
const FLOOD: usize = 1_300;

/// Returns a false assertion: of a passkey that the server does not know.
async fn false_assertion(fixture: &Fixture) -> Login {
    let stranger = Person::without_account(fixture, "stranger");
    // The authenticator makes a passkey, of which the server never hears.
    stranger.sign_up_request().await;
    stranger.assertion().await
}

async fn code(reply: Response) -> Option<Code> {
    (reply.status >= 400).then(|| reply.code())
}

async fn try_login(browser: &Browser, login: &Login) -> Option<Code> {
    code(browser.post_json("/api/login", login).await).await
}

/// Sends all kinds of requests without a session until the network has no room for more.
async fn flood(fixture: &Fixture) {
    let browser = fixture.browser();
    for path in ["/api/login/challenge", "/api/register/challenge", "/api/recovery/challenge"] {
        for _ in 0..FLOOD / 3 {
            browser.post(path).await;
        }
    }
    let mut answers = Vec::new();
    for _ in 0..70 {
        let login = false_assertion(fixture).await;
        answers.push(try_login(&browser, &login).await);
    }
    assert_eq!(answers.first(), Some(&Some(Code::CredentialRejected)));
    assert_eq!(answers.last(), Some(&Some(Code::RateLimited)));
    let forged = format!("crystallum={}", data_encoding::BASE64URL_NOPAD.encode(&[0; 32]));
    browser.set_cookie(Some(forged));
    for _ in 0..FLOOD {
        browser.get("/api/session").await;
    }
    assert_eq!(browser.get("/api/session").await.code(), Code::RateLimited);
}

#[tokio::test]
async fn a_flood_keeps_nobody_at_the_same_address_from_signing_in_and_writing() {
    let fixture = Fixture::start().await;
    let (mut anna, sheet) = Person::with_sheet(&fixture, "anna").await;
    let mut otto = Person::new(&fixture, "otto").await;
    flood(&fixture).await;
    // A session that was used before, a new one by passkey, and a new one by recovery code.
    otto.write("flooded", vec![new_record("key")]).await;
    anna.login().await;
    anna.write("by passkey", vec![new_record("passkey")]).await;
    let recovery = sheet.login(&anna.browser, SIGN_IN).await;
    anna.browser.post_json("/api/recovery", &recovery).await.json::<Session>();
    anna.write("by code", vec![new_record("code")]).await;
    assert_eq!(anna.delta(0).await.counter, 3);
    // Nor does this flood keep anybody from signing up: only attempts to sign up would.
    Person::new(&fixture, "clara").await;
    anna.browser.post("/api/logout").await;
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::RateLimited);
}

#[tokio::test]
async fn a_flooded_network_learns_nothing_about_passkeys_and_codes() {
    let fixture = Fixture::start().await;
    let (anna, sheet) = Person::with_sheet(&fixture, "anna").await;
    let browser = fixture.browser();
    let mut seen = Vec::new();
    for _ in 0..70 {
        let unknown = false_assertion(&fixture).await;
        let mut known = anna.assertion().await;
        known.credential.response.signature.0[10] ^= 1;
        let (unknown, known) = (try_login(&browser, &unknown).await, try_login(&browser, &known).await);
        seen.push((unknown, known));
    }
    // Both are refused alike before and after the limit is reached, but for the one in between.
    let different = seen.iter().filter(|(unknown, known)| unknown != known).count();
    assert!(different <= 1, "{seen:?}");
    assert_eq!(seen[0].0, Some(Code::CredentialRejected));
    assert_eq!(seen[69].0, Some(Code::RateLimited));
    for name in ["anna", "nobody"] {
        let mut wrong = Sheet::new(name).login(&browser, SIGN_IN).await;
        wrong.signature.0[0] ^= 1;
        assert_eq!(browser.post_json("/api/recovery", &wrong).await.code(), Code::RateLimited, "{name}");
    }
    // Anna's false answers have used up what her account has of its own, and the network has
    // nothing. A minute later she signs in.
    fixture.clock.advance(60);
    anna.login().await;
    let right = sheet.login(&browser, SIGN_IN).await;
    browser.post_json("/api/recovery", &right).await.json::<Session>();
}

/// An answer that is not considered leaves the challenge open, so that the same answer can be sent
/// again.
#[tokio::test]
async fn an_answer_that_was_not_considered_can_be_repeated() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for _ in 0..60 {
        let login = false_assertion(&fixture).await;
        assert_eq!(try_login(&browser, &login).await, Some(Code::CredentialRejected));
    }
    let login = false_assertion(&fixture).await;
    let refused = browser.post_json("/api/login", &login).await.failure();
    assert_eq!(refused.code, Code::RateLimited);
    let conditions = browser.get("/api/health").await.json::<serde_json::Value>();
    assert_eq!(conditions["conditions"], serde_json::json!(["rate"]));
    fixture.clock.advance(refused.retry_after.unwrap().into());
    assert_eq!(try_login(&browser, &login).await, Some(Code::CredentialRejected));
    assert_eq!(try_login(&browser, &login).await, Some(Code::CeremonyUnknown));
}

/// An office in which everybody signs in within the same minute.
#[tokio::test]
async fn sign_ins_that_hold_are_not_counted_by_address() {
    let fixture = Fixture::start().await;
    let (anna, otto) = (Person::new(&fixture, "anna").await, Person::new(&fixture, "otto").await);
    for _ in 0..40 {
        anna.login().await;
        otto.login().await;
    }
    // Together they may read more than one network may without a session.
    for _ in 0..550 {
        anna.browser.get("/api/session").await.json::<Session>();
        otto.browser.get("/api/delta?since=0").await.json::<Delta>();
    }
    for _ in 0..1_200 {
        assert_eq!(fixture.browser().get("/api/session").await.code(), Code::SessionExpired);
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_limited_by_address() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    anna.browser.get("/api/session").await.json::<Session>();
    fixture.clock.advance(100_000);
    for _ in 0..1_201 {
        assert_eq!(anna.browser.get("/api/session").await.code(), Code::SessionExpired);
    }
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::RateLimited);
}

#[tokio::test]
async fn creating_accounts_is_limited_by_address() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let stranger = fixture.browser();
    for _ in 0..59 {
        let reply = stranger.post_json("/api/accounts", &serde_json::json!({})).await;
        assert_eq!(reply.code(), Code::BadRequest);
    }
    let request = Person::without_account(&fixture, "otto").sign_up_request().await;
    assert_eq!(stranger.post_json("/api/accounts", &request).await.code(), Code::RateLimited);
    // Whoever has an account does not notice.
    anna.login().await;
    fixture.clock.advance(60);
    stranger.post_json("/api/accounts", &request).await.json::<crystallum_api::Committed>();
}
