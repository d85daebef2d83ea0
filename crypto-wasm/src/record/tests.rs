mod fields;
mod kinds;

use crystallum_exchanges::Exchange;
use crystallum_format::encoding::Encoder;
use zeroize::Zeroizing;

use super::*;
use crate::tests::support::{Fixed, RECORD, VAULT, key, unlock};
use crate::{FIRST_EPOCH, KeyOverview, KeySecret, Root, Tags};

const CONTEXT: RecordContext = RecordContext { record: RECORD, version: 3, environment: Environment::Real };

fn keys() -> VaultKeys {
    unlock(1).0
}

fn key_overview() -> KeyOverview {
    KeyOverview {
        exchange: Exchange::Kraken.into(),
        label: "Tresor ✓".to_owned(),
        masked: "abc…xyz".to_owned(),
        note: "note".to_owned(),
        created: 1,
        updated: u64::MAX,
        has_passphrase: true,
        deleted: None,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    }
}

fn overview() -> Overview {
    Overview::Key(key_overview())
}

fn key_secret(key: &str, secret: &str, passphrase: Option<&str>) -> Secret {
    let own = |text: &str| Zeroizing::new(text.to_owned());
    Secret::Key(KeySecret {
        api_key: own(key),
        api_secret: own(secret),
        passphrase: passphrase.map(own),
        earlier: Vec::new(),
    })
}

fn profile_secret() -> Secret {
    Secret::Profile { earlier_roots: Vec::new() }
}

fn secret() -> Secret {
    key_secret("key", "secret", Some("passphrase"))
}

/// Returns the contents of a secret, for comparison.
fn content_of(secret: &Secret) -> Option<[Option<&str>; 3]> {
    match secret {
        Secret::Key(key) => Some([
            Some(key.api_key.as_str()),
            Some(key.api_secret.as_str()),
            key.passphrase.as_ref().map(|passphrase| passphrase.as_str()),
        ]),
        Secret::Profile { .. } | Secret::SignInMethod | Secret::Device => None,
        Secret::Wallet(_) => panic!("compared by its own test"),
    }
}

#[test]
fn both_parts_of_both_types_go_around() {
    let keys = keys();
    for overview in [overview(), Overview::Profile { name: "name".to_owned() }] {
        let blob = keys.seal_overview(CONTEXT, &overview, &mut Fixed::new(1)).expect("within limits");
        assert!(keys.open_overview(CONTEXT, &blob).is_ok_and(|opened| opened == overview));
    }
    for secret in [secret(), key_secret("k", "s", None), profile_secret()] {
        let blob = keys.seal_secret(CONTEXT, &secret, &mut Fixed::new(1)).expect("within limits");
        let opened = keys.open_secret(CONTEXT, &blob).expect("just sealed");
        assert_eq!(content_of(&opened), content_of(&secret));
    }
}

#[test]
fn every_exchange_has_one_spelling() {
    for exchange in Exchange::ALL {
        assert_eq!(Exchange::from_code(exchange.code()), Some(exchange));
        assert_eq!(Exchange::from_code(&exchange.code().to_uppercase()), None);
    }
    assert_eq!(Exchange::ALL.len(), 10);
    assert_eq!(Exchange::from_code(""), None);
}

#[test]
fn limits_of_an_overview_hold_both_ways() {
    let with = |label: usize, masked: usize, note: usize| {
        Overview::Key(KeyOverview {
            label: "l".repeat(label),
            masked: "m".repeat(masked),
            note: "n".repeat(note),
            ..key_overview()
        })
    };
    for (label, masked, note) in [(1, 0, 0), (256, 64, 1200)] {
        let bytes = with(label, masked, note).encode().expect("within limits");
        assert!(Overview::decode(&bytes).is_ok_and(|read| read == with(label, masked, note)));
        assert!(keys().seal_overview(CONTEXT, &with(label, masked, note), &mut Fixed::new(1)).is_ok());
    }
    for (label, masked, note) in [(0, 0, 0), (257, 0, 0), (1, 65, 0), (1, 0, 1201)] {
        assert!(with(label, masked, note).encode().is_err());
        assert!(keys().seal_overview(CONTEXT, &with(label, masked, note), &mut Fixed::new(1)).is_err());
        assert!(Overview::decode(&raw_overview("kraken", label, masked, note, &[0])).is_err());
    }
    for length in [0, 257] {
        let name = "x".repeat(length);
        assert!(Overview::Profile { name: name.clone() }.encode().is_err());
        let raw = Encoder::new(labels::PROFILE_OVERVIEW).field(1, name.as_bytes()).finish();
        assert!(Overview::decode(&raw).is_err());
    }
}

fn raw_overview(exchange: &str, label: usize, masked: usize, note: usize, flag: &[u8]) -> Vec<u8> {
    Encoder::new(labels::EXCHANGE_KEY_OVERVIEW)
        .field(1, exchange.as_bytes())
        .field(2, &vec![b'l'; label])
        .field(3, &vec![b'm'; masked])
        .field(4, &vec![b'n'; note])
        .field(5, &[0; 8])
        .field(6, &[0; 8])
        .field(7, flag)
        .finish()
        .to_vec()
}

#[test]
fn hostile_overviews_are_refused() {
    assert!(Overview::decode(&raw_overview("kraken", 1, 0, 0, &[1])).is_ok());
    for exchange in ["", "Kraken", "kra ken", "kra.ken", "krak\u{e9}n"] {
        assert!(Overview::decode(&raw_overview(exchange, 1, 0, 0, &[0])).is_err(), "{exchange}");
    }
    for flag in [[2].as_slice(), &[0xff], &[], &[0, 1]] {
        assert!(Overview::decode(&raw_overview("kraken", 1, 0, 0, flag)).is_err(), "{flag:?}");
    }
    let latin = Encoder::new(labels::PROFILE_OVERVIEW).field(1, b"caf\xe9").finish();
    assert!(Overview::decode(&latin).is_err());
    let surrogate = Encoder::new(labels::PROFILE_OVERVIEW).field(1, b"\xed\xa0\x80").finish();
    assert!(Overview::decode(&surrogate).is_err());
}

#[test]
fn limits_of_a_secret_hold_both_ways() {
    let long = "s".repeat(5000);
    let full = key_secret(&long, &long, Some(&long));
    let blob = keys().seal_secret(CONTEXT, &full, &mut Fixed::new(1)).expect("within limits");
    assert_eq!(blob.as_bytes().len(), 16384 + 82);
    assert_eq!(keys().open_secret(CONTEXT, &blob).ok().as_ref().map(content_of), Some(content_of(&full)));

    let longer = "s".repeat(5001);
    for (key, secret, passphrase) in [
        ("", "s", None),
        ("k", "", None),
        ("k", "s", Some("")),
        (longer.as_str(), "s", None),
        ("k", longer.as_str(), None),
        ("k", "s", Some(longer.as_str())),
    ] {
        assert!(key_secret(key, secret, passphrase).encode().is_err());
        let raw = Encoder::new(labels::EXCHANGE_KEY_SECRET)
            .field(1, key.as_bytes())
            .field(2, secret.as_bytes())
            .field_if(3, passphrase.map(str::as_bytes))
            .finish();
        assert!(Secret::decode(&raw).is_err());
    }
    let not_text =
        Encoder::new(labels::EXCHANGE_KEY_SECRET).field(1, b"k").field(2, b"s").field(3, &[0xff]).finish();
    assert!(Secret::decode(&not_text).is_err());
}

/// Attack T11 of `tests/ATTACKS.md`.
#[test]
fn a_moved_border_between_fields_is_refused_or_another_content() {
    let bytes = key_secret("ab", "c", None).encode().expect("within limits");
    let other = key_secret("a", "bc", None).encode().expect("within limits");
    assert_ne!(*bytes, *other);
    // The length of the first field alone is changed: the second one's header is then no header.
    let at = bytes.windows(2).position(|two| two == b"ab").expect("the first value") - 1;
    for length in [0, 1, 3, 4, 5, 6, 0xff] {
        let mut moved = bytes.to_vec();
        moved[at] = length;
        assert!(Secret::decode(&moved).is_err(), "{length}");
    }
}

/// Attack T11 of `tests/ATTACKS.md`.
#[test]
fn types_and_parts_do_not_mix() {
    let overview = overview().encode().expect("within limits");
    let secret = secret().encode().expect("within limits");
    assert!(Overview::decode(&secret).is_err());
    assert!(Secret::decode(&overview).is_err());
    let profile = Overview::Profile { name: "n".to_owned() }.encode().expect("within limits");
    assert!(Secret::decode(&profile).is_err());
    assert!(Overview::decode(&profile_secret().encode().expect("empty")).is_err());
    // The fields of one type under the label of the other.
    for raw in [
        Encoder::new(labels::PROFILE_OVERVIEW).field(1, b"kraken").field(2, b"label").finish(),
        Encoder::new(labels::EXCHANGE_KEY_OVERVIEW).field(1, b"name").finish(),
    ] {
        assert!(Overview::decode(&raw).is_err());
    }
    let raw = Encoder::new(labels::PROFILE_SECRET).field(1, b"k").field(2, b"s").finish();
    assert!(Secret::decode(&raw).is_err());
    assert!(Secret::decode(&Encoder::new(labels::EXCHANGE_KEY_SECRET).finish()).is_err());
}

/// Blobs that were sealed with the right key and associated data, but have invalid contents.
#[test]
fn a_sealed_part_of_the_wrong_type_is_not_understood() {
    let keys = keys();
    let secret = secret().encode().expect("within limits");
    let aad = OverviewAad(keys.aad(CONTEXT));
    let blob = keys.overview.seal(&aad, &secret, &mut Fixed::new(1)).expect("fits");
    assert_eq!(keys.open_overview(CONTEXT, &blob).err(), Some(PartUnreadable::NotUnderstood));
    let overview = overview().encode().expect("within limits");
    let aad = SecretAad(keys.aad(CONTEXT));
    let blob = keys.secret.seal(&aad, &overview, &mut Fixed::new(1)).expect("fits");
    assert_eq!(keys.open_secret(CONTEXT, &blob).err(), Some(PartUnreadable::NotUnderstood));
}

/// Attacks T10, T12 of `tests/ATTACKS.md`.
#[test]
fn another_place_is_refused() {
    let keys = keys();
    let overview = keys.seal_overview(CONTEXT, &overview(), &mut Fixed::new(1)).expect("within limits");
    let secret = keys.seal_secret(CONTEXT, &secret(), &mut Fixed::new(1)).expect("within limits");
    assert!(keys.open_overview(CONTEXT, &overview).is_ok() && keys.open_secret(CONTEXT, &secret).is_ok());
    for context in [
        RecordContext { record: RecordId::new([0x43; 16]), ..CONTEXT },
        RecordContext { version: 2, ..CONTEXT },
        RecordContext { version: 4, ..CONTEXT },
        RecordContext { environment: Environment::Practice, ..CONTEXT },
    ] {
        assert_eq!(keys.open_overview(context, &overview).err(), Some(PartUnreadable::NotOpened));
        assert_eq!(keys.open_secret(context, &secret).err(), Some(PartUnreadable::NotOpened));
    }
    assert_eq!(keys.open_overview(CONTEXT, &secret).err(), Some(PartUnreadable::NotOpened));
    assert_eq!(keys.open_secret(CONTEXT, &overview).err(), Some(PartUnreadable::NotOpened));
    for (vault, epoch) in [(VaultId::new([0x12; 16]), FIRST_EPOCH), (VAULT, 2)] {
        let (other, _) = Root(key(1)).unlock(vault, epoch);
        assert_eq!(other.open_overview(CONTEXT, &overview).err(), Some(PartUnreadable::NotOpened));
        assert_eq!(other.open_secret(CONTEXT, &secret).err(), Some(PartUnreadable::NotOpened));
    }
}

/// T11, T12: the epoch and the vault in the associated data bind by themselves, even if the keys
/// are the same.
#[test]
fn vault_epoch_and_part_are_in_the_place() {
    let mut keys = keys();
    let blob = keys.seal_overview(CONTEXT, &overview(), &mut Fixed::new(1)).expect("within limits");
    keys.epoch = 2;
    assert_eq!(keys.open_overview(CONTEXT, &blob).err(), Some(PartUnreadable::NotOpened));
    keys.epoch = FIRST_EPOCH;
    keys.vault = VaultId::new([0x12; 16]);
    assert_eq!(keys.open_overview(CONTEXT, &blob).err(), Some(PartUnreadable::NotOpened));
    keys.vault = VAULT;
    assert!(keys.open_overview(CONTEXT, &blob).is_ok());
    let aad = SecretAad(keys.aad(CONTEXT));
    assert_eq!(keys.overview.open(&aad, &blob).err(), Some(NotOpened));
}

/// A reader tells what does not open from what a newer version has written, but only a holder of
/// the keys learns the difference.
#[test]
fn what_opens_and_is_not_known_is_told_apart() {
    let keys = keys();
    let newer = [
        Encoder::new("crystallum/1/record/rule.overview").field(1, b"name").finish(),
        Encoder::new(labels::PROFILE_OVERVIEW).field(1, b"name").field(255, b"more").finish(),
        Encoder::new(labels::PROFILE_OVERVIEW).finish(),
    ];
    for content in newer {
        let aad = OverviewAad(keys.aad(CONTEXT));
        let blob = keys.overview.seal(&aad, &content, &mut Fixed::new(1)).expect("short");
        assert_eq!(keys.open_overview(CONTEXT, &blob).err(), Some(PartUnreadable::NotUnderstood));
        let elsewhere = RecordContext { version: 4, ..CONTEXT };
        assert_eq!(keys.open_overview(elsewhere, &blob).err(), Some(PartUnreadable::NotOpened));
        assert_eq!(unlock(2).0.open_overview(CONTEXT, &blob).err(), Some(PartUnreadable::NotOpened));
    }
}
