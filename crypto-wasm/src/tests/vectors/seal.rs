use serde_json::{Value, json};

use super::json::{array, bytes, hex, number, text};
use super::{Case, Checked, File, good, hostile};
use crate::key::Key;
use crate::seal::SealingKey;
use crate::tests::support::{Given, raw_seal, raw_seal_padded};
use crate::{Blob, Environment, Malformed, Overview, RecordContext, RecordId, Secret, VaultId, VaultKeys};

pub(super) const FILE: File = File { name: "seal", section: "3", check, cases };

/// Opens a part with a sealing key. The same key is used for both purposes, which no vault
/// does, so that only the label separates them.
fn check(input: &Value) -> Checked {
    let key = || SealingKey::new(Key::from_slice(&array::<32>(&input["key"])).expect("32 bytes"));
    let keys = VaultKeys {
        vault: VaultId::new(array(&input["vault"])),
        epoch: number(&input["epoch"]),
        overview: key(),
        secret: key(),
        local: key(),
    };
    let context = RecordContext {
        record: RecordId::new(array(&input["record"])),
        version: number(&input["version"]),
        environment: match number(&input["environment"]) {
            1_u8 => Environment::Real,
            2 => Environment::Practice,
            _ => return Err(Malformed.into()),
        },
    };
    if input["random"].is_string() {
        return seal(&keys, context, input);
    }
    let blob = Blob::from_bytes(bytes(&input["blob"]));
    let content = match text(&input["purpose"]) {
        "overview" => keys.open_overview(context, &blob)?.encode()?,
        "secret" => keys.open_secret(context, &blob)?.encode()?,
        other => panic!("{other} is a purpose"),
    };
    Ok(json!({ "content": hex(&*content) }))
}

/// Seals a part with a salt that is computed from these random bytes.
fn seal(keys: &VaultKeys, context: RecordContext, input: &Value) -> Checked {
    let (content, mut random) = (bytes(&input["content"]), Given(bytes(&input["random"])));
    let blob = match text(&input["purpose"]) {
        "overview" => keys.seal_overview(context, &Overview::decode(&content)?, &mut random)?,
        "secret" => keys.seal_secret(context, &Secret::decode(&content)?, &mut random)?,
        other => panic!("{other} is a purpose"),
    };
    Ok(json!({ "blob": hex(blob.as_bytes()) }))
}

/// The associated data of a part, and how blobs for it are made.
#[derive(Clone)]
struct Offer {
    purpose: &'static str,
    key: u8,
    vault: u8,
    epoch: u32,
    record: u8,
    version: u64,
    environment: u8,
}

const PLACE: Offer =
    Offer { purpose: "overview", key: 7, vault: 0x11, epoch: 1, record: 0x42, version: 3, environment: 1 };
const SECRET: Offer = Offer { purpose: "secret", ..PLACE };
const SALT: [u8; 32] = [9; 32];

impl Offer {
    fn input(&self, blob: &[u8]) -> Value {
        json!({
            "purpose": self.purpose, "key": hex([self.key; 32]), "vault": hex([self.vault; 16]), "epoch": self.epoch,
            "record": hex([self.record; 16]), "version": self.version, "environment": self.environment, "blob": hex(blob),
        })
    }

    fn sealed(&self, part: u8, make: impl Fn(&Key, &str, &[(u8, &[u8])]) -> Vec<u8>) -> Vec<u8> {
        let (vault, record) = ([self.vault; 16], [self.record; 16]);
        let place: [(u8, &[u8]); 6] = [
            (2, &vault),
            (3, &self.epoch.to_be_bytes()),
            (4, &record),
            (5, &[part]),
            (6, &self.version.to_be_bytes()),
            (7, &[self.environment]),
        ];
        make(&crate::tests::support::key(self.key), &format!("crystallum/1/seal/{}", self.purpose), &place)
    }

    /// Seals contents according to FORMAT.md.
    fn seal(&self, content: &[u8], class: usize) -> Vec<u8> {
        let part = if self.purpose == "overview" { 1 } else { 2 };
        self.sealed(part, |key, label, place| raw_seal(key, label, place, &SALT, content, class))
    }

    /// Seals a given padded plaintext.
    fn seal_padded(&self, padded: &[u8]) -> Vec<u8> {
        self.sealed(1, |key, label, place| raw_seal_padded(key, label, place, &SALT, padded.to_vec()))
    }
}

fn overview(name: &str) -> Vec<u8> {
    Overview::Profile { name: name.to_owned() }.encode().expect("within limits").to_vec()
}

fn key_overview(note: usize) -> Vec<u8> {
    let overview = crate::KeyOverview {
        exchange: crate::Exchange::Kraken.into(),
        label: "Savings".to_owned(),
        masked: "abcd…wxyz".to_owned(),
        note: "n".repeat(note),
        created: 1_760_000_000_000,
        updated: 1_760_000_000_001,
        has_passphrase: false,
        deleted: None,
        favourite: false,
        tags: crate::Tags::default(),
        copy_of: None,
    };
    Overview::Key(overview).encode().expect("within limits").to_vec()
}

fn secret(length: usize) -> Vec<u8> {
    let own = |text: String| zeroize::Zeroizing::new(text);
    let key = crate::KeySecret {
        api_key: own("k".repeat(length)),
        api_secret: own("s".repeat(length)),
        passphrase: Some(own("p".repeat(length))),
        earlier: Vec::new(),
    };
    Secret::Key(key).encode().expect("within limits").to_vec()
}

fn changed(blob: &[u8], at: usize, flip: u8) -> Vec<u8> {
    let mut blob = blob.to_vec();
    blob[at] ^= flip;
    blob
}

/// Returns what is sealed, with the random bytes for its salt, in the place of a blob.
fn sealed_from(offer: &Offer, content: &[u8]) -> Value {
    let mut input = offer.input(&[]);
    input.as_object_mut().expect("an object").remove("blob");
    input["random"] = hex([0x0a; 32]);
    input["content"] = hex(content);
    input
}

fn cases() -> Vec<Case> {
    let content = overview("My vault");
    let blob = PLACE.seal(&content, 512);
    let input = |blob: &[u8]| PLACE.input(blob);
    let last = blob.len() - 1;
    let padded = |length: usize, data: &[u8], class: usize| {
        let mut padded = u32::try_from(length).expect("short").to_be_bytes().to_vec();
        padded.extend_from_slice(data);
        padded.resize(class, 0);
        padded
    };
    let mut end_set = padded(content.len(), &content, 512);
    end_set[511] = 1;
    let after = [content.as_slice(), &[1]].concat();
    let other_salt =
        PLACE.sealed(1, |key, label, place| raw_seal(key, label, place, &[8; 32], &content, 512));
    let mut spliced = blob.clone();
    spliced[66..].copy_from_slice(&other_salt[66..]);
    let under_two = {
        let theirs = Offer { key: 8, ..PLACE }.seal(&content, 512);
        let mut blob = blob.clone();
        blob[34..66].copy_from_slice(&theirs[34..66]);
        blob
    };
    // The most data that class 512 holds: 508 bytes and their length.
    let full = key_overview(508 - key_overview(0).len());
    assert_eq!(full.len(), 508);
    vec![
        good("full class", "508 bytes in class 512", input(&PLACE.seal(&full, 512))),
        hostile("full class in the next", "full class", "padded to 2048", input(&PLACE.seal(&full, 2048))),
        good(
            "one byte more than a class",
            "509 bytes in class 2048",
            input(&PLACE.seal(&key_overview(509 - key_overview(0).len()), 2048)),
        ),
        good("overview 512", "a profile's overview", input(&blob)),
        good(
            "overview 2048",
            "an exchange key's overview with a long note",
            input(&PLACE.seal(&key_overview(600), 2048)),
        ),
        good("secret 1024", "an exchange key's secret", SECRET.input(&SECRET.seal(&secret(20), 1024))),
        good("secret 4096", "the middle class", SECRET.input(&SECRET.seal(&secret(1000), 4096))),
        good("secret 16384", "the longest secret", SECRET.input(&SECRET.seal(&secret(5000), 16384))),
        good(
            "practice",
            "the other environment",
            Offer { environment: 2, ..PLACE }.input(&Offer { environment: 2, ..PLACE }.seal(&content, 512)),
        ),
        good("salt of an overview", "computed as recommended", sealed_from(&PLACE, &content)),
        good("salt of a secret", "computed as recommended", sealed_from(&SECRET, &secret(20))),
        hostile("key", "overview 512", "another key", Offer { key: 8, ..PLACE }.input(&blob)),
        hostile("vault", "overview 512", "another vault", Offer { vault: 0x12, ..PLACE }.input(&blob)),
        hostile("epoch", "overview 512", "another epoch", Offer { epoch: 2, ..PLACE }.input(&blob)),
        hostile("record", "overview 512", "another record", Offer { record: 0x43, ..PLACE }.input(&blob)),
        hostile(
            "version before",
            "overview 512",
            "an earlier version",
            Offer { version: 2, ..PLACE }.input(&blob),
        ),
        hostile(
            "version after",
            "overview 512",
            "a later version",
            Offer { version: 4, ..PLACE }.input(&blob),
        ),
        hostile(
            "environment",
            "overview 512",
            "the other environment",
            Offer { environment: 2, ..PLACE }.input(&blob),
        ),
        hostile(
            "environment 3",
            "overview 512",
            "an environment that is none",
            Offer { environment: 3, ..PLACE }.input(&blob),
        ),
        hostile(
            "purpose",
            "overview 512",
            "sealed for a secret's label",
            input(&SECRET.sealed(1, |k, l, p| raw_seal(k, l, p, &SALT, &content, 512))),
        ),
        hostile(
            "part",
            "overview 512",
            "sealed with part 2 under the overview's label",
            input(&PLACE.sealed(2, |k, l, p| raw_seal(k, l, p, &SALT, &content, 512))),
        ),
        hostile(
            "secret as overview",
            "secret 1024",
            "offered as the overview",
            PLACE.input(&SECRET.seal(&secret(20), 1024)),
        ),
        hostile(
            "overview as secret",
            "overview 2048",
            "offered as the secret",
            SECRET.input(&PLACE.seal(&key_overview(600), 2048)),
        ),
        hostile("format", "overview 512", "format 2", input(&changed(&blob, 0, 3))),
        hostile("suite", "overview 512", "suite 2", input(&changed(&blob, 1, 3))),
        hostile("salt", "overview 512", "a flipped bit in the salt", input(&changed(&blob, 2, 1))),
        hostile(
            "commitment",
            "overview 512",
            "a flipped bit in the commitment alone",
            input(&changed(&blob, 34, 1)),
        ),
        hostile(
            "commitment's last bit",
            "overview 512",
            "a flipped bit in the commitment alone",
            input(&changed(&blob, 65, 1)),
        ),
        hostile(
            "ciphertext",
            "overview 512",
            "a flipped bit in the ciphertext",
            input(&changed(&blob, 66, 1)),
        ),
        hostile(
            "padding",
            "overview 512",
            "a flipped bit in the ciphertext of the padding",
            input(&changed(&blob, last - 16, 1)),
        ),
        hostile("tag", "overview 512", "a flipped bit in the tag", input(&changed(&blob, last, 1))),
        hostile(
            "commitment of another key",
            "overview 512",
            "the commitment that a second key has for this salt",
            input(&under_two),
        ),
        hostile(
            "spliced",
            "overview 512",
            "salt and commitment of one blob, ciphertext of another",
            input(&spliced),
        ),
        hostile("cut", "overview 512", "the last byte left out", input(&blob[..last])),
        hostile("longer", "overview 512", "one zero byte more", input(&[blob.as_slice(), &[0]].concat())),
        hostile("header only", "overview 512", "nothing after the commitment", input(&blob[..66])),
        hostile("empty", "overview 512", "no byte", input(&[])),
        hostile("class of secrets", "overview 512", "padded to 1024", input(&PLACE.seal(&content, 1024))),
        hostile("class not smallest", "overview 512", "padded to 2048", input(&PLACE.seal(&content, 2048))),
        hostile("no class", "overview 512", "padded to 511", input(&PLACE.seal(&content, 511))),
        hostile(
            "byte after the data",
            "overview 512",
            "the first byte of the padding is 1",
            input(&PLACE.seal_padded(&padded(content.len(), &after, 512))),
        ),
        hostile(
            "last byte",
            "overview 512",
            "the last byte of the padding is 1",
            input(&PLACE.seal_padded(&end_set)),
        ),
        hostile(
            "length past the class",
            "overview 512",
            "a length of 509 in class 512",
            input(&PLACE.seal_padded(&padded(509, &content, 512))),
        ),
        hostile(
            "length of 4 GiB",
            "overview 512",
            "the largest length",
            input(&PLACE.seal_padded(&padded(0xffff_ffff, &content, 512))),
        ),
        hostile(
            "length short",
            "overview 512",
            "a length one below",
            input(&PLACE.seal_padded(&padded(content.len() - 1, &content, 512))),
        ),
        hostile("no content", "overview 512", "sealed rightly over nothing", input(&PLACE.seal(&[], 512))),
        hostile(
            "content of a secret",
            "overview 512",
            "sealed rightly over a secret's content",
            input(&PLACE.seal(&secret(20), 512)),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(10, 37);
}
