//! Rejected changes of the sign-in methods, which leave everything as it was.

use crystallum_api::{Bytes, Change, ChangeSignInMethods, Code, Failure, Proof};
use crystallum_test_support::commits::{
    device, device_gone, genesis_changes, id, keyslot, keyslot_gone, new_record, share_gone,
};
use crystallum_test_support::signer::{DEVICES, JOIN, SIGN_IN_METHODS, Signer, WALLET, WRITE};
use crystallum_test_support::{
    CHANGE_SIGN_IN_METHODS, DELETE, Person, SIGN_IN, Sheet, SoftwareAuthenticator,
};
use passkey::types::webauthn::UserVerificationRequirement;

use crate::fixture::Fixture;
use crate::sign_in_methods::passkey;

fn slots() -> Vec<Change> {
    vec![keyslot("new root", 1), keyslot("new cold", 2)]
}

/// Asserts that the request is rejected and that the account, its passkey, and its recovery code
/// still work.
async fn refused(person: &mut Person, sheet: Option<&Sheet>, request: &ChangeSignInMethods, code: Code) {
    assert_eq!(person.browser.post_json("/api/sign-in-methods", request).await.code(), code);
    assert_eq!(person.delta(0).await.counter, person.counter());
    person.login().await;
    if let Some(sheet) = sheet {
        let request = sheet.login(&person.browser, SIGN_IN).await;
        assert_eq!(person.browser.post_json("/api/recovery", &request).await.status, 200);
    }
}

#[tokio::test]
async fn a_session_alone_cannot_change_sign_in_methods() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let mut removal = slots();
    removal.extend([keyslot_gone("slot root"), keyslot_gone("slot cold")]);
    let mut with_record = slots();
    with_record.push(new_record("key"));
    for changes in [slots(), removal, with_record] {
        let request = person.state.commit("plain", changes.clone());
        assert_eq!(person.browser.post_json("/api/commit", &request).await.code(), Code::BadRequest);
        // Nor as another operation.
        for op in [WRITE, JOIN, WALLET, DEVICES] {
            let (_, request) = person.state.sign_as(op, changes.clone(), id("plain"));
            assert_eq!(person.browser.post_json("/api/commit", &request).await.code(), Code::BadRequest);
        }
    }
    assert_eq!(person.delta(0).await.counter, 1);
}

#[tokio::test]
async fn a_proof_must_be_fresh_and_of_this_account() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let (mut person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let (other, other_sheet) = Person::with_sheet(&fixture, "otto").await;
    let request = person.change_request("change", slots()).await;
    let with = |proof: Proof| ChangeSignInMethods { proof, ..request.clone() };
    // The assertion or the code of another account.
    let authenticator = Proof::Passkey(other.assertion().await);
    refused(&mut person, Some(&sheet), &with(authenticator), Code::ProofRejected).await;
    let code = Proof::Recovery(other_sheet.login(&other.browser, CHANGE_SIGN_IN_METHODS).await);
    refused(&mut person, Some(&sheet), &with(code), Code::ProofRejected).await;
    // A code for another purpose, or an unknown code.
    for purpose in [SIGN_IN, DELETE] {
        let code = Proof::Recovery(sheet.login(&person.browser, purpose).await);
        refused(&mut person, Some(&sheet), &with(code), Code::ProofRejected).await;
    }
    let code = Proof::Recovery(Sheet::new("nobody").login(&person.browser, CHANGE_SIGN_IN_METHODS).await);
    refused(&mut person, Some(&sheet), &with(code), Code::ProofRejected).await;
    // A damaged assertion, one without user verification, and one by an unregistered passkey.
    let mut assertion = person.assertion().await;
    assertion.credential.response.signature.0[9] ^= 1;
    refused(&mut person, Some(&sheet), &with(Proof::Passkey(assertion)), Code::ProofRejected).await;
    person.authenticator.verification = UserVerificationRequirement::Discouraged;
    let assertion = person.assertion().await;
    person.authenticator.verification = UserVerificationRequirement::Required;
    refused(&mut person, Some(&sheet), &with(Proof::Passkey(assertion)), Code::ProofRejected).await;
    let mut stranger = Person::without_account(&fixture, "anna");
    stranger.authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    stranger.sign_up_request().await;
    let assertion = stranger.assertion().await;
    refused(&mut person, Some(&sheet), &with(Proof::Passkey(assertion)), Code::ProofRejected).await;
    // A proof that was used before or has expired.
    let assertion = person.assertion().await;
    assert_eq!(person.browser.post_json("/api/login", &assertion).await.status, 200);
    refused(&mut person, Some(&sheet), &with(Proof::Passkey(assertion)), Code::CeremonyUnknown).await;
    let code = sheet.login(&person.browser, CHANGE_SIGN_IN_METHODS).await;
    fixture.clock.advance(300);
    refused(&mut person, Some(&sheet), &with(Proof::Recovery(code)), Code::CeremonyUnknown).await;
    refused(&mut person, Some(&sheet), &request, Code::CeremonyUnknown).await;
}

#[tokio::test]
async fn the_last_sign_in_method_cannot_be_removed() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = passkey(&mut person).await;
    let alone = vec![keyslot_gone("slot root"), keyslot_gone("slot cold")];
    // The vault gets another method, but the server no other way to sign in.
    let removal = [vec![keyslot("third root", 1), keyslot("third cold", 2)], alone.clone()].concat();
    let request = ChangeSignInMethods {
        remove_passkey: Some(first.clone()),
        ..person.change_request("remove", removal.clone()).await
    };
    refused(&mut person, None, &request, Code::BadRequest).await;
    // With a recovery code, the last passkey may be removed. Then the code may not.
    let sheet = Sheet::new("anna");
    let request = ChangeSignInMethods {
        set_recovery: Some(sheet.verifier()),
        ..person.change_request("set", slots()).await
    };
    person.change_sign_in_methods(&request).await;
    let both = ChangeSignInMethods {
        remove_passkey: Some(first.clone()),
        remove_recovery: true,
        ..person.change_request("both", removal.clone()).await
    };
    refused(&mut person, Some(&sheet), &both, Code::BadRequest).await;
    // Of two methods of the vault, none is removed without a new one.
    let request = person.change_request("alone", alone).await;
    refused(&mut person, Some(&sheet), &request, Code::BadRequest).await;
    let request =
        ChangeSignInMethods { remove_passkey: Some(first), ..person.change_request("remove", removal).await };
    person.change_sign_in_methods(&request).await;
    let last = vec![
        keyslot("fourth root", 1),
        keyslot("fourth cold", 2),
        keyslot_gone("new root"),
        keyslot_gone("new cold"),
    ];
    let request = ChangeSignInMethods {
        proof: Proof::Recovery(sheet.login(&person.browser, CHANGE_SIGN_IN_METHODS).await),
        remove_passkey: None,
        remove_recovery: true,
        commit: person.state.commit("last", last),
        ..request
    };
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &request).await.code(), Code::BadRequest);
    let login = sheet.login(&person.browser, SIGN_IN).await;
    assert_eq!(person.browser.post_json("/api/recovery", &login).await.status, 200);
}

/// The code signs for one device, and the change is signed by that device.
#[tokio::test]
async fn a_code_that_signed_for_another_device_proves_nothing() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let sheet = Sheet::new("paper");
    let with_code = ChangeSignInMethods {
        set_recovery: Some(sheet.verifier()),
        ..person.change_request("code", slots()).await
    };
    person.change_sign_in_methods(&with_code).await;
    person.write("join", vec![device("new device")]).await;
    let commit = person.state.commit("next", vec![keyslot("next root", 1), keyslot("next cold", 2)]);
    let change = |proof| ChangeSignInMethods {
        proof: Proof::Recovery(proof),
        add_passkey: None,
        remove_passkey: None,
        set_recovery: Some(Sheet::new("next").verifier()),
        remove_recovery: false,
        commit: commit.clone(),
    };
    for other in ["new device", "nobody"] {
        let challenge = person.browser.post("/api/recovery/challenge").await.json();
        let proof = sheet.sign_for(id(other), &challenge, "localhost", CHANGE_SIGN_IN_METHODS);
        let refused = person.browser.post_json("/api/sign-in-methods", &change(proof)).await;
        assert_eq!(refused.code(), Code::ProofRejected, "{other}");
    }
    let proof = sheet.login(&person.browser, CHANGE_SIGN_IN_METHODS).await;
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &change(proof)).await.status, 200);
}

#[tokio::test]
async fn unknown_sign_in_methods_cannot_be_removed() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let mut other = Person::new(&fixture, "otto").await;
    let kept = vec![keyslot("kept root", 1), keyslot("kept cold", 2)];
    let request = person.change_request("kept", kept).await;
    person.change_sign_in_methods(&request).await;
    // A credential that the account does not have is gone already, and those of others stay.
    let foreign = passkey(&mut other).await;
    for (number, unknown) in [foreign, Bytes(vec![1; 16]), Bytes(Vec::new())].into_iter().enumerate() {
        let (root, cold) = (format!("m{number} root"), format!("m{number} cold"));
        let added = vec![keyslot(&root, 1), keyslot(&cold, 2)];
        let request = person.change_request(&root, added).await;
        person.change_sign_in_methods(&request).await;
        let removed = vec![keyslot_gone(&root), keyslot_gone(&cold)];
        let request = ChangeSignInMethods {
            remove_passkey: Some(unknown),
            remove_recovery: true,
            ..person.change_request(&cold, removed).await
        };
        person.change_sign_in_methods(&request).await;
    }
    other.login().await;
    person.login().await;
    for gone in ["never there", "device"] {
        let request = person.change_request("x", vec![keyslot_gone(gone)]).await;
        refused(&mut person, None, &request, Code::BadRequest).await;
    }
    // A sign-in method is removed whole, and once.
    let request = person.change_request("new", slots()).await;
    person.change_sign_in_methods(&request).await;
    let both = vec![keyslot_gone("slot root"), keyslot_gone("slot cold")];
    for half in &both {
        let mut changes = vec![half.clone(), keyslot("next root", 1), keyslot("next cold", 2)];
        let request = person.change_request("half", changes.clone()).await;
        refused(&mut person, None, &request, Code::BadRequest).await;
        changes.push(keyslot_gone("new root"));
        let request = person.change_request("two halves", changes).await;
        refused(&mut person, None, &request, Code::BadRequest).await;
    }
    let mut changes = vec![keyslot("next root", 1), keyslot("next cold", 2)];
    changes.extend(both.clone());
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        ..person.change_request("gone", changes).await
    };
    person.change_sign_in_methods(&request).await;
    person.authenticator = authenticator;
    let request = person.change_request("again", both).await;
    refused(&mut person, None, &request, Code::BadRequest).await;
}

#[tokio::test]
async fn an_invalid_new_sign_in_method_is_refused() {
    let fixture = Fixture::start().await;
    let (mut person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let (_other, taken) = Person::with_sheet(&fixture, "otto").await;
    let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let mut new = person.new_passkey(&authenticator).await;
    new.credential.response.attestation_object.0.truncate(60);
    let request = ChangeSignInMethods { add_passkey: Some(new), ..person.change_request("x", slots()).await };
    refused(&mut person, Some(&sheet), &request, Code::CredentialRejected).await;
    // The ceremony is consumed whether the passkey is valid or not.
    let mut new = person.new_passkey(&authenticator).await;
    new.ceremony = request.add_passkey.unwrap().ceremony;
    let request = ChangeSignInMethods { add_passkey: Some(new), ..person.change_request("x", slots()).await };
    refused(&mut person, Some(&sheet), &request, Code::CeremonyUnknown).await;
    let mut short = sheet.verifier();
    short.verifier.0.pop();
    let mut foreign = Sheet::new("new").verifier();
    foreign.lookup_hash = taken.verifier().lookup_hash;
    for wrong in [short, foreign] {
        let request =
            ChangeSignInMethods { set_recovery: Some(wrong), ..person.change_request("x", slots()).await };
        refused(&mut person, Some(&sheet), &request, Code::BadRequest).await;
    }
    let new = Some(Sheet::new("new").verifier());
    let request = ChangeSignInMethods {
        set_recovery: new,
        remove_recovery: true,
        ..person.change_request("x", slots()).await
    };
    refused(&mut person, Some(&sheet), &request, Code::BadRequest).await;
}

#[tokio::test]
async fn a_refused_commit_leaves_nothing() {
    let fixture = Fixture::start().await;
    let (mut person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let mut authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
    let good = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        set_recovery: Some(Sheet::new("new").verifier()),
        ..person.change_request("change", [slots(), vec![keyslot_gone("nobody")]].concat()).await
    };
    // The proof and the sign-in methods are valid, but a keyslot is removed that is not there.
    refused(&mut person, Some(&sheet), &good, Code::BadRequest).await;
    std::mem::swap(&mut person.authenticator, &mut authenticator);
    let login = person.assertion().await;
    assert_eq!(person.browser.post_json("/api/login", &login).await.code(), Code::CredentialRejected);
    std::mem::swap(&mut person.authenticator, &mut authenticator);
    let browser = fixture.browser();
    let login = Sheet::new("new").login(&browser, SIGN_IN).await;
    assert_eq!(browser.post_json("/api/recovery", &login).await.code(), Code::ProofRejected);
    let request = person.change_request("change", slots()).await;
    person.change_sign_in_methods(&request).await;
}

#[tokio::test]
async fn a_conflict_does_not_use_up_the_proof() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let mut request = person.change_request("change", slots()).await;
    person.write("meanwhile", vec![new_record("key")]).await;
    let failure = person.browser.post_json("/api/sign-in-methods", &request).await.failure();
    assert_eq!(failure, Failure { counter: Some(2), ..Failure::from(Code::Conflict) });
    request.commit = person.state.commit("change", slots());
    person.change_sign_in_methods(&request).await;
}

#[tokio::test]
async fn a_sign_in_method_commit_changes_sign_in_methods_only() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let with = |change| [slots(), vec![change]].concat();
    for changes in [
        vec![new_record("key")],
        vec![device("x")],
        with(device("x")),
        with(device_gone("device")),
        with(share_gone("x")),
        Vec::new(),
    ] {
        let mut request = person.change_request("x", changes.clone()).await;
        refused(&mut person, None, &request, Code::BadRequest).await;
        (_, request.commit) = person.state.sign_as(SIGN_IN_METHODS, changes, id("x"));
        request.proof = Proof::Passkey(person.assertion().await);
        refused(&mut person, None, &request, Code::BadRequest).await;
    }
    let mut request = person.change_request("x", slots()).await;
    let other = Signer::named(id("somebody else"));
    let genesis = other.commit("genesis", genesis_changes(other.vault));
    request.commit = other.after(&genesis).commit("x", slots());
    refused(&mut person, None, &request, Code::BadRequest).await;
}
