use std::sync::Mutex;

use crystallum_api::{Bytes, Challenge};
use crystallum_test_support::SoftwareAuthenticator;
use webauthn_rs::prelude::AuthenticationResult;

use super::*;

const ORIGIN: &str = "http://localhost:8080";
const CHALLENGE: [u8; 32] = [7; 32];

/// How far each verification of an assertion came.
#[derive(Debug, Default)]
pub(super) struct Work(Mutex<Vec<&'static str>>);

impl Work {
    pub(super) fn count(&self, result: &Result<AuthenticationResult, WebauthnError>) {
        let came_to = match result {
            Ok(_) | Err(WebauthnError::AuthenticationFailure) => "the signature",
            Err(_) => "an earlier check",
        };
        self.0.lock().unwrap().push(came_to);
    }
}

#[test]
fn refuses_frames() {
    assert_eq!(check_top_level(br#"{"type":"webauthn.get"}"#), Ok(()));
    assert_eq!(check_top_level(br#"{"crossOrigin":false}"#), Ok(()));
    for wrong in [
        &br#"{"crossOrigin":true}"#[..],
        br#"{"crossOrigin":false,"topOrigin":"https://example.com"}"#,
        br#"{"crossOrigin":"no"}"#,
        b"[]",
        b"",
        b"\xff",
    ] {
        assert_eq!(check_top_level(wrong), Err(Rejected));
    }
}

/// Returns a verifier, an assertion, and the passkey that it is of.
async fn signed(authenticator: SoftwareAuthenticator) -> (Passkeys, Assertion, Passkey) {
    let passkeys = Passkeys::new(&Origin::parse(ORIGIN, 0).unwrap()).unwrap();
    let challenge =
        Challenge { ceremony: Id([0; 16]), challenge: Bytes(CHALLENGE.to_vec()), expires_in: 300 };
    let registration = authenticator.register(&challenge, Id([1; 16])).await;
    let passkey = passkeys.finish_registration(&registration, &CHALLENGE).unwrap();
    let assertion = authenticator.sign(&challenge).await;
    (passkeys, assertion, passkey)
}

#[tokio::test]
async fn a_passkey_signs_in_with_its_own_challenge() {
    let (passkeys, assertion, passkey) = signed(SoftwareAuthenticator::for_origin(ORIGIN)).await;
    assert!(passkeys.finish_login(&assertion, &CHALLENGE, Some(passkey.clone())).is_ok());
    assert_eq!(passkeys.finish_login(&assertion, &[8; 32], Some(passkey)).err(), Some(Rejected));
}

#[tokio::test]
async fn unknown_passkeys_cause_the_same_work_as_known_ones() {
    let flag = |byte: usize, bit: u8| {
        move |assertion: &mut Assertion| {
            assertion.response.authenticator_data.0[byte] ^= bit;
        }
    };
    let last_of_signature = |assertion: &mut Assertion| {
        let end = assertion.response.signature.0.len() - 1;
        assertion.response.signature.0[end] ^= 1;
    };
    let (backup_eligible, backup_state) = (flag(FLAGS, 0x08), flag(FLAGS, 0x10));
    let (verified, relying_party) = (flag(FLAGS, 0x04), flag(0, 1));
    let changes: [&dyn Fn(&mut Assertion); 9] = [
        &|_| (),
        &last_of_signature,
        &backup_eligible,
        &backup_state,
        &|assertion| (backup_eligible(assertion), backup_state(assertion)).0,
        &verified,
        &relying_party,
        &|assertion| assertion.response.client_data_json = Bytes(b"{}".to_vec()),
        &|assertion| assertion.response.authenticator_data.0.truncate(10),
    ];
    for (number, change) in changes.iter().enumerate() {
        let (passkeys, mut assertion, passkey) = signed(SoftwareAuthenticator::for_origin(ORIGIN)).await;
        change(&mut assertion);
        let known = passkeys.finish_login(&assertion, &CHALLENGE, Some(passkey));
        let of_known = std::mem::take(&mut *passkeys.work.0.lock().unwrap());
        assert_eq!(known.is_ok(), number == 0, "{number}");
        assert_eq!(passkeys.finish_login(&assertion, &CHALLENGE, None).err(), Some(Rejected));
        let of_unknown = std::mem::take(&mut *passkeys.work.0.lock().unwrap());
        let signatures = |work: &[&str]| work.iter().filter(|came_to| **came_to == "the signature").count();
        assert_eq!(signatures(&of_known), signatures(&of_unknown), "{number}: {of_known:?} {of_unknown:?}");
    }
}
