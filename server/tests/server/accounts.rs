use crystallum_api::{Bytes, Challenge, Code, Committed, Entry, Registration, Session};
use crystallum_test_support::Person;
use crystallum_test_support::commits::{genesis_changes, id, new_record, overview, profile, secret};
use crystallum_test_support::signer::{Signer, WRITE};
use passkey::types::webauthn::UserVerificationRequirement;

use crate::fixture::Fixture;

#[tokio::test]
async fn an_account_is_created_with_one_request() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let session: Session = person.browser.get("/api/session").await.json();
    assert_eq!((session.account, session.counter), (person.account, 1));
    let delta = person.delta(0).await;
    assert_eq!(delta.counter, 1);
    let genesis = person.genesis();
    assert_eq!(delta.entries, [Entry { head: genesis.head, changes: genesis.changes }]);
}

#[tokio::test]
async fn challenges_are_long_and_fresh() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let one: Challenge = browser.post("/api/register/challenge").await.json();
    let two: Challenge = browser.post("/api/register/challenge").await.json();
    assert!(one.challenge.as_slice().len() >= 16);
    assert_ne!(one.challenge, two.challenge);
    assert_ne!(one.ceremony, two.ceremony);
    assert_eq!(one.expires_in, 300);
}

#[tokio::test]
async fn a_lost_answer_is_harmless() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let request = person.sign_up_request().await;
    let first = person.browser.post_json("/api/accounts", &request).await;
    let one = person.browser.cookie();
    person.browser.set_cookie(None);
    let second = person.browser.post_json("/api/accounts", &request).await;
    assert_eq!(first.json::<Committed>(), second.json::<Committed>());
    assert_ne!(one, person.browser.cookie());
    for cookie in [one, person.browser.cookie()] {
        person.browser.set_cookie(cookie);
        assert_eq!(person.browser.get("/api/session").await.json::<Session>().counter, 1);
    }
    assert_eq!(person.delta(0).await.entries.len(), 1);
}

#[tokio::test]
async fn the_same_request_at_the_same_time_makes_one_account() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let request = person.sign_up_request().await;
    let (one, two) = (fixture.browser(), fixture.browser());
    let (first, second) =
        tokio::join!(one.post_json("/api/accounts", &request), two.post_json("/api/accounts", &request));
    assert_eq!(first.json::<Committed>(), second.json::<Committed>());
}

#[tokio::test]
async fn a_ceremony_is_valid_for_one_request() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let mut request = person.sign_up_request().await;
    person.browser.post_json("/api/accounts", &request).await.json::<Committed>();
    request.commit.commit_id = id("another");
    let reply = person.browser.post_json("/api/accounts", &request).await;
    assert_eq!(reply.code(), Code::CeremonyUnknown);
}

#[tokio::test]
async fn an_expired_or_unknown_ceremony_is_refused() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let mut request = person.sign_up_request().await;
    fixture.clock.advance(300);
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CeremonyUnknown);
    request.ceremony = id("no ceremony");
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CeremonyUnknown);
    let login: Challenge = person.browser.post("/api/login/challenge").await.json();
    request.ceremony = login.ceremony;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CeremonyUnknown);
    assert_eq!(person.browser.cookie(), None);
}

#[tokio::test]
async fn an_account_id_is_used_once() {
    let fixture = Fixture::start().await;
    Person::new(&fixture, "anna").await;
    let other = Person::without_account(&fixture, "anna");
    let request = other.sign_up_request().await;
    assert_eq!(other.browser.post_json("/api/accounts", &request).await.code(), Code::AccountExists);
    assert_eq!(other.browser.cookie(), None);
}

/// Attack T33 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_passkey_without_verification_is_rejected() {
    let fixture = Fixture::start().await;
    let mut person = Person::without_account(&fixture, "anna");
    person.authenticator.verification = UserVerificationRequirement::Discouraged;
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CredentialRejected);
    // The ceremony is consumed.
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CeremonyUnknown);
}

/// T66: a page of a subdomain can make a passkey for this host, but not an account with it.
#[tokio::test]
async fn a_passkey_of_another_origin_is_rejected() {
    let fixture = Fixture::start().await;
    for origin in ["http://localhost:1", "https://localhost", "http://sub.localhost"] {
        let mut person = Person::without_account(&fixture, "anna");
        person.authenticator.origin = origin.parse().unwrap();
        let request = person.sign_up_request().await;
        let reply = person.browser.post_json("/api/accounts", &request).await;
        assert_eq!(reply.code(), Code::CredentialRejected, "{origin}");
    }
}

/// Attack T33 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_passkey_of_another_host_is_rejected() {
    let fixture = Fixture::start().await;
    let mut person = Person::without_account(&fixture, "anna");
    person.authenticator.origin = "https://vault.example.com".parse().unwrap();
    person.authenticator.rp_id = "vault.example.com".to_owned();
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CredentialRejected);
}

#[tokio::test]
async fn a_passkey_for_another_challenge_is_rejected() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let mut request = person.sign_up_request().await;
    let other: Challenge = person.browser.post("/api/register/challenge").await.json();
    request.ceremony = other.ceremony;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CredentialRejected);
}

#[tokio::test]
async fn an_algorithm_that_was_not_offered_is_rejected() {
    let fixture = Fixture::start().await;
    let mut person = Person::without_account(&fixture, "anna");
    // EdDSA, by its number in COSE.
    person.authenticator.algorithm = -8;
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CredentialRejected);
}

#[tokio::test]
async fn a_damaged_credential_is_rejected() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let damages: [fn(&mut Registration); 5] = [
        |credential| credential.raw_id = Bytes(vec![1; 16]),
        |credential| credential.raw_id.0.push(0),
        |credential| credential.response.attestation_object = Bytes(vec![0xff; 64]),
        |credential| credential.response.attestation_object.0.truncate(60),
        |credential| credential.response.client_data_json = Bytes(b"{}".to_vec()),
    ];
    for damage in damages {
        let mut request = person.sign_up_request().await;
        damage(&mut request.credential);
        assert_eq!(
            person.browser.post_json("/api/accounts", &request).await.code(),
            Code::CredentialRejected
        );
    }
}

#[tokio::test]
async fn the_first_commit_is_checked_before_the_passkey() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let mut request = person.sign_up_request().await;
    let good = request.commit.clone();
    let blank = person.state.before_genesis();
    for wrong in [
        blank.after(&good).commit("genesis", vec![new_record("key")]),
        Signer::named(id("somebody else")).commit("genesis", good.changes.clone()),
        blank.commit("genesis", Vec::new()),
        blank.sign_as(WRITE, good.changes.clone(), id("genesis")).1,
    ] {
        request.commit = wrong;
        assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::BadRequest);
    }
    request.commit = good;
    person.browser.post_json("/api/accounts", &request).await.json::<Committed>();
}

#[tokio::test]
async fn a_failing_commit_creates_no_account() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let mut request = person.sign_up_request().await;
    // Well formed, but the first version of a record must be 1.
    let mut changes = genesis_changes(person.account);
    changes[3] = profile(person.account, overview("profile", 2), secret("profile", 2));
    request.commit = person.state.before_genesis().commit("genesis", changes);
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::BadRequest);
    assert_eq!(person.browser.cookie(), None);
    // Neither the id nor the passkey nor the ceremony is consumed.
    request.commit = person.genesis();
    person.browser.post_json("/api/accounts", &request).await.json::<Committed>();
}
