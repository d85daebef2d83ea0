//! Optional fields of records, the characters of texts, and whether two parts make one record.

use serde_json::{Value, json};

use super::record::{check, content};
use super::records::{device, key, method, secret, wallet};
use super::{Case, File, good, hostile};

pub(super) const FILE: File = File { name: "record_fields", section: "5", check, cases };

fn cases() -> Vec<Case> {
    let mut all = marks();
    all.extend(tags());
    all.extend(earlier_secrets());
    all.extend(earlier_roots());
    all.extend(texts());
    all.extend(both_parts());
    all
}

fn marks() -> Vec<Case> {
    let copied = key(11, Some(&[0x42; 16]));
    vec![
        good("favourite key", "field 9", key(9, Some(&[1]))),
        good("favourite wallet", "field 12", wallet(12, Some(&[1]))),
        good("copy", "field 11: the record of another history", copied),
        hostile("favourite 0", "favourite key", "no favourite has no field", key(9, Some(&[0]))),
        hostile("favourite 2", "favourite key", "another number", key(9, Some(&[2]))),
        hostile("favourite of no byte", "favourite key", "an empty mark", key(9, Some(b""))),
        hostile("favourite of two bytes", "favourite key", "a byte more", key(9, Some(&[0, 1]))),
        hostile(
            "favourite wallet 0",
            "favourite wallet",
            "no favourite has no field",
            wallet(12, Some(&[0])),
        ),
        hostile("copy of 15 bytes", "copy", "a byte less", key(11, Some(&[0x42; 15]))),
        hostile("copy of nothing", "copy", "an empty id", key(11, Some(b""))),
    ]
}

/// Encodes tags as they are given.
fn listed(tags: &[&[u8]]) -> Vec<u8> {
    let length = |tag: &[u8]| u8::try_from(tag.len()).expect("short");
    tags.iter().flat_map(|tag| [&[length(tag)], *tag].concat()).collect()
}

fn tags() -> Vec<Case> {
    let of = |tags: &[&[u8]]| key(10, Some(&listed(tags)));
    let many: Vec<[u8; 1]> = (b'a'..=b'i').map(|letter| [letter]).collect();
    let many: Vec<&[u8]> = many.iter().map(<[u8; 1]>::as_slice).collect();
    let with = |name, comment, value: &[u8]| hostile(name, "two tags", comment, key(10, Some(value)));
    vec![
        good("two tags", "in the order of their bytes", of(&[b"tax", "Ärger".as_bytes()])),
        good("tags of a wallet", "field 13", wallet(13, Some(&listed(&[b"cold", b"tax"])))),
        good("eight tags", "the most", of(&many[..8])),
        good("longest tag", "32 bytes", of(&[&[b't'; 32]])),
        good("tags in capitals", "bytes are compared, not letters", of(&[b"Tax", b"tax"])),
        hostile("nine tags", "eight tags", "one more", of(&many)),
        hostile("tag of 33 bytes", "longest tag", "a byte more", of(&[&[b't'; 33]])),
        with("no tags", "an empty list, which has no field", b""),
        with("empty tag", "no byte", &listed(&[b"", b"tax"])),
        with("tags out of order", "the later one first", &listed(&["Ärger".as_bytes(), b"tax"])),
        with("tag twice", "the same tag", &listed(&[b"tax", b"tax"])),
        with("tag cut", "a byte less than its length", b"\x03ta"),
        with("tag in Latin-1", "not UTF-8", &listed(&[b"\xc4rger"])),
        with("tag with a line end", "a control character", &listed(&[b"ta\nx"])),
        hostile(
            "tags of a wallet out of order",
            "tags of a wallet",
            "the later one first",
            wallet(13, Some(&listed(&[b"tax", b"cold"]))),
        ),
    ]
}

/// Encodes earlier secrets with these versions.
fn named(versions: &[u64]) -> Vec<u8> {
    versions.iter().flat_map(|version| [version.to_be_bytes().as_slice(), &[0x5e; 32]].concat()).collect()
}

fn earlier_secrets() -> Vec<Case> {
    let of = |earlier: &[u8]| secret("exchange-key", &[(1, b"key"), (2, b"secret"), (4, earlier)]);
    let with = |name, comment, earlier: &[u8]| hostile(name, "earlier secrets", comment, of(earlier));
    let ten: Vec<u64> = (1..=10).rev().collect();
    let eleven: Vec<u64> = (1..=11).rev().collect();
    vec![
        good("earlier secrets", "versions 7 and 3", of(&named(&[7, 3]))),
        good(
            "earlier secret beside a passphrase",
            "fields 3 and 4",
            secret("exchange-key", &[(1, b"key"), (2, b"secret"), (3, b"phrase"), (4, &named(&[1]))]),
        ),
        good("ten earlier secrets", "the most", of(&named(&ten))),
        good("earlier secret, far on", "the largest version", of(&named(&[u64::MAX]))),
        hostile("eleven earlier secrets", "ten earlier secrets", "one more", of(&named(&eleven))),
        with("no earlier secrets", "an empty list, which has no field", b""),
        with("earlier secrets rise", "the oldest first", &named(&[3, 7])),
        with("earlier secret twice", "a version twice", &named(&[3, 3])),
        with("earlier secret 0", "no part has version 0", &named(&[7, 0])),
        with("earlier secret cut", "the last byte left out", &named(&[7, 3])[..79]),
        with("earlier secret longer", "a byte more", &[named(&[7, 3]), vec![0]].concat()),
    ]
}

fn earlier_roots() -> Vec<Case> {
    let of = |roots: &[u8]| secret("profile", &[(1, roots)]);
    let with = |name, comment, roots: &[u8]| hostile(name, "earlier roots", comment, of(roots));
    vec![
        good("earlier roots", "two", of(&[[3; 32], [2; 32]].concat())),
        good("eight earlier roots", "the most", of(&[7; 8 * 32])),
        hostile("nine earlier roots", "eight earlier roots", "one more", of(&[7; 9 * 32])),
        with("no earlier roots", "an empty list, which has no field", b""),
        with("earlier root of 31 bytes", "a byte less", &[2; 31]),
        with("earlier roots and a byte", "a byte more", &[2; 65]),
    ]
}

fn texts() -> Vec<Case> {
    let label = |text: &[u8]| key(2, Some(text));
    let note = |text: &[u8]| key(4, Some(text));
    let with = |name, text: &[u8]| hostile(name, "label with marks", "a control character", label(text));
    let in_note = |name, text: &[u8]| hostile(name, "note with lines", "a control character", note(text));
    let profile = |name: &[u8]| content("overview", "profile.overview", &[(1, name)]);
    vec![
        good(
            "label with marks",
            "a byte order mark, a direction mark, U+007F and U+0085: a reader alters nothing",
            label("\u{feff}a\u{202e}b\u{7f}\u{85}".as_bytes()),
        ),
        good("label not composed", "e and an accent stay two characters", label("e\u{301}".as_bytes())),
        good("note with lines", "line ends and tabs", note(b"a\n\tb\n")),
        good("note with a space", "the lowest character that is allowed", note(b"a b")),
        good(
            "secret with control characters",
            "credentials are any text",
            secret("exchange-key", &[(1, b"k\0"), (2, b"a\r\nb\x1f")]),
        ),
        with("label with NUL", b"a\0b"),
        with("label with a line end", b"a\nb"),
        with("label with a tab", b"a\tb"),
        with("label with U+001F", b"a\x1fb"),
        hostile(
            "masked key with a line end",
            "label with marks",
            "a control character",
            key(3, Some(b"a\nb")),
        ),
        in_note("note with NUL", b"a\0b"),
        in_note("note with a carriage return", b"a\r\nb"),
        in_note("note with U+001B", b"a\x1b[1mb"),
        good("name with a mark", "a direction mark", profile("a\u{202e}b".as_bytes())),
        hostile("name with a line end", "name with a mark", "a control character", profile(b"a\nb")),
        good("named method", "a direction mark", method(2, Some("a\u{202e}b".as_bytes()))),
        hostile("method's name with a tab", "named method", "a control character", method(2, Some(b"a\tb"))),
        good("wallet with lines", "line ends and tabs in its note", wallet(2, Some(b"a\n\tb"))),
        hostile(
            "wallet's label with a line end",
            "wallet with lines",
            "a control character",
            wallet(1, Some(b"a\nb")),
        ),
        hostile(
            "wallet's note with NUL",
            "wallet with lines",
            "a control character",
            wallet(2, Some(b"a\0")),
        ),
    ]
}

/// Both parts of a record are of one type. What an overview says about its secret is not compared.
fn both_parts() -> Vec<Case> {
    let both = |overview: &Value, secret: &Value| json!({ "part": "both", "overview": overview["content"], "secret": secret["content"] });
    let overview = key(7, Some(&[0]));
    let plain = secret("exchange-key", &[(1, b"key"), (2, b"secret")]);
    let with_passphrase = secret("exchange-key", &[(1, b"key"), (2, b"secret"), (3, b"phrase")]);
    let mixed = |name, from, overview: &Value, secret: &Value| {
        hostile(name, from, "a secret of another type", both(overview, secret))
    };
    let phrase = secret("wallet", &[(1, &[7; 210])]);
    vec![
        good("both parts of a key", "of one type", both(&overview, &plain)),
        good(
            "a passphrase that the overview denies",
            "the secret decides",
            both(&overview, &with_passphrase),
        ),
        good("a passphrase that is not there", "the secret decides", both(&key(7, Some(&[1])), &plain)),
        good("both parts of a wallet", "of one type", both(&wallet(0, None), &phrase)),
        good("both parts of a method", "of one type", both(&method(0, None), &secret("sign-in-method", &[]))),
        good("both parts of a device", "of one type", both(&device(0, None), &secret("device", &[]))),
        mixed(
            "a device with a method's secret",
            "both parts of a device",
            &device(0, None),
            &secret("sign-in-method", &[]),
        ),
        mixed("a key with a wallet's secret", "both parts of a key", &overview, &phrase),
        mixed("a key with a profile's secret", "both parts of a key", &overview, &secret("profile", &[])),
        mixed("a wallet with a key's secret", "both parts of a wallet", &wallet(0, None), &plain),
        mixed(
            "a method with a profile's secret",
            "both parts of a method",
            &method(0, None),
            &secret("profile", &[]),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(28, 45);
}
