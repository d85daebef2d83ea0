//! Signing in with a recovery code.

use crystallum_api::{Bytes, Challenge, Code, CreateAccount, RecoveryLogin, RecoveryVerifier, Session};
use crystallum_test_support::commits::{device, id};
use crystallum_test_support::{Browser, CHANGE_SIGN_IN_METHODS, DELETE, Person, SIGN_IN, Sheet};

use crate::fixture::Fixture;

async fn refused(browser: &Browser, request: &RecoveryLogin, code: Code) {
    let before = browser.cookie();
    assert_eq!(browser.post_json("/api/recovery", request).await.code(), code);
    assert_eq!(browser.cookie(), before);
}

#[tokio::test]
async fn the_code_alone_opens_a_session() {
    let fixture = Fixture::start().await;
    let (mut person, sheet) = Person::with_sheet(&fixture, "anna").await;
    person.browser = fixture.browser();
    let request = sheet.login(&person.browser, SIGN_IN).await;
    let session: Session = person.browser.post_json("/api/recovery", &request).await.json();
    assert_eq!((session.account, session.counter), (person.account, 1));
    assert_eq!(session.remaining.records, 19_999);
    // The session is like any other.
    person.write("join", vec![device("laptop")]).await;
    assert_eq!(person.delta(0).await.entries.len(), 2);
}

#[tokio::test]
async fn nonces_are_long_and_fresh() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let one: Challenge = browser.post("/api/recovery/challenge").await.json();
    let two: Challenge = browser.post("/api/recovery/challenge").await.json();
    assert_eq!((one.challenge.as_slice().len(), two.challenge.as_slice().len()), (32, 32));
    assert_ne!(one.challenge, two.challenge);
    assert_ne!(one.ceremony, two.ceremony);
    assert_eq!(one.expires_in, 300);
    assert_eq!(browser.post_text("/api/recovery/challenge", "{}").await.code(), Code::BadRequest);
}

#[tokio::test]
async fn a_nonce_is_valid_for_one_try() {
    let fixture = Fixture::start().await;
    let (person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let browser = fixture.browser();
    let request = sheet.login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &request).await.status, 200);
    refused(&browser, &request, Code::CeremonyUnknown).await;
    // A failed attempt consumes the nonce too.
    let challenge: Challenge = browser.post("/api/recovery/challenge").await.json();
    refused(&browser, &sheet.sign(&challenge, "example.com", SIGN_IN), Code::ProofRejected).await;
    refused(&browser, &sheet.sign(&challenge, "localhost", SIGN_IN), Code::CeremonyUnknown).await;
    // The nonce must be issued by the server, recent, and of this kind.
    let request = sheet.login(&browser, SIGN_IN).await;
    refused(&browser, &RecoveryLogin { ceremony: id("none"), ..request.clone() }, Code::CeremonyUnknown)
        .await;
    fixture.clock.advance(300);
    refused(&browser, &request, Code::CeremonyUnknown).await;
    let authenticator: Challenge = browser.post("/api/login/challenge").await.json();
    refused(&browser, &sheet.sign(&authenticator, "localhost", SIGN_IN), Code::CeremonyUnknown).await;
    drop(person);
}

#[tokio::test]
async fn a_recovery_nonce_is_no_passkey_challenge() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let challenge: Challenge = person.browser.post("/api/recovery/challenge").await.json();
    let credential = person.authenticator.sign(&challenge).await;
    let request = crystallum_api::Login { ceremony: challenge.ceremony, credential };
    assert_eq!(person.browser.post_json("/api/login", &request).await.code(), Code::CeremonyUnknown);
}

#[tokio::test]
async fn a_wrong_code_is_refused_like_a_wrong_signature() {
    let fixture = Fixture::start().await;
    let (person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let browser = fixture.browser();
    let unknown = Sheet::new("nobody").login(&browser, SIGN_IN).await;
    let unknown = browser.post_json("/api/recovery", &unknown).await;
    let mut tampered = sheet.login(&browser, SIGN_IN).await;
    tampered.signature.0[3] ^= 1;
    let tampered = browser.post_json("/api/recovery", &tampered).await;
    // The right lookup value with another key.
    let thief = Sheet { lookup: sheet.lookup, ..Sheet::new("thief") }.login(&browser, SIGN_IN).await;
    let thief = browser.post_json("/api/recovery", &thief).await;
    assert_eq!(unknown.code(), Code::ProofRejected);
    for reply in [tampered, thief] {
        assert_eq!((reply.status, &reply.body), (unknown.status, &unknown.body));
        assert_eq!(reply.headers.keys().collect::<Vec<_>>(), unknown.headers.keys().collect::<Vec<_>>());
    }
    assert_eq!(browser.cookie(), None);
    drop(person);
}

/// Attack T67 of `tests/ATTACKS.md`.
#[tokio::test]
async fn every_signed_value_is_checked() {
    let fixture = Fixture::start().await;
    let (_person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let browser = fixture.browser();
    for purpose in [0, CHANGE_SIGN_IN_METHODS, DELETE, 4] {
        let request = sheet.login(&browser, purpose).await;
        refused(&browser, &request, Code::ProofRejected).await;
    }
    for host in ["localhos", "localhost.", "LOCALHOST", "vault.example.com"] {
        let challenge: Challenge = browser.post("/api/recovery/challenge").await.json();
        refused(&browser, &sheet.sign(&challenge, host, SIGN_IN), Code::ProofRejected).await;
    }
    let damages: [fn(&mut RecoveryLogin); 4] = [
        |request| request.lookup.0[0] ^= 1,
        |request| request.client_nonce.0[0] ^= 1,
        |request| request.device_key_hash.0[31] ^= 0x80,
        |request| request.signature = Bytes(vec![0; 64]),
    ];
    for damage in damages {
        let mut request = sheet.login(&browser, SIGN_IN).await;
        damage(&mut request);
        refused(&browser, &request, Code::ProofRejected).await;
    }
    let cut: [fn(&mut RecoveryLogin); 4] = [
        |request| request.lookup.0.truncate(15),
        |request| request.client_nonce.0.push(0),
        |request| request.device_key_hash.0.clear(),
        |request| request.signature.0.truncate(63),
    ];
    for cut in cut {
        let mut request = sheet.login(&browser, SIGN_IN).await;
        cut(&mut request);
        refused(&browser, &request, Code::BadRequest).await;
    }
}

#[tokio::test]
async fn tries_are_counted_per_address() {
    let fixture = Fixture::start().await;
    let (_person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let browser = fixture.browser();
    let unknown = Sheet::new("otto");
    for _ in 0..60 {
        let wrong = unknown.login(&browser, SIGN_IN).await;
        refused(&browser, &wrong, Code::ProofRejected).await;
    }
    let wrong = unknown.login(&browser, SIGN_IN).await;
    refused(&browser, &wrong, Code::RateLimited).await;
    // Whoever knows a code is not kept out by those who do not.
    let right = sheet.login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &right).await.status, 200);
}

#[tokio::test]
async fn sign_up_takes_a_valid_verifier_or_none() {
    let fixture = Fixture::start().await;
    let (_anna, taken) = Person::with_sheet(&fixture, "anna").await;
    let person = Person::without_account(&fixture, "otto");
    let good = Sheet::new("otto").verifier();
    let mut identity = vec![0; 32];
    identity[0] = 1;
    for wrong in [
        RecoveryVerifier { lookup_hash: Bytes(vec![1; 31]), ..good.clone() },
        RecoveryVerifier { lookup_hash: Bytes(Vec::new()), ..good.clone() },
        RecoveryVerifier { verifier: Bytes(vec![1; 33]), ..good.clone() },
        RecoveryVerifier { verifier: Bytes(identity), ..good.clone() },
        RecoveryVerifier { verifier: Bytes(vec![0xff; 32]), ..good.clone() },
        // The lookup value of another account.
        RecoveryVerifier { lookup_hash: taken.verifier().lookup_hash, ..good.clone() },
    ] {
        let request = CreateAccount { recovery: Some(wrong), ..person.sign_up_request().await };
        assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::BadRequest);
        assert_eq!(person.browser.cookie(), None);
    }
    let request = CreateAccount { recovery: Some(good), ..person.sign_up_request().await };
    for _ in 0..2 {
        assert_eq!(person.browser.post_json("/api/accounts", &request).await.status, 200);
    }
    let browser = fixture.browser();
    let login = Sheet::new("otto").login(&browser, SIGN_IN).await;
    let session: Session = browser.post_json("/api/recovery", &login).await.json();
    assert_eq!(session.account, person.account);
}
