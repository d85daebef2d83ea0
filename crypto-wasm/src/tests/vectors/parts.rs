//! Records as a reader finds them: a leaf, and what is stored as the blobs of its parts.

use crystallum_format::encoding::Encoder;
use serde_json::{Value, json};

use super::json::{array, bytes, hex, number};
use super::{Case, Checked, File, good, hostile};
use crate::key::Key;
use crate::seal::SealingKey;
use crate::tests::support::{key, raw_seal};
use crate::{
    Blob, Environment, Malformed, PartUnreadable, RecordContext, RecordId, VaultId, VaultKeys, blob_hash,
};

pub(super) const FILE: File = File { name: "parts", section: "5.3 and 5.4", check, cases };

/// Returns the condition of a record.
fn check(input: &Value) -> Checked {
    let key = |name: &str| SealingKey::new(Key::from_slice(&array::<32>(&input[name])).expect("32 bytes"));
    let (vault, record) = (VaultId::new(array(&input["vault"])), RecordId::new(array(&input["record"])));
    let (overview, secret) = (key("overview_key"), key("secret_key"));
    let keys =
        VaultKeys { vault, epoch: number(&input["epoch"]), overview, secret, local: key("secret_key") };
    let environment = match number(&input["environment"]) {
        1_u8 => Environment::Real,
        2 => Environment::Practice,
        _ => return Err(Malformed.into()),
    };
    let version = |name: &str| number(&input[&format!("{name}_version")]);
    let context = |name| RecordContext { record, version: version(name), environment };
    let signed = |name: &str| {
        let blob = input[name].as_str().map(|_| bytes(&input[name]))?;
        (blob_hash(&blob) == array(&input[&format!("{name}_hash")])).then(|| Blob::from_bytes(blob))
    };
    let (Some(overview), Some(secret)) = (signed("overview"), signed("secret")) else {
        return Ok(json!({ "condition": "alarm" }));
    };
    let overview = keys.open_overview(context("overview"), &overview);
    let secret = keys.open_secret(context("secret"), &secret);
    let condition = match (overview, secret) {
        (Err(PartUnreadable::NotOpened), _) | (_, Err(PartUnreadable::NotOpened)) => "cannot be opened",
        (Ok(overview), Ok(secret))
            if overview.is_of_one_type_with(&secret) && overview.is_in_its_place(vault, record) =>
        {
            "read"
        }
        _ => "opaque",
    };
    Ok(json!({ "condition": condition }))
}

#[derive(Clone)]
struct Stored {
    record: u8,
    overview: Vec<u8>,
    secret: Vec<u8>,
}

/// Seals data as a part of a record of the sample vault, under a key of 32 times 7 or 8.
fn seal(part: u8, record: u8, version: u64, data: &[u8]) -> Vec<u8> {
    let (name, class) = if part == 1 { ("overview", 512) } else { ("secret", 1024) };
    let place: [(u8, &[u8]); 6] = [
        (2, &[0x11; 16]),
        (3, &1_u32.to_be_bytes()),
        (4, &[record; 16]),
        (5, &[part]),
        (6, &version.to_be_bytes()),
        (7, &[1]),
    ];
    raw_seal(&key(6 + part), &format!("crystallum/1/seal/{name}"), &place, &[9; 32], data, class)
}

impl Stored {
    /// A record with these data in its parts, the overview at version 3 and the secret at 2.
    fn of(record: u8, overview: &[u8], secret: &[u8]) -> Self {
        Self { record, overview: seal(1, record, 3, overview), secret: seal(2, record, 2, secret) }
    }

    fn input(&self) -> Value {
        json!({
            "vault": hex([0x11; 16]), "epoch": 1, "environment": 1, "record": hex([self.record; 16]),
            "overview_key": hex([7; 32]), "secret_key": hex([8; 32]),
            "overview_version": 3, "overview_hash": hex(blob_hash(&self.overview)), "overview": hex(&self.overview),
            "secret_version": 2, "secret_hash": hex(blob_hash(&self.secret)), "secret": hex(&self.secret),
        })
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut input = self.input();
        input[name] = value;
        input
    }
}

fn encode(label: &str, fields: &[(u8, &[u8])]) -> Vec<u8> {
    let label = format!("crystallum/1/record/{label}");
    fields.iter().fold(Encoder::new(&label), |all, (tag, value)| all.field(*tag, value)).finish().to_vec()
}

fn cases() -> Vec<Case> {
    let time = [0; 8];
    let types = [
        (
            encode(
                "exchange-key.overview",
                &[(1, b"kraken"), (2, b"Key"), (3, b""), (4, b""), (5, &time), (6, &time), (7, &[0])],
            ),
            encode("exchange-key.secret", &[(1, b"key"), (2, b"secret")]),
        ),
        (encode("profile.overview", &[(1, b"My vault")]), encode("profile.secret", &[])),
        (
            encode("sign-in-method.overview", &[(1, &[0x30; 16]), (2, b""), (3, &time), (4, &time)]),
            encode("sign-in-method.secret", &[]),
        ),
        (encode("device.overview", &[(1, b""), (2, &time), (3, b"")]), encode("device.secret", &[])),
        (
            encode(
                "wallet.overview",
                &[
                    (1, b"Wallet"),
                    (2, b""),
                    (3, &time),
                    (4, &time),
                    (5, &[12]),
                    (6, &[0x51; 16]),
                    (7, &1_u32.to_be_bytes()),
                    (8, &[2]),
                    (9, &[3]),
                    (10, &time),
                ],
            ),
            encode("wallet.secret", &[(1, &[0; 210])]),
        ),
    ];
    let [exchange_key, profile, method, device, wallet] = &types;
    let of = |record, (overview, secret): &(Vec<u8>, Vec<u8>)| Stored::of(record, overview, secret);
    let record = of(0x42, exchange_key);
    let (overview, secret) = exchange_key;
    let with_overview = |data: &[u8]| Stored::of(0x42, data, secret).input();
    let with_secret = |data: &[u8]| Stored::of(0x42, overview, data).input();
    let mut other_format = overview.clone();
    // The format is after the label and its length.
    other_format[1 + usize::from(overview[0])] = 2;
    let unopened = |stored: &Stored| Stored { overview: seal(1, 0x42, 4, overview), ..stored.clone() };
    let opaque = Stored::of(0x42, overview, &[]);
    vec![
        good("exchange key", "both parts are read", record.input()),
        hostile("environment 3", "exchange key", "no environment", record.with("environment", json!(3))),
        good("practice", "the other environment", record.with("environment", json!(2))),
        good("overview missing", "nothing is stored", record.with("overview", Value::Null)),
        good("secret missing", "nothing is stored", record.with("secret", Value::Null)),
        good("other overview", "a blob with another hash", record.with("overview_hash", hex([1; 32]))),
        good("other secret", "a blob with another hash", record.with("secret_hash", hex([1; 32]))),
        good("no bytes of an overview", "with the hash of no bytes", {
            Stored { overview: Vec::new(), ..record.clone() }.input()
        }),
        good("overview of another version", "sealed for version 4", unopened(&record).input()),
        good("secret of another version", "sealed for version 3", {
            Stored { secret: seal(2, 0x42, 3, secret), ..record.clone() }.input()
        }),
        good("overview without data", "it opens, and there are no bytes in it", with_overview(&[])),
        good("secret without data", "it opens, and there are no bytes in it", opaque.input()),
        good("overview cut", "its last byte is left out", with_overview(&overview[..overview.len() - 1])),
        good("overview longer", "a zero byte more", with_overview(&[&overview[..], &[0]].concat())),
        good("data of format 2", "in a blob of format 1", with_overview(&other_format)),
        good("text", "no enc at all", with_overview(b"no enc at all")),
        good("unknown label", "another type", with_overview(&encode("passport.overview", &[]))),
        good("secret as overview", "the data of the secret", with_overview(secret)),
        good("overview as secret", "the data of the overview", with_secret(overview)),
        good("two types", "the secret of a device", with_secret(&device.1)),
        good("alarm before the rest", "another hash beside an overview that does not open", {
            unopened(&record).with("secret_hash", hex([1; 32]))
        }),
        good("cannot be opened before opaque", "beside a secret without data", unopened(&opaque).input()),
        good("copy with earlier secrets", "a writer makes none, and no part is compared for it", {
            let version = 9_u64.to_be_bytes();
            let earlier = [&version[..], &[0x0e; 32]].concat();
            let copy = [(5, &time[..]), (6, &time), (7, &[0]), (11, &[0x43; 16])];
            let copy = [&[(1, &b"kraken"[..]), (2, b"Key"), (3, b""), (4, b"")], &copy[..]].concat();
            let secret = [(1, &b"key"[..]), (2, b"secret"), (4, &earlier)];
            let data = (encode("exchange-key.overview", &copy), encode("exchange-key.secret", &secret));
            of(0x42, &data).input()
        }),
        good("profile", "the record with the vault's id", of(0x11, profile).input()),
        good("profile elsewhere", "the profile's type with another id", of(0x42, profile).input()),
        good("exchange key as profile", "in the place of the profile", of(0x11, exchange_key).input()),
        good("sign-in method as profile", "in the place of the profile", of(0x11, method).input()),
        good("device as profile", "in the place of the profile", of(0x11, device).input()),
        good("wallet as profile", "in the place of the profile", of(0x11, wallet).input()),
        good("sign-in method", "elsewhere", of(0x42, method).input()),
        good("device", "elsewhere", of(0x42, device).input()),
        good("wallet", "elsewhere", of(0x42, wallet).input()),
    ]
}

#[test]
fn recorded() {
    FILE.run(31, 1);
}
