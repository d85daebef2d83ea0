//! Contents of sign-in methods and wallets, and the trash.

use serde_json::Value;

use super::record::{check, content};
use super::{Case, File, good, hostile};

pub(super) const FILE: File = File { name: "records", section: "5", check, cases };

const CREATED: [u8; 8] = 1_760_000_000_000_u64.to_be_bytes();
const LAST: [u8; 8] = u64::MAX.to_be_bytes();

/// Returns these fields with one replaced or added, or removed for `None`.
pub(super) fn edited(kind: &str, fields: &[(u8, &[u8])], tag: u8, value: Option<&[u8]>) -> Value {
    let mut fields: Vec<(u8, &[u8])> = fields.iter().copied().filter(|field| field.0 != tag).collect();
    fields.extend(value.map(|value| (tag, value)));
    fields.sort_by_key(|field| field.0);
    content("overview", &format!("{kind}.overview"), &fields)
}

pub(super) fn key(tag: u8, value: Option<&[u8]>) -> Value {
    let fields: [(u8, &[u8]); 7] = [
        (1, b"kraken"),
        (2, b"Savings"),
        (3, "abcd…wxyz".as_bytes()),
        (4, b""),
        (5, &CREATED),
        (6, &LAST),
        (7, &[0]),
    ];
    edited("exchange-key", &fields, tag, value)
}

pub(super) fn method(tag: u8, value: Option<&[u8]>) -> Value {
    let fields: [(u8, &[u8]); 4] =
        [(1, &[0x30; 16]), (2, "Clé bleue ✓".as_bytes()), (3, &CREATED), (4, &LAST)];
    edited("sign-in-method", &fields, tag, value)
}

pub(super) fn device(tag: u8, value: Option<&[u8]>) -> Value {
    let fields: [(u8, &[u8]); 3] = [(1, "Büro ✓".as_bytes()), (2, &CREATED), (3, b"Firefox on Linux")];
    edited("device", &fields, tag, value)
}

pub(super) fn wallet(tag: u8, value: Option<&[u8]>) -> Value {
    let fields: [(u8, &[u8]); 10] = [
        (1, b"Cold storage"),
        (2, b"two\nlines"),
        (3, &CREATED),
        (4, &LAST),
        (5, &[24]),
        (6, &[0x51; 16]),
        (7, &1_u32.to_be_bytes()),
        (8, &[3]),
        (9, &[5]),
        (10, &CREATED),
    ];
    edited("wallet", &fields, tag, value)
}

fn wallet_dealt(k: u8, n: u8) -> Value {
    let fields: [(u8, &[u8]); 9] = [
        (1, b"w"),
        (2, b""),
        (3, &CREATED),
        (4, &CREATED),
        (5, &[12]),
        (6, &[0x51; 16]),
        (7, &u32::MAX.to_be_bytes()),
        (8, &[k]),
        (10, &CREATED),
    ];
    edited("wallet", &fields, 9, Some(&[n]))
}

pub(super) fn secret(kind: &str, fields: &[(u8, &[u8])]) -> Value {
    content("secret", &format!("{kind}.secret"), fields)
}

fn cases() -> Vec<Case> {
    vec![
        good("key in the trash", "field 8", key(8, Some(&CREATED))),
        good("key in the trash since 0", "the earliest time", key(8, Some(&[0; 8]))),
        hostile("trash of no byte", "key in the trash", "an empty time", key(8, Some(b""))),
        hostile("trash of 7 bytes", "key in the trash", "a byte less", key(8, Some(&[0; 7]))),
        hostile("trash of 9 bytes", "key in the trash", "a byte more", key(8, Some(&[0; 9]))),
        hostile("key with field 255", "key in the trash", "a field that no version has", key(255, Some(b""))),
        good("device", "with a name", device(0, None)),
        good("device without a name", "nothing but the time", device(1, Some(b""))),
        good("device without a platform", "no byte of it", device(3, Some(b""))),
        good("device, longest texts", "256 bytes of name", device(1, Some(&[b'n'; 256]))),
        good("device, longest platform", "128 bytes", device(3, Some(&[b'p'; 128]))),
        good("device joined at 0", "the earliest time", device(2, Some(&[0; 8]))),
        good("secret of a device", "no field", secret("device", &[])),
        hostile("device's name too long", "device", "257 bytes", device(1, Some(&[b'n'; 257]))),
        hostile("device's platform too long", "device", "129 bytes", device(3, Some(&[b'p'; 129]))),
        hostile("device's name with a tab", "device", "a control character", device(1, Some(b"a\tb"))),
        hostile("device's platform in two lines", "device", "a line break", device(3, Some(b"a\nb"))),
        hostile("device's time of 7 bytes", "device", "a byte less", device(2, Some(&[0; 7]))),
        hostile("device without a time", "device", "field 2 left out", device(2, None)),
        hostile("device with a fourth field", "device", "a field that no version has", device(4, Some(b""))),
        hostile(
            "secret of a device with a field",
            "secret of a device",
            "field 1",
            secret("device", &[(1, b"")]),
        ),
        good("method", "confirmed, with a name", method(0, None)),
        good("method, not confirmed", "confirmed at 0", method(4, Some(&[0; 8]))),
        good("method without a name", "no byte of name", method(2, Some(b""))),
        good("method, longest name", "256 bytes", method(2, Some(&[b'n'; 256]))),
        hostile(
            "method, name of 257 bytes",
            "method, longest name",
            "a byte more",
            method(2, Some(&[b'n'; 257])),
        ),
        hostile("method, name in Latin-1", "method", "not UTF-8", method(2, Some(b"Cl\xe9"))),
        hostile("method, id of 15 bytes", "method", "a byte less", method(1, Some(&[0x30; 15]))),
        hostile("method without an id", "method", "field 1 left out", method(1, None)),
        hostile("method, confirmed in 4 bytes", "method", "half the bytes", method(4, Some(&[0; 4]))),
        hostile("method with field 255", "method", "a field that no version has", method(255, Some(b""))),
        good("method's secret", "no fields", secret("sign-in-method", &[])),
        hostile(
            "method's secret with a field",
            "method's secret",
            "a field that no version has",
            secret("sign-in-method", &[(255, b"")]),
        ),
        good("wallet", "24 words, 3 of 5", wallet(0, None)),
        good("wallet in the trash", "field 11", wallet(11, Some(&CREATED))),
        good("wallet, smallest", "2 of 2, 12 words, the last epoch", wallet_dealt(2, 2)),
        good("wallet, largest", "16 of 16", wallet_dealt(16, 16)),
        good("wallet, 15 words", "words", wallet(5, Some(&[15]))),
        good("wallet, 18 words", "words", wallet(5, Some(&[18]))),
        good("wallet, 21 words", "words", wallet(5, Some(&[21]))),
        hostile("wallet, 0 words", "wallet", "words", wallet(5, Some(&[0]))),
        hostile("wallet, 13 words", "wallet", "words", wallet(5, Some(&[13]))),
        hostile("wallet, 27 words", "wallet", "words", wallet(5, Some(&[27]))),
        hostile("wallet, 1 of 2", "wallet, smallest", "k", wallet_dealt(1, 2)),
        hostile("wallet, 3 of 2", "wallet, smallest", "k above n", wallet_dealt(3, 2)),
        hostile("wallet, 2 of 17", "wallet, largest", "n", wallet_dealt(2, 17)),
        hostile("wallet, 0 of 0", "wallet, smallest", "k and n", wallet_dealt(0, 0)),
        hostile("wallet, epoch 0", "wallet", "share epoch", wallet(7, Some(&[0; 4]))),
        hostile("wallet, epoch in 8 bytes", "wallet", "share epoch", wallet(7, Some(&[1; 8]))),
        hostile("wallet, set of 17 bytes", "wallet", "share-set id", wallet(6, Some(&[1; 17]))),
        hostile("wallet without a label", "wallet", "no byte of label", wallet(1, Some(b""))),
        hostile("wallet, label of 257 bytes", "wallet", "label", wallet(1, Some(&[b'l'; 257]))),
        hostile("wallet, note of 1201 bytes", "wallet", "note", wallet(2, Some(&[b'n'; 1201]))),
        hostile("wallet never dealt", "wallet", "field 10 left out", wallet(10, None)),
        hostile("wallet, trash of no byte", "wallet in the trash", "an empty time", wallet(11, Some(b""))),
        hostile("wallet with field 255", "wallet", "a field that no version has", wallet(255, Some(b""))),
        good("wallet's secret", "a sealed phrase of 210 bytes", secret("wallet", &[(1, &[7; 210])])),
        hostile(
            "sealed phrase of 209 bytes",
            "wallet's secret",
            "a byte less",
            secret("wallet", &[(1, &[7; 209])]),
        ),
        hostile(
            "sealed phrase of 211 bytes",
            "wallet's secret",
            "a byte more",
            secret("wallet", &[(1, &[7; 211])]),
        ),
        hostile("wallet's secret without it", "wallet's secret", "no field", secret("wallet", &[])),
        hostile(
            "wallet's secret with more",
            "wallet's secret",
            "a field that no version has",
            secret("wallet", &[(1, &[7; 210]), (255, b"")]),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(22, 39);
}
