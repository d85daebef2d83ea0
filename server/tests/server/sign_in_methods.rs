//! Successful changes of the sign-in methods.

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::{
    Bytes, Change, ChangeSignInMethods, Code, Committed, Login, NewPasskey, Proof, Session, SignUp,
};
use crystallum_test_support::commits::{code_slot, device, keyslot, keyslot_gone, new_record};
use crystallum_test_support::{
    Browser, CHANGE_SIGN_IN_METHODS, Person, SIGN_IN, Sheet, SoftwareAuthenticator,
};

use crate::fixture::Fixture;

/// Returns the credential id of the passkey with which the person signed up.
pub(crate) async fn passkey(person: &mut Person) -> Bytes {
    person.assertion().await.credential.raw_id
}

/// Returns changes that add one sign-in method and remove another.
pub(crate) fn replace(old: &str, new: &str) -> Vec<Change> {
    vec![
        keyslot(&format!("{new} root"), 1),
        keyslot(&format!("{new} cold"), 2),
        keyslot_gone(&format!("{old} root")),
        keyslot_gone(&format!("{old} cold")),
    ]
}

#[tokio::test]
async fn a_passkey_is_added_and_another_removed() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = passkey(&mut person).await;
    let mut authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let changes = vec![keyslot("second root", 1), keyslot("second cold", 2), new_record("way")];
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        ..person.change_request("add", changes.clone()).await
    };
    person.change_sign_in_methods(&request).await;
    assert_eq!(person.delta(1).await.entries[0].changes, changes);
    // Both passkeys open the account, each from its own browser.
    person.login().await;
    std::mem::swap(&mut person.authenticator, &mut authenticator);
    person.browser = fixture.browser();
    assert_eq!(person.login().await.counter, 2);
    // Two methods stay.
    let changes = replace("slot", "third");
    let request = ChangeSignInMethods {
        remove_passkey: Some(first),
        ..person.change_request("remove", changes.clone()).await
    };
    person.change_sign_in_methods(&request).await;
    assert_eq!(person.delta(2).await.entries[0].changes, changes);
    person.login().await;
    // The removed passkey no longer works.
    std::mem::swap(&mut person.authenticator, &mut authenticator);
    let request = person.assertion().await;
    assert_eq!(person.browser.post_json("/api/login", &request).await.code(), Code::CredentialRejected);
}

#[tokio::test]
async fn a_lost_answer_needs_no_second_proof() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let sheet = Sheet::new("anna");
    let request = ChangeSignInMethods {
        set_recovery: Some(sheet.verifier()),
        ..person.change_request("sheet", vec![keyslot("sheet root", 1), keyslot("sheet cold", 2)]).await
    };
    person.change_sign_in_methods(&request).await;
    person.write("later", vec![new_record("key")]).await;
    for _ in 0..2 {
        let again: Committed = person.browser.post_json("/api/sign-in-methods", &request).await.json();
        assert_eq!(again, Committed { counter: 2 });
    }
    // The same id with other changes is rejected, with or without a proof.
    let mut other =
        person.change_request("sheet", vec![keyslot("other root", 1), keyslot("other cold", 2)]).await;
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &other).await.code(), Code::CommitIdReused);
    other.commit = request.commit;
    other.proof = request.proof;
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &other).await.json::<Committed>().counter, 2);
    assert_eq!(person.delta(0).await.counter, 3);
    // A request without a session does not get that response.
    assert_eq!(
        fixture.browser().post_json("/api/sign-in-methods", &other).await.code(),
        Code::SessionExpired
    );
}

#[tokio::test]
async fn a_recovery_code_is_set_replaced_and_removed() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let (first, second) = (Sheet::new("first"), Sheet::new("second"));
    let enter = async |sheet: &Sheet| -> u16 {
        let browser = fixture.browser();
        let request = sheet.login(&browser, SIGN_IN).await;
        browser.post_json("/api/recovery", &request).await.status
    };
    assert_eq!(enter(&first).await, 401);
    let request = ChangeSignInMethods {
        set_recovery: Some(first.verifier()),
        ..person.change_request("set", vec![keyslot("first root", 1), keyslot("first cold", 2)]).await
    };
    person.change_sign_in_methods(&request).await;
    assert_eq!(enter(&first).await, 200);
    let request = ChangeSignInMethods {
        set_recovery: Some(second.verifier()),
        ..person.change_request("replace", replace("first", "second")).await
    };
    person.change_sign_in_methods(&request).await;
    assert_eq!((enter(&first).await, enter(&second).await), (401, 200));
    // Two methods stay in the vault.
    let request = ChangeSignInMethods {
        remove_recovery: true,
        ..person.change_request("remove", replace("second", "third")).await
    };
    person.change_sign_in_methods(&request).await;
    assert_eq!((enter(&first).await, enter(&second).await), (401, 401));
}

/// Recovery in a new browser with only the code: a session, a device, a new passkey, and a new
/// code.
#[tokio::test]
async fn recovery_adds_a_passkey_and_replaces_the_code() {
    let fixture = Fixture::start().await;
    let (mut person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let lost = passkey(&mut person).await;
    person.browser = fixture.browser();
    person.authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let login = sheet.login(&person.browser, SIGN_IN).await;
    person.browser.post_json("/api/recovery", &login).await.json::<Session>();
    person.write("join", vec![device("new device")]).await;
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let new = person.new_passkey(&authenticator).await;
    let next = Sheet::new("next");
    let changes = vec![
        keyslot("new root", 1),
        keyslot("new cold", 2),
        code_slot("next root", 1),
        code_slot("next cold", 2),
        keyslot_gone("slot root"),
        keyslot_gone("slot cold"),
    ];
    let request = ChangeSignInMethods {
        proof: Proof::Recovery(sheet.login(&person.browser, CHANGE_SIGN_IN_METHODS).await),
        add_passkey: Some(new),
        remove_passkey: Some(lost),
        set_recovery: Some(next.verifier()),
        remove_recovery: false,
        commit: person.state.commit("recover", changes),
    };
    person.change_sign_in_methods(&request).await;
    person.authenticator = authenticator;
    person.login().await;
    let browser = fixture.browser();
    let dead = sheet.login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &dead).await.code(), Code::ProofRejected);
    let alive = next.login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &alive).await.status, 200);
}

/// Attack T37 of `tests/ATTACKS.md`.
#[tokio::test]
async fn removing_a_sign_in_method_ends_other_sessions() {
    let fixture = Fixture::start().await;
    let (mut person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let neighbour = Person::new(&fixture, "otto").await;
    let mut other = fixture.browser();
    let alive = async |browser: &Browser| browser.get("/api/session").await.status == 200;
    let open_other = async || {
        let request = sheet.login(&other, SIGN_IN).await;
        other.post_json("/api/recovery", &request).await.status
    };
    assert_eq!(open_other().await, 200);
    // Adding a sign-in method ends no session.
    let mut authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        ..person.change_request("add", vec![keyslot("a root", 1), keyslot("a cold", 2)]).await
    };
    person.change_sign_in_methods(&request).await;
    assert!(alive(&mut other).await);
    std::mem::swap(&mut person.authenticator, &mut authenticator);
    let second = passkey(&mut person).await;
    std::mem::swap(&mut person.authenticator, &mut authenticator);
    let request = ChangeSignInMethods {
        remove_passkey: Some(second),
        ..person.change_request("remove", replace("a", "b")).await
    };
    person.change_sign_in_methods(&request).await;
    assert!(!alive(&mut other).await && alive(&person.browser).await);

    let request = sheet.login(&other, SIGN_IN).await;
    other.post_json("/api/recovery", &request).await.json::<Session>();
    let request = ChangeSignInMethods {
        set_recovery: Some(Sheet::new("next").verifier()),
        ..person.change_request("replace", replace("b", "c")).await
    };
    person.change_sign_in_methods(&request).await;
    assert!(!alive(&mut other).await && alive(&person.browser).await);
    assert!(alive(&neighbour.browser).await);
}

#[tokio::test]
async fn closed_sign_up_still_allows_adding_passkeys() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let fixture = fixture.with_sign_up(SignUp::Closed).await;
    person.reconnect(&fixture);
    person.login().await;
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let new: NewPasskey = person.new_passkey(&authenticator).await;
    let request = ChangeSignInMethods {
        add_passkey: Some(new),
        ..person.change_request("add", vec![keyslot("a root", 1), keyslot("a cold", 2)]).await
    };
    person.change_sign_in_methods(&request).await;
    let stranger = fixture.browser();
    assert_eq!(stranger.post("/api/register/challenge").await.code(), Code::SignUpClosed);
}

#[tokio::test]
async fn a_proof_has_one_encoding() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let request = person.change_request("add", vec![keyslot("a root", 1), keyslot("a cold", 2)]).await;
    let good = serde_json::to_value(&request).unwrap();
    let Proof::Passkey(login) = &request.proof else { panic!("not a passkey") };
    let login: serde_json::Value = serde_json::to_value::<&Login>(login).unwrap();
    for proof in [
        serde_json::json!(null),
        serde_json::json!({}),
        serde_json::json!("passkey"),
        serde_json::json!({"password": login}),
        serde_json::json!({"passkey": login, "recovery": null}),
        login,
    ] {
        let mut wrong = good.clone();
        wrong["proof"] = proof;
        assert_eq!(
            person.browser.post_json("/api/sign-in-methods", &wrong).await.code(),
            Code::BadRequest,
            "{wrong}"
        );
    }
    let bare =
        Request::post("/api/sign-in-methods").header(header::ORIGIN, person.browser.origin().to_owned());
    assert_eq!(person.browser.send_request(bare, Body::empty()).await.code(), Code::BadRequest);
    person.change_sign_in_methods(&request).await;
}
