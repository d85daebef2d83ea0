use p256::ecdsa::signature::Signer;

use super::*;
use crate::samples::signatures::{ORDER, SMALL_ORDER, order_minus, plus_order};
use crate::samples::{device_key, genesis_body, public, sign, sign_as_vault, vault_verifier};

fn device() -> [u8; 65] {
    public(&device_key(0x21))
}

fn head() -> SignedHead {
    sign(genesis_body(), 0x21)
}

fn child() -> SignedHead {
    sign(HeadBody { prev: Some([9; 32]), counter: 2, op: Op::Write, ..genesis_body() }, 0x21)
}

fn verifies(bytes: &[u8]) -> bool {
    SignedHead::from_bytes(bytes).is_ok_and(|head| head.verify(&device()).is_ok())
}

#[test]
fn heads_go_around_and_verify() {
    for (head, length) in [(head(), 162 + 128), (child(), 194 + 128)] {
        let bytes = head.to_bytes();
        assert_eq!(bytes.len(), length);
        assert_eq!(SignedHead::from_bytes(&bytes), Ok(head));
        assert!(verifies(&bytes));
    }
}

/// Attack T20 of `tests/ATTACKS.md`.
#[test]
fn every_flipped_bit_is_refused() {
    let bytes = child().to_bytes();
    for bit in 0..8 * bytes.len() {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        assert!(!verifies(&bytes), "bit {bit}");
    }
}

#[test]
fn every_cut_and_every_added_byte_is_malformed() {
    let bytes = child().to_bytes();
    for length in 0..bytes.len() {
        assert_eq!(SignedHead::from_bytes(&bytes[..length]), Err(Malformed));
    }
    assert_eq!(SignedHead::from_bytes(&[bytes.as_slice(), &[0]].concat()), Err(Malformed));
}

/// Attacks T08, T21, T63 of `tests/ATTACKS.md`.
#[test]
fn unknown_numbers_are_malformed() {
    let bytes = child().to_bytes();
    let (op, nprev) = (4, 5 + 16 + 4 + 8);
    for (at, good) in [(0, FORMAT), (1, SUITE), (op, 2), (nprev, 1)] {
        assert_eq!(bytes[at], good);
    }
    for (at, hostile) in [(0, [0].as_slice()), (1, &[0]), (op, &[0, 4, 9, 255]), (nprev, &[0, 2, 255])] {
        for value in hostile {
            let mut bytes = bytes.clone();
            bytes[at] = *value;
            assert_eq!(SignedHead::parse(&bytes), Err(HeadRejected::Malformed), "{value} at {at}");
        }
    }
}

/// T21, T56: a later version may change everything behind the front but not how the vault signs.
#[test]
fn a_head_of_a_later_version_is_known_by_its_front_and_the_vaults_signature() {
    let key = vault_verifier(1);
    for (front, signatures) in [
        ([2, 1, 0, 1, 2], 2),
        ([1, 2, 0, 1, 2], 2),
        ([1, 1, 0, 2, 2], 2),
        ([9, 9, 9, 9, 9], 2),
        ([1, 1, 0, 1, 7], 3),
        ([3, 1, 0, 4, 7], 3),
    ] {
        for rest in [0, 1, 300] {
            let body = [front.as_slice(), &vec![0x5a; rest]].concat();
            let hash: [u8; 32] = Sha256::new().chain_update([2]).chain_update(&body).finalize().into();
            let message = [labels::HEAD, &hash].concat();
            let (ours, others) = (sign_as_vault(1, &message), [0x77; 64]);
            let signed =
                if signatures == 3 { [others, others, ours].concat() } else { [ours, others].concat() };
            let bytes = [body.as_slice(), &signed].concat();
            let Err(HeadRejected::Newer(newer)) = SignedHead::parse(&bytes) else { panic!("{front:?}") };
            assert!(newer.is_signed_by(&key), "{front:?}");
            assert!(!newer.is_signed_by(&vault_verifier(2)), "{front:?}");
            assert_eq!(SignedHead::from_bytes(&bytes), Err(Malformed), "it is not read");
            for at in [0, body.len() - 1, if signatures == 3 { bytes.len() - 64 } else { body.len() }] {
                let mut bytes = bytes.clone();
                bytes[at] ^= 0x10;
                assert!(
                    !matches!(SignedHead::parse(&bytes), Err(HeadRejected::Newer(newer)) if newer.is_signed_by(&key)),
                    "{front:?}, byte {at}"
                );
            }
            for short in [front.len() - 1, body.len(), 5 + signatures * 64 - 1] {
                assert!(SignedHead::parse(&bytes[..short.min(bytes.len() - 1)]).is_err(), "{front:?}");
            }
        }
    }
    assert_eq!(SignedHead::parse(&[2, 1, 0, 1]), Err(HeadRejected::Malformed));
    assert_eq!(
        SignedHead::parse(&[&[2, 1, 0, 1, 2], [0; 127].as_slice()].concat()),
        Err(HeadRejected::Malformed)
    );
}

#[test]
fn another_device_or_vault_key_does_not_verify() {
    let head = head();
    assert_eq!(head.verify(&device()), Ok(()));
    assert_eq!(head.verify(&public(&device_key(0x22))), Err(InvalidSignature));

    let (vault_signature, device_signature) = (head.vault_signature, head.device_signature);
    let by_another_root = SignedHead { vault_signature: sign_as_vault(2, &head.body.message()), ..head };
    assert_eq!(by_another_root.verify(&device()), Err(InvalidSignature));
    let named_another = SignedHead { body: HeadBody { vault_key: vault_verifier(2), ..head.body }, ..head };
    assert_eq!(named_another.verify(&device()), Err(InvalidSignature));
    let swapped = SignedHead { vault_signature: device_signature, device_signature: vault_signature, ..head };
    assert_eq!(swapped.verify(&device()), Err(InvalidSignature));
}

/// Both keys sign the labelled hash, nothing shorter.
#[test]
fn signatures_over_another_message_do_not_verify() {
    let body = genesis_body();
    let sign_both = |message: &[u8]| {
        let signature: p256::ecdsa::Signature = device_key(0x21).sign(message);
        SignedHead {
            body,
            vault_signature: sign_as_vault(1, message),
            device_signature: signature.to_bytes().into(),
        }
    };
    assert_eq!(sign_both(&body.message()).verify(&device()), Ok(()));
    for message in
        [body.hash().to_vec(), body.to_bytes(), [b"crystallum/1/heae".as_slice(), &body.hash()].concat()]
    {
        assert_eq!(sign_both(&message).verify(&device()), Err(InvalidSignature));
    }
}

#[test]
fn either_s_is_accepted() {
    let head = head();
    let (r, s) = head.device_signature.split_first_chunk::<32>().expect("64 bytes");
    let s: [u8; 32] = s.try_into().expect("32 bytes");
    let mut device_signature = [0; 64];
    device_signature[..32].copy_from_slice(r);
    device_signature[32..].copy_from_slice(&order_minus(&s));
    assert_ne!(device_signature, head.device_signature);
    assert_eq!(SignedHead { device_signature, ..head }.verify(&device()), Ok(()));
}

#[test]
fn numbers_of_a_signature_stay_in_range() {
    let head = head();
    let (r, s) = head.device_signature.split_at(32);
    let (zero, order, most) = ([0; 32].as_slice(), ORDER.as_slice(), [0xff; 32].as_slice());
    for (r, s) in [(zero, s), (r, zero), (order, s), (r, order), (most, s), (r, most)] {
        let device_signature = [r, s].concat().try_into().expect("64 bytes");
        assert_eq!(SignedHead { device_signature, ..head }.verify(&device()), Err(InvalidSignature));
    }
    // Adding the order to s of Ed25519 gives an equal value modulo the order. Only one encoding is
    // accepted.
    let mut vault_signature = head.vault_signature;
    let s: [u8; 32] = vault_signature[32..].try_into().expect("32 bytes");
    vault_signature[32..].copy_from_slice(&plus_order(&s));
    assert_eq!(SignedHead { vault_signature, ..head }.verify(&device()), Err(InvalidSignature));
}

/// Attack T60 of `tests/ATTACKS.md`.
#[test]
fn a_der_signature_does_not_fit_and_does_not_verify() {
    let body = genesis_body();
    let signature: p256::ecdsa::Signature = device_key(0x21).sign(&body.message());
    let (r, s) = signature.split_bytes();
    let integer = |value: &[u8]| {
        let zero: &[u8] = if value[0] < 0x80 { &[] } else { &[0] };
        let value = [zero, value].concat();
        [&[2, u8::try_from(value.len()).expect("short")], value.as_slice()].concat()
    };
    let inner = [integer(&r), integer(&s)].concat();
    let der = [&[0x30, u8::try_from(inner.len()).expect("short")], inner.as_slice()].concat();
    assert!(der.len() >= 70);
    let mut bytes = head().to_bytes();
    bytes.truncate(162 + 64);
    bytes.extend_from_slice(&der);
    assert_eq!(SignedHead::from_bytes(&bytes), Err(Malformed));
    bytes.truncate(162 + 128);
    assert!(!verifies(&bytes));
}

/// T60: under a key of small order, or with R of small order, one signature would verify for many
/// messages.
#[test]
fn keys_and_points_of_small_order_are_refused() {
    for encoding in SMALL_ORDER {
        let point: [u8; 32] =
            data_encoding::HEXLOWER.decode(encoding.as_bytes()).expect("hex").try_into().expect("32 bytes");
        let body = HeadBody { vault_key: VaultVerifier::from_bytes(point), ..genesis_body() };
        let device_signature: p256::ecdsa::Signature = device_key(0x21).sign(&body.message());
        for r in SMALL_ORDER {
            let mut vault_signature = [0; 64];
            let r = data_encoding::HEXLOWER.decode(r.as_bytes()).expect("hex");
            vault_signature[..32].copy_from_slice(&r);
            let head =
                SignedHead { body, vault_signature, device_signature: device_signature.to_bytes().into() };
            assert_eq!(head.verify(&device()), Err(InvalidSignature), "{encoding}");
        }
    }
}

#[test]
fn device_keys_that_are_no_points_are_refused() {
    let head = head();
    let good = device();
    let mut off_curve = good;
    off_curve[64] ^= 1;
    let mut compressed = [0; 65];
    compressed[0] = 2;
    compressed[1..33].copy_from_slice(&good[1..33]);
    let mut hybrid = good;
    hybrid[0] = 6 | (good[64] & 1);
    for key in [[0; 65], [0xff; 65], off_curve, compressed, hybrid] {
        assert_eq!(head.verify(&key), Err(InvalidSignature));
    }
}

#[test]
fn every_field_is_in_the_hash() {
    let body = *child().body();
    let others = [
        HeadBody { vault: VaultId::new([0; 16]), ..body },
        HeadBody { epoch: 2, ..body },
        HeadBody { counter: 3, ..body },
        HeadBody { prev: Some([8; 32]), ..body },
        HeadBody { prev: None, ..body },
        HeadBody { history: [0; 32], ..body },
        HeadBody { root: [0; 32], ..body },
        HeadBody { leaves: 5, ..body },
        HeadBody { min_format: 0, ..body },
        HeadBody { writer: DeviceId::new([0; 16]), ..body },
        HeadBody { op: Op::Join, ..body },
        HeadBody { time: 0, ..body },
        HeadBody { vault_key: VaultVerifier::from_bytes([0; 32]), ..body },
    ];
    for (at, other) in others.iter().enumerate() {
        assert_ne!(other.hash(), body.hash(), "{at}");
        let moved = SignedHead { body: *other, ..child() };
        assert_eq!(moved.verify(&device()), Err(InvalidSignature), "{at}");
    }
}
