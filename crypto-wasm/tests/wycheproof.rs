//! Checks the primitives with Project Wycheproof's vectors, in the way in which the crate uses
//! them.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce, Tag};
use ed25519_dalek::VerifyingKey;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use p256::ecdsa::signature::Verifier;
use sha2::Sha256;
use wycheproof::{aead, ecdsa, eddsa, hkdf as kdf, mac};

/// The number of accepted and of refused cases.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    accepted: usize,
    refused: usize,
}

impl Counts {
    /// Counts a case. `Acceptable` ones may have either result and are not counted.
    fn note(&mut self, expected: wycheproof::TestResult, accepted: bool, case: impl std::fmt::Display) {
        match expected {
            wycheproof::TestResult::Valid => {
                assert!(accepted, "case {case} was refused");
                self.accepted += 1;
            }
            wycheproof::TestResult::Invalid => {
                assert!(!accepted, "case {case} was accepted");
                self.refused += 1;
            }
            wycheproof::TestResult::Acceptable => {}
        }
    }
}

#[test]
fn aes_256_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).expect("the set");
    let mut counts = Counts::default();
    for group in set.test_groups.iter().filter(|g| (g.key_size, g.nonce_size, g.tag_size) == (256, 96, 128)) {
        for case in &group.tests {
            let cipher = Aes256Gcm::new_from_slice(&case.key).expect("256 bits");
            let nonce: [u8; 12] = case.nonce.as_slice().try_into().expect("96 bits");
            let nonce = Nonce::from(nonce);
            let tag: [u8; 16] = case.tag.as_slice().try_into().expect("128 bits");
            let mut text = case.ct.to_vec();
            let opened = cipher
                .decrypt_inout_detached(&nonce, &case.aad, text.as_mut_slice().into(), &Tag::from(tag))
                .is_ok();
            counts.note(case.result, opened && text == case.pt.as_slice(), case.tc_id);
            if !case.result.must_fail() {
                let mut text = case.pt.to_vec();
                let made = cipher
                    .encrypt_inout_detached(&nonce, &case.aad, text.as_mut_slice().into())
                    .expect("short");
                assert_eq!((text.as_slice(), made.as_slice()), (case.ct.as_slice(), tag.as_slice()));
            }
        }
    }
    assert_eq!(counts, Counts { accepted: 39, refused: 27 });
}

#[test]
fn hkdf_sha256() {
    let set = kdf::TestSet::load(kdf::TestName::HkdfSha256).expect("the set");
    let mut counts = Counts::default();
    for case in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut okm = vec![0; case.size];
        let expanded = Hkdf::<Sha256>::new(Some(&case.salt), &case.ikm).expand(&case.info, &mut okm).is_ok();
        counts.note(case.result, expanded && okm == case.okm.as_slice(), case.tc_id);
    }
    assert_eq!(counts, Counts { accepted: 83, refused: 3 });
}

#[test]
fn hmac_sha256() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("the set");
    let mut counts = Counts::default();
    for group in set.test_groups.iter().filter(|group| group.tag_size == 256) {
        for case in &group.tests {
            let mut mac = Hmac::<Sha256>::new_from_slice(&case.key).expect("any key");
            mac.update(&case.msg);
            counts.note(case.result, mac.verify_slice(&case.tag).is_ok(), case.tc_id);
        }
    }
    assert_eq!(counts, Counts { accepted: 33, refused: 54 });
}

#[test]
fn ed25519_strict() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("the set");
    let mut counts = Counts::default();
    for group in &set.test_groups {
        let key: [u8; 32] = group.key.pk.as_slice().try_into().expect("32 bytes");
        let key = VerifyingKey::from_bytes(&key);
        for case in &group.tests {
            let verified = ed25519_dalek::Signature::from_slice(&case.sig).is_ok_and(|signature| {
                key.as_ref().is_ok_and(|key| key.verify_strict(&case.msg, &signature).is_ok())
            });
            counts.note(case.result, verified, case.tc_id);
        }
    }
    assert_eq!(counts, Counts { accepted: 88, refused: 63 });
}

#[test]
fn ecdsa_p256_sha256_as_r_and_s() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).expect("the set");
    let mut counts = Counts::default();
    for group in &set.test_groups {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&group.key.key).expect("a point");
        for case in &group.tests {
            let verified = p256::ecdsa::Signature::from_slice(&case.sig)
                .is_ok_and(|signature| key.verify(&case.msg, &signature).is_ok());
            counts.note(case.result, verified, case.tc_id);
        }
    }
    assert_eq!(counts, Counts { accepted: 173, refused: 89 });
}
