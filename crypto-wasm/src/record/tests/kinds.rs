//! Sign-in methods, wallets, and the trash.

use super::*;
use crate::SealedPhrase;
use crate::tests::support::{METHOD, SET};
use crate::{SignInMethodOverview, WalletOverview};

fn method() -> SignInMethodOverview {
    SignInMethodOverview { method: METHOD, name: "Laptop ✓".to_owned(), created: 1, confirmed: 0 }
}

fn wallet() -> WalletOverview {
    WalletOverview {
        label: "Savings".to_owned(),
        note: "note".to_owned(),
        created: 1,
        updated: 2,
        words: 24,
        set: SET,
        share_epoch: 1,
        k: 3,
        n: 5,
        dealt: 3,
        deleted: None,
        favourite: false,
        tags: Tags::default(),
    }
}

fn around(overview: &Overview) -> bool {
    overview.encode().is_ok_and(|bytes| Overview::decode(&bytes).is_ok_and(|read| read == *overview))
}

#[test]
fn new_kinds_go_around_and_open_at_their_place() {
    let keys = keys();
    let trashed = KeyOverview { deleted: Some(u64::MAX), ..key_overview() };
    let all = [
        Overview::Key(trashed),
        Overview::Key(KeyOverview { deleted: Some(0), ..key_overview() }),
        Overview::SignInMethod(method()),
        Overview::SignInMethod(SignInMethodOverview { confirmed: 7, name: String::new(), ..method() }),
        Overview::Wallet(wallet()),
        Overview::Wallet(WalletOverview { deleted: Some(9), note: String::new(), ..wallet() }),
    ];
    for overview in all {
        assert!(around(&overview));
        let blob = keys.seal_overview(CONTEXT, &overview, &mut Fixed::new(1)).expect("within limits");
        assert!(keys.open_overview(CONTEXT, &blob).is_ok_and(|opened| opened == overview));
    }
    let phrase = SealedPhrase::from_bytes(&[7; 210]).expect("of the right length");
    let blob = keys
        .seal_secret(CONTEXT, &Secret::Wallet(phrase.clone()), &mut Fixed::new(1))
        .expect("within limits");
    assert!(matches!(keys.open_secret(CONTEXT, &blob), Ok(Secret::Wallet(opened)) if opened == phrase));
    let blob = keys.seal_secret(CONTEXT, &Secret::SignInMethod, &mut Fixed::new(1)).expect("within limits");
    assert!(matches!(keys.open_secret(CONTEXT, &blob), Ok(Secret::SignInMethod)));
}

#[test]
fn what_is_not_in_the_trash_is_encoded_as_ever() {
    let bytes = overview().encode().expect("within limits");
    let trashed = Overview::Key(KeyOverview { deleted: Some(0), ..key_overview() });
    assert_eq!(trashed.encode().expect("within limits").len(), bytes.len() + 3 + 8);
    assert_eq!(*bytes, raw_key(None));
    for hostile in [b"".as_slice(), &[0; 7], &[0; 9], &[0]] {
        assert!(Overview::decode(&raw_key(Some(hostile))).is_err(), "{hostile:?}");
    }
    assert!(Overview::decode(&raw_key(Some(&[0; 8]))).is_ok());
}

fn raw_key(deleted: Option<&[u8]>) -> Vec<u8> {
    let key = key_overview();
    Encoder::new(labels::EXCHANGE_KEY_OVERVIEW)
        .field(1, b"kraken")
        .field(2, key.label.as_bytes())
        .field(3, key.masked.as_bytes())
        .field(4, key.note.as_bytes())
        .field(5, &key.created.to_be_bytes())
        .field(6, &key.updated.to_be_bytes())
        .field(7, &[1])
        .field_if(8, deleted)
        .finish()
        .to_vec()
}

#[test]
fn limits_of_a_sign_in_method_hold_both_ways() {
    for (length, good) in [(0, true), (256, true), (257, false)] {
        let name = "x".repeat(length);
        assert_eq!(
            around(&Overview::SignInMethod(SignInMethodOverview { name: name.clone(), ..method() })),
            good,
            "{length}"
        );
        let raw = raw_method(METHOD.as_bytes(), name.as_bytes(), &[0; 8]);
        assert_eq!(Overview::decode(&raw).is_ok(), good, "{length}");
    }
    for (id, name, time) in [
        ([1; 15].as_slice(), b"n".as_slice(), [0; 8].as_slice()),
        (&[1; 17], b"n", &[0; 8]),
        (&[1; 16], b"\xff", &[0; 8]),
        (&[1; 16], b"n", &[0; 4]),
    ] {
        assert!(Overview::decode(&raw_method(id, name, time)).is_err());
    }
    let fifth = Encoder::new(labels::SIGN_IN_METHOD_OVERVIEW)
        .field(1, &[1; 16])
        .field(2, b"n")
        .field(3, &[0; 8])
        .field(4, &[0; 8])
        .field(5, b"")
        .finish();
    assert!(Overview::decode(&fifth).is_err());
    assert!(Secret::decode(&Encoder::new(labels::SIGN_IN_METHOD_SECRET).field(1, b"").finish()).is_err());
}

fn raw_method(id: &[u8], name: &[u8], time: &[u8]) -> Vec<u8> {
    Encoder::new(labels::SIGN_IN_METHOD_OVERVIEW)
        .field(1, id)
        .field(2, name)
        .field(3, time)
        .field(4, time)
        .finish()
        .to_vec()
}

#[test]
fn limits_of_a_wallet_hold_both_ways() {
    let raw = |label: usize, note: usize, words: u8, epoch: u32, k: u8, n: u8| {
        let (label, note) = ("l".repeat(label), "n".repeat(note));
        let own = WalletOverview {
            label: label.clone(),
            note: note.clone(),
            words,
            share_epoch: epoch,
            k,
            n,
            ..wallet()
        };
        let raw = Encoder::new(labels::WALLET_OVERVIEW)
            .field(1, label.as_bytes())
            .field(2, note.as_bytes())
            .field(3, &1_u64.to_be_bytes())
            .field(4, &2_u64.to_be_bytes())
            .field(5, &[words])
            .field(6, SET.as_bytes())
            .field(7, &epoch.to_be_bytes())
            .field(8, &[k])
            .field(9, &[n])
            .field(10, &3_u64.to_be_bytes())
            .finish();
        let (read, written) = (Overview::decode(&raw), Overview::Wallet(own).encode());
        assert_eq!(read.is_ok(), written.is_ok(), "both ways");
        assert!(written.is_err() || written.is_ok_and(|written| written == raw));
        read.is_ok()
    };
    for words in 0..=255 {
        assert_eq!(raw(1, 0, words, 1, 2, 2), [12, 15, 18, 21, 24].contains(&words), "{words} words");
    }
    for (k, n, good) in [
        (2, 2, true),
        (16, 16, true),
        (2, 16, true),
        (1, 2, false),
        (0, 0, false),
        (3, 2, false),
        (2, 17, false),
        (17, 17, false),
    ] {
        assert_eq!(raw(1, 0, 12, u32::MAX, k, n), good, "{k} of {n}");
    }
    assert!(!raw(1, 0, 12, 0, 2, 3), "share epoch 0");
    for (label, note, good) in [(256, 1200, true), (0, 0, false), (257, 0, false), (1, 1201, false)] {
        assert_eq!(raw(label, note, 12, 1, 2, 3), good, "{label} {note}");
    }
}

#[test]
fn hostile_secrets_of_a_wallet_are_refused() {
    let raw = |fields: &[(u8, &[u8])]| {
        fields
            .iter()
            .fold(Encoder::new(labels::WALLET_SECRET), |all, (tag, value)| all.field(*tag, value))
            .finish()
            .to_vec()
    };
    assert!(Secret::decode(&raw(&[(1, &[7; 210])])).is_ok());
    for fields in [
        [].as_slice(),
        &[(1, [7; 209].as_slice())],
        &[(1, &[7; 211])],
        &[(1, &[])],
        &[(2, &[7; 210])],
        &[(1, &[7; 210]), (2, &[])],
    ] {
        assert!(Secret::decode(&raw(fields)).is_err());
    }
}
