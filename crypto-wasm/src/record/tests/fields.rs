//! Codes of exchanges, tags and marks, texts, earlier secrets, and earlier roots.

use super::*;
use crate::{EarlierSecret, ExchangeCode};

fn decoded_key(overview: KeyOverview) -> Option<KeyOverview> {
    let bytes = Overview::Key(overview).encode().ok()?;
    match Overview::decode(&bytes).ok()? {
        Overview::Key(key) => Some(key),
        _ => None,
    }
}

fn tags(texts: &[&str]) -> Result<Tags, Malformed> {
    Tags::new(texts.iter().map(|tag| (*tag).to_owned()))
}

/// A newer version may know more exchanges. Their keys can be read, and are written back as they
/// were.
#[test]
fn an_unknown_exchange_is_kept() {
    let code = ExchangeCode::parse(b"dex-2030").expect("a code");
    assert_eq!((code.as_str(), code.known()), ("dex-2030", None));
    let read = decoded_key(KeyOverview { exchange: code.clone(), ..key_overview() }).expect("a key");
    assert_eq!(read.exchange, code);
    assert_eq!(ExchangeCode::from(Exchange::Kraken).known(), Some(Exchange::Kraken));
    for length in [1, 32] {
        assert!(ExchangeCode::parse(&vec![b'z'; length]).is_ok(), "{length}");
    }
    let longer = [b'z'; 33];
    for hostile in
        [&longer[..], b"", b"Kraken", b"a_b", b"a b", b"a.b", b"a/b", b"\xc3\xa9", b"a\0", b"@", b"{"]
    {
        assert!(ExchangeCode::parse(hostile).is_err(), "{hostile:?}");
    }
}

#[test]
fn tags_are_a_set() {
    let set = tags(&["tax", "bot", "tax", "\u{c4}rger"]).expect("three tags");
    assert_eq!(set.iter().collect::<Vec<_>>(), ["bot", "tax", "\u{c4}rger"]);
    let read = decoded_key(KeyOverview { tags: set.clone(), ..key_overview() }).expect("a key");
    assert_eq!(read.tags, set);
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    assert!(tags(&letters[..8]).is_ok());
    assert!(tags(&letters).is_err(), "nine tags");
    assert!(tags(&["t".repeat(32).as_str()]).is_ok());
    for hostile in ["", "\u{1f}", "a\nb", "a\tb", "\0", &"t".repeat(33)] {
        assert!(tags(&[hostile]).is_err(), "{hostile:?}");
    }
    assert_eq!(tags(&[]), Ok(Tags::default()));
}

#[test]
fn tags_and_marks_have_one_spelling() {
    let bare = decoded_key(key_overview()).expect("a key");
    assert_eq!((bare.favourite, bare.tags, bare.copy_of), (false, Tags::default(), None));
    let with = |tag: u8, value: &[u8]| {
        let key = key_overview();
        let raw = Encoder::new(labels::EXCHANGE_KEY_OVERVIEW)
            .field(1, b"kraken")
            .field(2, key.label.as_bytes())
            .field(3, b"")
            .field(4, b"")
            .field(5, &[0; 8])
            .field(6, &[0; 8])
            .field(7, &[0])
            .field(tag, value)
            .finish();
        Overview::decode(&raw).is_ok()
    };
    for (tag, value, good) in [
        (9, [1].as_slice(), true),
        (9, &[0], false),
        (9, &[2], false),
        (9, &[], false),
        (9, &[0, 1], false),
        (10, b"\x01a\x01b", true),
        (10, b"", false),
        (10, b"\0", false),
        (10, b"\x01b\x01a", false),
        (10, b"\x01a\x01a", false),
        (10, b"\x02a", false),
        (10, b"\x01\xff", false),
        (10, b"\x01\n", false),
        (11, &[7; 16], true),
        (11, &[7; 15], false),
        (11, &[7; 17], false),
        (11, &[], false),
    ] {
        assert_eq!(with(tag, value), good, "field {tag}: {value:?}");
    }
    let copy = KeyOverview { favourite: true, copy_of: Some(RECORD), ..key_overview() };
    let read = decoded_key(copy).expect("a key");
    assert_eq!((read.favourite, read.copy_of), (true, Some(RECORD)));
}

#[test]
fn names_and_labels_have_no_control_characters() {
    let label =
        |label: &str| decoded_key(KeyOverview { label: label.to_owned(), ..key_overview() }).is_some();
    let note = |note: &str| decoded_key(KeyOverview { note: note.to_owned(), ..key_overview() }).is_some();
    for code in 0..0x20_u8 {
        let character = char::from(code);
        let text = format!("a{character}b");
        assert!(!label(&text), "{code:#x} in a label");
        assert_eq!(note(&text), character == '\n' || character == '\t', "{code:#x} in a note");
        let name = Overview::Profile { name: text.clone() };
        assert!(name.encode().is_err(), "{code:#x} in a name");
        let raw = Encoder::new(labels::PROFILE_OVERVIEW).field(1, text.as_bytes()).finish();
        assert!(Overview::decode(&raw).is_err(), "{code:#x} in a name that is read");
    }
    // Nothing else is refused or altered.
    for text in [" ", "\u{7f}", "\u{85}", "\u{feff}a", "\u{202e}", "e\u{301}", "\u{10ffff}"] {
        assert!(label(text) && note(text), "{text:?}");
        let read = decoded_key(KeyOverview { label: text.to_owned(), ..key_overview() });
        assert_eq!(read.map(|key| key.label), Some(text.to_owned()));
    }
}

fn with_earlier(earlier: Vec<EarlierSecret>) -> Result<Vec<EarlierSecret>, Malformed> {
    let Secret::Key(key) = secret() else { panic!("a key's secret") };
    let bytes = Secret::Key(KeySecret { earlier, ..key }).encode()?;
    match Secret::decode(&bytes)? {
        Secret::Key(key) => Ok(key.earlier),
        _ => Err(Malformed),
    }
}

#[test]
fn a_secret_names_the_ones_before_it() {
    let of = |versions: &[u64]| {
        let named = |version: &u64| EarlierSecret { version: *version, hash: [7; 32] };
        versions.iter().map(named).collect::<Vec<_>>()
    };
    let ten: Vec<u64> = (1..=10).rev().collect();
    for good in [[].as_slice(), &[1], &[u64::MAX, 1], &[7, 3, 2], &ten] {
        assert_eq!(with_earlier(of(good)), Ok(of(good)), "{good:?}");
    }
    let eleven: Vec<u64> = (1..=11).rev().collect();
    for hostile in [[0].as_slice(), &[1, 0], &[1, 1], &[1, 2], &eleven] {
        assert!(with_earlier(of(hostile)).is_err(), "{hostile:?}");
    }
    // The longest secret with the most earlier ones fits the largest class.
    let own = || Zeroizing::new("s".repeat(5000));
    let largest = KeySecret { api_key: own(), api_secret: own(), passphrase: Some(own()), earlier: of(&ten) };
    assert!(keys().seal_secret(CONTEXT, &Secret::Key(largest), &mut Fixed::new(1)).is_ok());
}

#[test]
fn a_profile_keeps_earlier_roots() {
    let sealed = |count: u8| {
        let earlier_roots = (1..=count).map(|byte| Root(key(byte))).collect();
        keys().seal_secret(CONTEXT, &Secret::Profile { earlier_roots }, &mut Fixed::new(1))
    };
    for count in [0, 1, 8] {
        let blob = sealed(count).expect("within limits");
        let Ok(Secret::Profile { earlier_roots }) = keys().open_secret(CONTEXT, &blob) else {
            panic!("the profile's secret")
        };
        let read: Vec<[u8; 32]> = earlier_roots.iter().map(|root| *root.0.expose()).collect();
        assert_eq!(read, (1..=count).map(|byte| [byte; 32]).collect::<Vec<_>>());
    }
    assert!(sealed(9).is_err());
    for length in [0, 31, 33, 9 * 32] {
        let raw = Encoder::new(labels::PROFILE_SECRET).field(1, &vec![7; length]).finish();
        assert!(Secret::decode(&raw).is_err(), "{length} bytes");
    }
    for zero in [[[0; 32], [7; 32]], [[7; 32], [0; 32]]] {
        let raw = Encoder::new(labels::PROFILE_SECRET).field(1, zero.as_flattened()).finish();
        assert!(Secret::decode(&raw).is_err(), "a root of zeros");
    }
}

#[test]
fn both_parts_are_of_one_type() {
    let profile = Overview::Profile { name: "name".to_owned() };
    assert!(overview().is_of_one_type_with(&secret()));
    assert!(profile.is_of_one_type_with(&profile_secret()));
    assert!(!overview().is_of_one_type_with(&profile_secret()));
    assert!(!profile.is_of_one_type_with(&secret()));
    assert!(!profile.is_of_one_type_with(&Secret::SignInMethod));
}
