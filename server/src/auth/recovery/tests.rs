use crystallum_api::{Bytes, Id};
use ed25519_dalek::{Signer, SigningKey};

use super::*;

const HOST: &str = "vault.example.com";
const NONCE: [u8; 32] = [0x22; 32];

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn login(signature: Vec<u8>) -> RecoveryLogin {
    RecoveryLogin {
        ceremony: Id([1; 16]),
        lookup: Bytes(vec![5; 16]),
        client_nonce: Bytes(vec![0x33; 32]),
        device_key_hash: Bytes(vec![0x44; 32]),
        signature: Bytes(signature),
    }
}

fn signed_message(purpose: Purpose) -> Vec<u8> {
    let sign_in = SignIn {
        host: HOST,
        server_nonce: &NONCE,
        client_nonce: [0x33; 32],
        device_key_hash: [0x44; 32],
        purpose,
    };
    sign_in.message().unwrap().to_vec()
}

fn attempt(purpose: Purpose) -> Attempt {
    let text = signed_message(purpose);
    Attempt::try_from(&login(signer().sign(&text).to_bytes().to_vec())).unwrap()
}

#[test]
fn the_message_is_the_one_of_the_format() {
    let mut expected = vec![27];
    expected.extend_from_slice(b"crystallum/1/recovery/login");
    expected.extend_from_slice(&[1, 1, 5]);
    expected.extend_from_slice(&[1, 0, 17]);
    expected.extend_from_slice(b"vault.example.com");
    expected.extend_from_slice(&[2, 0, 32]);
    expected.extend_from_slice(&[0x22; 32]);
    expected.extend_from_slice(&[3, 0, 32]);
    expected.extend_from_slice(&[0x33; 32]);
    expected.extend_from_slice(&[4, 0, 32]);
    expected.extend_from_slice(&[0x44; 32]);
    expected.extend_from_slice(&[5, 0, 1, 3]);
    assert_eq!(signed_message(Purpose::DeleteVault), expected);
}

#[test]
fn a_signature_is_for_one_host_nonce_purpose_and_key() {
    let key = signer().verifying_key().to_bytes();
    let good = attempt(Purpose::SignIn);
    assert!(good.is_valid(Some(&key), HOST, &NONCE, Purpose::SignIn));
    assert!(!good.is_valid(Some(&key), "vault.example.org", &NONCE, Purpose::SignIn));
    assert!(!good.is_valid(Some(&key), HOST, &[0x23; 32], Purpose::SignIn));
    assert!(!good.is_valid(Some(&key), HOST, &NONCE, Purpose::ChangeSignInMethods));
    assert!(!good.is_valid(Some(&key), HOST, &NONCE, Purpose::DeleteVault));
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    assert!(!good.is_valid(Some(&other), HOST, &NONCE, Purpose::SignIn));
    assert!(!good.is_valid(Some(&key[..31]), HOST, &NONCE, Purpose::SignIn));
    assert!(!good.is_valid(None, HOST, &NONCE, Purpose::SignIn));
}

#[test]
fn every_other_length_is_refused() {
    let whole = login(vec![0; 64]);
    assert!(Attempt::try_from(&whole).is_ok());
    for field in 0..4 {
        for longer in [false, true] {
            let mut wrong = whole.clone();
            let bytes = match field {
                0 => &mut wrong.lookup,
                1 => &mut wrong.client_nonce,
                2 => &mut wrong.device_key_hash,
                _ => &mut wrong.signature,
            };
            bytes.0.resize(if longer { bytes.0.len() + 1 } else { bytes.0.len() - 1 }, 0);
            assert_eq!(Attempt::try_from(&wrong).err(), Some(Code::BadRequest), "field {field}");
        }
    }
}

#[test]
fn keys_that_sign_anything_are_no_verifiers() {
    let of =
        |verifier: Vec<u8>| RecoveryVerifier { lookup_hash: Bytes(vec![1; 32]), verifier: Bytes(verifier) };
    let good = of(signer().verifying_key().to_bytes().to_vec());
    assert!(is_verifier(&good));
    assert!(!is_verifier(&RecoveryVerifier { lookup_hash: Bytes(vec![1; 31]), ..good.clone() }));
    let mut identity = vec![0; 32];
    identity[0] = 1;
    let mut nowhere = vec![0; 32];
    nowhere[0] = 2;
    assert!(VerifyingKey::try_from(nowhere.as_slice()).is_err());
    assert!(VerifyingKey::try_from([0xff; 32].as_slice()).is_ok());
    // The identity, a point of order 4, an invalid point, a non-canonical encoding, and wrong
    // lengths.
    for wrong in [identity, vec![0; 32], nowhere, vec![0xff; 32], good.verifier.0[..31].to_vec(), Vec::new()]
    {
        assert!(!is_verifier(&of(wrong.clone())), "{wrong:?}");
    }
}

#[test]
fn the_placeholder_is_a_key() {
    assert!(parse_key(&PLACEHOLDER_KEY).is_ok());
}
