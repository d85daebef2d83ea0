use std::collections::BTreeSet;

use super::*;
use crate::tests::support::{Fixed, Stuck, key};

#[derive(Clone, Copy)]
struct TestAad {
    one: [u8; 4],
    two: u64,
}

impl AssociatedData for TestAad {
    const LABEL: &'static str = "crystallum/1/seal/test";
    const CLASSES: &'static [usize] = &[32, 64];

    fn fields(&self, encoder: Encoder) -> Encoder {
        encoder.field(2, &self.one).field(3, &self.two.to_be_bytes())
    }
}

/// The same associated data for another purpose.
struct OtherPurpose(TestAad);

impl AssociatedData for OtherPurpose {
    const LABEL: &'static str = "crystallum/1/seal/tesu";
    const CLASSES: &'static [usize] = TestAad::CLASSES;

    fn fields(&self, encoder: Encoder) -> Encoder {
        self.0.fields(encoder)
    }
}

/// The same purpose and associated data with one class less.
struct Narrow(TestAad);

impl AssociatedData for Narrow {
    const LABEL: &'static str = TestAad::LABEL;
    const CLASSES: &'static [usize] = &[32];

    fn fields(&self, encoder: Encoder) -> Encoder {
        self.0.fields(encoder)
    }
}

const AAD: TestAad = TestAad { one: *b"here", two: 7 };

fn sealing_key(byte: u8) -> SealingKey {
    SealingKey::new(key(byte))
}

fn sealed(plaintext: &[u8]) -> Blob {
    sealing_key(1).seal(&AAD, plaintext, &mut Fixed::new(1)).expect("fits")
}

/// Returns a blob over a padded plaintext that `pad` would not make, right in everything else.
fn sealed_raw(padded: &[u8]) -> Blob {
    let salt = [9; SALT];
    let (message_key, commitment) = sealing_key(1).message_key(&AAD, &salt);
    let mut body = padded.to_vec();
    let tag = message_key
        .encrypt_inout_detached(&Nonce::default(), b"", body.as_mut_slice().into())
        .expect("small");
    Blob([[FORMAT, SUITE].as_slice(), &salt, &commitment, &body, &tag].concat())
}

fn open(blob: &Blob) -> Result<Vec<u8>, NotOpened> {
    sealing_key(1).open(&AAD, blob).map(|plaintext| plaintext.to_vec())
}

/// Attack T23 of `tests/ATTACKS.md`.
#[test]
fn opens_what_it_sealed_in_the_smallest_class() {
    for length in 0..=60 {
        let plaintext: Vec<u8> = (0..length).collect();
        let blob = sealed(&plaintext);
        let class = if length <= 28 { 32 } else { 64 };
        assert_eq!(blob.as_bytes().len(), SEAL_OVERHEAD + class, "{length}");
        assert_eq!(open(&blob), Ok(plaintext));
    }
    assert_eq!(SEAL_OVERHEAD, 82);
}

#[test]
fn what_no_class_holds_is_not_sealed() {
    assert_eq!(sealing_key(1).seal(&AAD, &[0; 61], &mut Fixed::new(1)), None);
}

/// Attacks T20, T21, T22, T58 of `tests/ATTACKS.md`.
#[test]
fn every_flipped_bit_gives_the_same_error() {
    let blob = sealed(b"plaintext");
    for bit in 0..8 * blob.as_bytes().len() {
        let mut bytes = blob.as_bytes().to_vec();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        assert_eq!(open(&Blob(bytes)), Err(NotOpened), "bit {bit}");
    }
}

/// Attack T20 of `tests/ATTACKS.md`.
#[test]
fn every_cut_and_every_added_byte_is_refused() {
    for plaintext in [b"short".as_slice(), &[1; 40]] {
        let bytes = sealed(plaintext).0;
        for length in 0..bytes.len() {
            assert_eq!(open(&Blob(bytes[..length].to_vec())), Err(NotOpened), "cut at {length}");
        }
        assert_eq!(open(&Blob([bytes.as_slice(), &[0]].concat())), Err(NotOpened));
        assert_eq!(open(&Blob([bytes.as_slice(), &[0; 32]].concat())), Err(NotOpened));
    }
}

/// Attack T57 of `tests/ATTACKS.md`.
#[test]
fn another_key_place_or_purpose_is_refused() {
    let blob = sealed(b"plaintext");
    assert_eq!(sealing_key(2).open(&AAD, &blob), Err(NotOpened));
    for aad in [TestAad { one: *b"herf", ..AAD }, TestAad { two: 8, ..AAD }, TestAad { two: 7 << 8, ..AAD }] {
        assert_eq!(sealing_key(1).open(&aad, &blob), Err(NotOpened));
    }
    assert_eq!(sealing_key(1).open(&OtherPurpose(AAD), &blob), Err(NotOpened));
}

#[test]
fn a_class_that_the_purpose_does_not_have_is_refused() {
    let narrow = sealed(&[1; 28]);
    assert_eq!(sealing_key(1).open(&Narrow(AAD), &narrow).map(|p| p.to_vec()), Ok(vec![1; 28]));
    assert_eq!(sealing_key(1).open(&Narrow(AAD), &sealed(&[1; 29])), Err(NotOpened));
    for length in [0, 16, 31, 33, 48, 128] {
        assert_eq!(open(&sealed_raw(&vec![0; length])), Err(NotOpened), "{length}");
    }
}

/// Attack T60 of `tests/ATTACKS.md`.
#[test]
fn padding_is_one_way_only() {
    let padded = |length: u32, data: &[u8], class: usize| {
        let mut padded = [length.to_be_bytes().as_slice(), data].concat();
        padded.resize(class, 0);
        padded
    };
    assert_eq!(open(&sealed_raw(&padded(2, b"ab", 32))), Ok(b"ab".to_vec()));
    assert_eq!(open(&sealed_raw(&padded(60, &[5; 60], 64))), Ok(vec![5; 60]));

    assert_eq!(open(&sealed_raw(&padded(2, b"abc", 32))), Err(NotOpened), "a byte after the data");
    let mut last = padded(2, b"ab", 32);
    last[31] = 1;
    assert_eq!(open(&sealed_raw(&last)), Err(NotOpened), "a byte at the end");
    assert_eq!(open(&sealed_raw(&padded(2, b"ab", 64))), Err(NotOpened), "a class too large");
    assert_eq!(open(&sealed_raw(&padded(28, &[5; 28], 64))), Err(NotOpened), "a class too large by one byte");
    for length in [29, 60, 1 << 16, u32::MAX] {
        assert_eq!(open(&sealed_raw(&padded(length, b"", 32))), Err(NotOpened), "{length} bytes in class 32");
    }
}

/// T58: a ciphertext made for one key cannot be opened under a second one, since the commitment
/// would have to match both.
#[test]
fn one_blob_has_one_key() {
    let blob = sealed(b"plaintext");
    let salt: &[u8; 32] = blob.0[2..34].try_into().expect("32 bytes");
    let (_, theirs) = sealing_key(2).message_key(&AAD, salt);
    let mut bytes = blob.0;
    bytes[34..66].copy_from_slice(&theirs);
    assert_eq!(sealing_key(2).open(&AAD, &Blob(bytes.clone())), Err(NotOpened));
    assert_eq!(open(&Blob(bytes)), Err(NotOpened));
}

/// Attack T59 of `tests/ATTACKS.md`.
#[test]
fn a_stuck_or_repeating_generator_repeats_no_salt_for_another_plaintext_place_or_key() {
    let salt = |blob: &Blob| blob.0[2..34].to_vec();
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for plaintext in [b"".as_slice(), b"a", b"b", b"ab", &[0], &[0, 0], &[7; 29]] {
        for two in [1, 2] {
            for root in [1, 2] {
                let aad = TestAad { two, ..AAD };
                let blobs = [
                    sealing_key(root).seal(&aad, plaintext, &mut Stuck(0)),
                    sealing_key(root).seal(&aad, plaintext, &mut Stuck(0xff)),
                    sealing_key(root).seal(&aad, plaintext, &mut Fixed::new(1)),
                ];
                for blob in blobs {
                    seen.insert(salt(&blob.expect("fits")));
                    count += 1;
                }
            }
        }
    }
    assert_eq!(seen.len(), count);
    let elsewhere = sealing_key(1).seal(&OtherPurpose(AAD), b"a", &mut Stuck(0)).expect("fits");
    let here = sealing_key(1).seal(&AAD, b"a", &mut Stuck(0)).expect("fits");
    assert_ne!(salt(&here), salt(&elsewhere));
}

#[test]
fn a_good_generator_seals_the_same_twice_differently() {
    let mut entropy = Fixed::new(1);
    let first = sealing_key(1).seal(&AAD, b"same", &mut entropy).expect("fits");
    let second = sealing_key(1).seal(&AAD, b"same", &mut entropy).expect("fits");
    for part in [2..34, 34..66, 66..first.0.len()] {
        assert_ne!(first.0[part.clone()], second.0[part]);
    }
}
