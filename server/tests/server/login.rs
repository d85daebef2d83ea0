use crystallum_api::{Bytes, Challenge, Code, Login, Session};
use crystallum_test_support::commits::{id, new_record};
use crystallum_test_support::{Browser, Person, SoftwareAuthenticator};
use passkey::types::webauthn::UserVerificationRequirement;

use crate::fixture::Fixture;

async fn refused(browser: &Browser, request: &Login) {
    let before = browser.cookie();
    assert_eq!(browser.post_json("/api/login", request).await.code(), Code::CredentialRejected);
    assert_eq!(browser.cookie(), before);
}

#[tokio::test]
async fn a_passkey_alone_opens_a_session() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("first", vec![new_record("key")]).await;
    person.browser.set_cookie(None);
    let session = person.login().await;
    assert_eq!((session.account, session.counter), (person.account, 2));
    assert_eq!(person.delta(0).await.entries.len(), 2);
}

#[tokio::test]
async fn a_login_leaves_other_sessions_alone() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let first = person.browser.cookie();
    person.login().await;
    assert_ne!(person.browser.cookie(), first);
    person.browser.set_cookie(first);
    person.browser.get("/api/session").await.json::<Session>();
}

#[tokio::test]
async fn a_replayed_login_is_refused() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let mut request = person.assertion().await;
    person.browser.post_json("/api/login", &request).await.json::<Session>();
    assert_eq!(person.browser.post_json("/api/login", &request).await.code(), Code::CeremonyUnknown);
    // The old signature does not verify for a new challenge either.
    let challenge: Challenge = person.browser.post("/api/login/challenge").await.json();
    request.ceremony = challenge.ceremony;
    refused(&person.browser, &request).await;
}

#[tokio::test]
async fn a_stale_login_is_refused() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let request = person.assertion().await;
    fixture.clock.advance(300);
    assert_eq!(person.browser.post_json("/api/login", &request).await.code(), Code::CeremonyUnknown);
}

#[tokio::test]
async fn a_registration_challenge_opens_no_session() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let challenge: Challenge = person.browser.post("/api/register/challenge").await.json();
    let credential = person.authenticator.sign(&challenge).await;
    let request = Login { ceremony: challenge.ceremony, credential };
    assert_eq!(person.browser.post_json("/api/login", &request).await.code(), Code::CeremonyUnknown);
}

/// Attack T33 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_login_without_verification_is_refused() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.authenticator.verification = UserVerificationRequirement::Discouraged;
    let request = person.assertion().await;
    refused(&person.browser, &request).await;
}

/// T66: a page of a subdomain can have this host's passkey sign, but what it gets opens no session.
#[tokio::test]
async fn a_login_from_another_origin_is_refused() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    for origin in ["http://localhost:1", "https://localhost", "http://sub.localhost"] {
        person.authenticator.origin = origin.parse().unwrap();
        let request = person.assertion().await;
        refused(&person.browser, &request).await;
    }
}

#[tokio::test]
async fn the_user_handle_is_the_account() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    let otto = Person::new(&fixture, "otto").await;
    for handle in [otto.account.0.to_vec(), id("nobody").0.to_vec(), Vec::new(), vec![1; 15], vec![1; 64]] {
        let mut request = anna.assertion().await;
        request.credential.response.user_handle = Bytes(handle);
        refused(&anna.browser, &request).await;
    }
}

#[tokio::test]
async fn an_unknown_passkey_is_refused_like_a_wrong_one() {
    let fixture = Fixture::start().await;
    let elsewhere = Fixture::start().await;
    let mut stranger = Person::new(&elsewhere, "anna").await;
    let person = Person::new(&fixture, "anna").await;
    // The account is known here, the passkey is not.
    stranger.browser = fixture.browser();
    stranger.authenticator.origin = fixture.server.origin().parse().unwrap();
    let request = stranger.assertion().await;
    refused(&stranger.browser, &request).await;
    // The right id with a wrong signature.
    let mut request = stranger.assertion().await;
    request.credential.raw_id = person.assertion().await.credential.raw_id;
    refused(&stranger.browser, &request).await;
}

#[tokio::test]
async fn a_flipped_bit_is_refused() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    for part in 0..3 {
        let mut request = person.assertion().await;
        let response = &mut request.credential.response;
        let bytes = match part {
            0 => &mut response.authenticator_data,
            1 => &mut response.client_data_json,
            _ => &mut response.signature,
        };
        let middle = bytes.0.len() / 2;
        bytes.0[middle] ^= 1;
        refused(&person.browser, &request).await;
    }
}

#[tokio::test]
async fn a_signature_counter_that_does_not_increase_is_refused() {
    let fixture = Fixture::start().await;
    let mut person = Person::without_account(&fixture, "anna");
    person.authenticator =
        SoftwareAuthenticator::for_origin(fixture.server.origin()).with_signature_counter();
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.status, 200);
    person.login().await;
    // Of two assertions, the later one arrives first.
    let earlier = person.assertion().await;
    person.login().await;
    refused(&person.browser, &earlier).await;
    person.login().await;
}
