use crystallum_format::encoding::Encoder;
use serde_json::{Value, json};

use super::json::{bytes, hex, text};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::{Overview, Secret, Tags};

pub(super) const FILE: File = File { name: "record", section: "5", check, cases };

pub(super) fn check(input: &Value) -> Checked {
    let part = |name: &str| bytes(&input[name]);
    Ok(match text(&input["part"]) {
        "overview" => overview_said(&Overview::decode(&part("content"))?),
        "secret" => secret_said(&Secret::decode(&part("content"))?),
        "both" => {
            let (overview, secret) = (Overview::decode(&part("overview"))?, Secret::decode(&part("secret"))?);
            if !overview.is_of_one_type_with(&secret) {
                return Err(Refusal(None));
            }
            json!({ "overview": overview_said(&overview), "secret": secret_said(&secret) })
        }
        other => panic!("{other} is a part"),
    })
}

/// Adds a field that may be absent.
fn optional(said: &mut Value, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        said[name] = value;
    }
}

fn tags_said(tags: &Tags) -> Option<Value> {
    let tags: Vec<&str> = tags.iter().collect();
    (!tags.is_empty()).then(|| json!(tags))
}

fn overview_said(overview: &Overview) -> Value {
    match overview {
        Overview::Key(key) => {
            let mut said = json!({
                "type": "exchange-key", "exchange": key.exchange.as_str(), "label": key.label,
                "masked": key.masked, "note": key.note, "created": key.created, "updated": key.updated,
                "has_passphrase": key.has_passphrase,
            });
            optional(&mut said, "deleted", key.deleted.map(|time| json!(time)));
            optional(&mut said, "favourite", key.favourite.then_some(json!(true)));
            optional(&mut said, "tags", tags_said(&key.tags));
            optional(&mut said, "copy_of", key.copy_of.map(|id| hex(id.as_bytes())));
            said
        }
        Overview::Profile { name } => json!({ "type": "profile", "name": name }),
        Overview::SignInMethod(method) => json!({
            "type": "sign-in-method", "method": hex(method.method.as_bytes()), "name": method.name,
            "created": method.created, "confirmed": method.confirmed,
        }),
        Overview::Device(device) => json!({
            "type": "device", "name": device.name, "joined": device.joined, "platform": device.platform,
        }),
        Overview::Wallet(wallet) => {
            let mut said = json!({
                "type": "wallet", "label": wallet.label, "note": wallet.note, "created": wallet.created,
                "updated": wallet.updated, "words": wallet.words, "set": hex(wallet.set.as_bytes()),
                "share_epoch": wallet.share_epoch, "k": wallet.k, "n": wallet.n, "dealt": wallet.dealt,
            });
            optional(&mut said, "deleted", wallet.deleted.map(|time| json!(time)));
            optional(&mut said, "favourite", wallet.favourite.then_some(json!(true)));
            optional(&mut said, "tags", tags_said(&wallet.tags));
            said
        }
    }
}

fn secret_said(secret: &Secret) -> Value {
    match secret {
        Secret::Key(key) => {
            let mut said = json!({
                "type": "exchange-key", "api_key": key.api_key.as_str(),
                "api_secret": key.api_secret.as_str(),
            });
            optional(&mut said, "passphrase", key.passphrase.as_ref().map(|text| json!(text.as_str())));
            let earlier: Vec<Value> = key
                .earlier
                .iter()
                .map(|one| json!({ "version": one.version, "hash": hex(one.hash) }))
                .collect();
            optional(&mut said, "earlier", (!earlier.is_empty()).then(|| json!(earlier)));
            said
        }
        Secret::Profile { earlier_roots } => {
            let mut said = json!({ "type": "profile" });
            let roots: Vec<Value> = earlier_roots.iter().map(|root| hex(root.0.expose())).collect();
            optional(&mut said, "earlier_roots", (!roots.is_empty()).then(|| json!(roots)));
            said
        }
        Secret::SignInMethod => json!({ "type": "sign-in-method" }),
        Secret::Device => json!({ "type": "device" }),
        Secret::Wallet(phrase) => json!({ "type": "wallet", "phrase": hex(phrase.as_bytes()) }),
    }
}

/// Fields under a label of this section.
pub(super) fn content(part: &str, label: &str, fields: &[(u8, &[u8])]) -> Value {
    let label = format!("crystallum/1/record/{label}");
    let encoder = fields.iter().fold(Encoder::new(&label), |all, (tag, value)| all.field(*tag, value));
    json!({ "part": part, "content": hex(&*encoder.finish()) })
}

const CREATED: [u8; 8] = 1_760_000_000_000_u64.to_be_bytes();
const UPDATED: [u8; 8] = u64::MAX.to_be_bytes();

/// Returns an exchange key's overview with one field replaced.
fn overview(tag: u8, value: &[u8]) -> Value {
    let mut fields: Vec<(u8, &[u8])> = vec![
        (1, b"kraken"),
        (2, "Épargne ✓".as_bytes()),
        (3, "abcd…wxyz".as_bytes()),
        (4, b"two\nlines"),
        (5, &CREATED),
        (6, &UPDATED),
        (7, &[1]),
    ];
    if let Some(field) = fields.iter_mut().find(|field| field.0 == tag) {
        field.1 = value;
    }
    content("overview", "exchange-key.overview", &fields)
}

fn overview_without(tag: u8) -> Value {
    let fields: [(u8, &[u8]); 7] =
        [(1, b"kraken"), (2, b"l"), (3, b"m"), (4, b"n"), (5, &CREATED), (6, &UPDATED), (7, &[1])];
    let kept: Vec<_> = fields.into_iter().filter(|field| field.0 != tag).collect();
    content("overview", "exchange-key.overview", &kept)
}

fn secret(fields: &[(u8, &[u8])]) -> Value {
    content("secret", "exchange-key.secret", fields)
}

fn profile(fields: &[(u8, &[u8])]) -> Value {
    content("overview", "profile.overview", fields)
}

fn cases() -> Vec<Case> {
    let (kb, long): (&[u8], Vec<u8>) = (b"k", vec![b's'; 5000]);
    let longer = vec![b's'; 5001];
    let pem = b"-----BEGIN PRIVATE KEY-----\nMIG=\n-----END PRIVATE KEY-----\n".as_slice();
    let at_profile = |part: &str, label: &str, fields: &[(u8, &[u8])]| content(part, label, fields);
    let mut all = vec![
        good("exchange key", "an overview with all fields", overview(0, &[])),
        good(
            "no note",
            "masked key and note are empty",
            content(
                "overview",
                "exchange-key.overview",
                &[(1, b"other"), (2, b"l"), (3, b""), (4, b""), (5, &CREATED), (6, &CREATED), (7, &[0])],
            ),
        ),
        good("longest note", "1200 bytes", overview(4, &[b'n'; 1200])),
        good("longest label", "256 bytes", overview(2, &[b'l'; 256])),
        good("profile", "the vault's name", profile(&[(1, b"My vault")])),
        good("secret", "with a passphrase", secret(&[(1, b"key"), (2, pem), (3, b"phrase")])),
        good("no passphrase", "the optional field is absent", secret(&[(1, b"key"), (2, b"secret")])),
        good("longest secret", "5000 bytes in each", secret(&[(1, &long), (2, &long), (3, &long)])),
        good("profile's secret", "no fields", at_profile("secret", "profile.secret", &[])),
        good("unknown exchange", "a code that no version knew when this was recorded", overview(1, b"0-x")),
        good("longest exchange", "32 bytes", overview(1, &[b'z'; 32])),
        hostile("exchange of 33 bytes", "longest exchange", "a byte more", overview(1, &[b'z'; 33])),
        hostile("exchange with a dot", "exchange key", "a character that no code has", overview(1, b"a.b")),
        hostile("exchange with a space", "exchange key", "a character that no code has", overview(1, b"a b")),
        hostile("exchange in capitals", "exchange key", "another spelling", overview(1, b"Kraken")),
        hostile("empty exchange", "exchange key", "no name", overview(1, b"")),
        hostile("empty label", "exchange key", "no byte of label", overview(2, b"")),
        hostile("label of 257 bytes", "longest label", "a byte more", overview(2, &[b'l'; 257])),
        hostile("masked key of 65 bytes", "exchange key", "a byte above the limit", overview(3, &[b'm'; 65])),
        hostile("note of 1201 bytes", "longest note", "a byte more", overview(4, &[b'n'; 1201])),
        hostile("label in Latin-1", "exchange key", "not UTF-8", overview(2, b"\xc9pargne")),
        hostile("overlong UTF-8", "exchange key", "a slash in two bytes", overview(2, b"\xc0\xaf")),
        hostile("surrogate", "exchange key", "half a pair in three bytes", overview(2, b"\xed\xa0\x80")),
        hostile("created of 7 bytes", "exchange key", "a byte less", overview(5, &[0; 7])),
        hostile("updated of 9 bytes", "exchange key", "a byte more", overview(6, &[0; 9])),
        hostile("flag 2", "exchange key", "neither 0 nor 1", overview(7, &[2])),
        hostile("flag of no byte", "exchange key", "an empty flag", overview(7, &[])),
        hostile("flag of two bytes", "exchange key", "a byte more", overview(7, &[0, 1])),
        hostile("empty name", "profile", "no byte of name", profile(&[(1, b"")])),
        hostile("name of 257 bytes", "profile", "a byte above the limit", profile(&[(1, &[b'n'; 257])])),
        hostile("nameless profile", "profile", "no field", profile(&[])),
        hostile(
            "profile with field 255",
            "profile",
            "a field that no version has",
            profile(&[(1, b"My vault"), (255, b"")]),
        ),
        hostile(
            "secret's label",
            "profile",
            "under the label of its secret",
            at_profile("overview", "profile.secret", &[(1, b"My vault")]),
        ),
        hostile(
            "other type's label",
            "profile",
            "under the label of an exchange key",
            at_profile("overview", "exchange-key.overview", &[(1, b"My vault")]),
        ),
        hostile(
            "unknown type",
            "profile",
            "under a label that no type has",
            at_profile("overview", "unknown.overview", &[(1, b"My vault")]),
        ),
        hostile(
            "overview as secret",
            "profile",
            "read as the other part",
            at_profile("secret", "profile.overview", &[(1, b"My vault")]),
        ),
        hostile(
            "secret as overview",
            "secret",
            "read as the other part",
            at_profile("overview", "exchange-key.secret", &[(1, b"key"), (2, b"secret")]),
        ),
        hostile("empty passphrase", "secret", "there, with no byte", secret(&[(1, kb), (2, b"s"), (3, b"")])),
        hostile("empty key", "no passphrase", "no byte", secret(&[(1, b""), (2, b"secret")])),
        hostile("empty secret", "no passphrase", "no byte", secret(&[(1, b"key"), (2, b"")])),
        hostile(
            "key of 5001 bytes",
            "longest secret",
            "a byte more",
            secret(&[(1, &longer), (2, &long), (3, &long)]),
        ),
        hostile(
            "secret of 5001 bytes",
            "longest secret",
            "a byte more",
            secret(&[(1, &long), (2, &longer), (3, &long)]),
        ),
        hostile(
            "passphrase of 5001 bytes",
            "longest secret",
            "a byte more",
            secret(&[(1, &long), (2, &long), (3, &longer)]),
        ),
        hostile("passphrase alone", "secret", "fields 1 and 2 left out", secret(&[(3, b"phrase")])),
        hostile("no secret", "no passphrase", "field 2 left out", secret(&[(1, b"key")])),
        hostile(
            "secret with field 255",
            "secret",
            "a field that no version has",
            secret(&[(1, b"key"), (2, pem), (3, b"phrase"), (255, b"")]),
        ),
        hostile(
            "profile's secret with field 255",
            "profile's secret",
            "a field that no version has",
            at_profile("secret", "profile.secret", &[(255, b"")]),
        ),
    ];
    let names =
        ["no field 1", "no field 2", "no field 3", "no field 4", "no field 5", "no field 6", "no field 7"];
    all.extend(
        (1..)
            .zip(names)
            .map(|(tag, name)| hostile(name, "exchange key", "a field left out", overview_without(tag))),
    );
    all
}

#[test]
fn recorded() {
    FILE.run(11, 43);
}
