//! What signs in on the server goes with its sign-in method, whatever the client names.

use crystallum_api::{Bytes, Change, ChangeSignInMethods, Code, Session};
use crystallum_test_support::commits::{code_slot, keyslot, keyslot_gone, new_record};
use crystallum_test_support::{Browser, Person, SIGN_IN, Sheet, SoftwareAuthenticator};

use crate::fixture::Fixture;
use crate::sign_in_methods::replace;

fn slots(name: &str) -> Vec<Change> {
    vec![keyslot(&format!("{name} root"), 1), keyslot(&format!("{name} cold"), 2)]
}

fn code_slots(name: &str) -> Vec<Change> {
    vec![code_slot(&format!("{name} root"), 1), code_slot(&format!("{name} cold"), 2)]
}

/// Adds a passkey to an account. Returns a browser that is signed in with it, and the passkey.
async fn add_passkey(fixture: &Fixture, person: &mut Person, changes: Vec<Change>) -> Person {
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        ..person.change_request("add", changes).await
    };
    person.change_sign_in_methods(&request).await;
    let mut other = Person::without_account(fixture, "other");
    other.authenticator = authenticator;
    other.login().await;
    other
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/api/session").await.status == 200
}

async fn assert_locked_out(person: &Person) {
    assert!(!is_signed_in(&person.browser).await);
    let login = person.assertion().await;
    assert_eq!(person.browser.post_json("/api/login", &login).await.code(), Code::CredentialRejected);
}

/// A thief's keyslots may name another passkey than the one that the server registered with them.
#[tokio::test]
async fn a_removed_method_takes_its_passkey_along() {
    let fixture = Fixture::start().await;
    for (name, named) in [("nothing", None), ("another", Some(Bytes(vec![1; 16])))] {
        let mut person = Person::new(&fixture, name).await;
        let thief = add_passkey(&fixture, &mut person, slots("stolen")).await;
        assert!(is_signed_in(&thief.browser).await);
        let request = ChangeSignInMethods {
            remove_passkey: named,
            ..person.change_request("remove", replace("stolen", "next")).await
        };
        person.change_sign_in_methods(&request).await;
        assert_locked_out(&thief).await;
        assert!(is_signed_in(&person.browser).await);
        person.login().await;
    }
}

#[tokio::test]
async fn the_first_passkey_belongs_to_the_first_method() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let mut other = add_passkey(&fixture, &mut person, slots("second")).await;
    std::mem::swap(&mut person.authenticator, &mut other.authenticator);
    std::mem::swap(&mut person.browser, &mut other.browser);
    let request = person.change_request("remove", replace("slot", "third")).await;
    person.change_sign_in_methods(&request).await;
    assert_locked_out(&other).await;
    person.login().await;
}

#[tokio::test]
async fn a_removed_method_takes_its_code_along() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let (sheet, browser) = (Sheet::new("anna"), fixture.browser());
    let request = ChangeSignInMethods {
        set_recovery: Some(sheet.verifier()),
        ..person.change_request("sheet", code_slots("sheet")).await
    };
    person.change_sign_in_methods(&request).await;
    let login = sheet.login(&browser, SIGN_IN).await;
    browser.post_json("/api/recovery", &login).await.json::<Session>();
    let request = person.change_request("remove", replace("sheet", "next")).await;
    person.change_sign_in_methods(&request).await;
    assert!(!is_signed_in(&browser).await);
    let login = sheet.login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &login).await.code(), Code::ProofRejected);
}

/// Other passkeys stay, also those that were added in the same request as a code.
#[tokio::test]
async fn what_belongs_to_other_methods_stays() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let (sheet, browser) = (Sheet::new("anna"), fixture.browser());
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        set_recovery: Some(sheet.verifier()),
        ..person.change_request("both", [slots("second"), code_slots("sheet")].concat()).await
    };
    person.change_sign_in_methods(&request).await;
    let request = person.change_request("remove", replace("sheet", "third")).await;
    person.change_sign_in_methods(&request).await;
    let login = sheet.login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &login).await.code(), Code::ProofRejected);
    person.login().await;
    person.authenticator = authenticator;
    person.login().await;
}

/// Nothing signs in that would stay when every method of the vault is removed.
#[tokio::test]
async fn a_credential_comes_with_one_new_method() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let gone = vec![keyslot_gone("spare root"), keyslot_gone("spare cold")];
    let request = person.change_request("spare", slots("spare")).await;
    person.change_sign_in_methods(&request).await;
    let request = person.change_request("more", slots("more")).await;
    person.change_sign_in_methods(&request).await;
    let two = [slots("one"), slots("two"), vec![new_record("name")]].concat();
    let codes = [code_slots("one"), code_slots("two")].concat();
    for (what, changes) in [("none", gone), ("two", two), ("codes", codes)] {
        let request = ChangeSignInMethods {
            add_passkey: Some(person.new_passkey(&authenticator).await),
            ..person.change_request(what, changes.clone()).await
        };
        let refused = person.browser.post_json("/api/sign-in-methods", &request).await;
        assert_eq!(refused.code(), Code::BadRequest, "a passkey: {what}");
        let request = ChangeSignInMethods {
            set_recovery: Some(Sheet::new("anna").verifier()),
            ..person.change_request(what, changes).await
        };
        let refused = person.browser.post_json("/api/sign-in-methods", &request).await;
        assert_eq!(refused.code(), Code::BadRequest, "a code: {what}");
    }
    assert_eq!(person.delta(0).await.counter, 3);
}
