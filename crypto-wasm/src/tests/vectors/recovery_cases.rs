use crystallum_format::encoding::Encoder;
use serde_json::{Value, json};

use super::json::hex;
use super::recovery::code;
use super::{Case, good, hostile};
use crate::key::Key;
use crate::tests::support::{VAULT, raw_seal};
use crate::{Purpose, SheetFloor, SignIn, base32, sheet_text};

const CODE: [u8; 16] =
    [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10];

pub(super) fn cases() -> Vec<Case> {
    let mut all = vec![
        good("code", "what follows from a code", json!({ "recovery": "code", "code": hex(CODE) })),
        good("code of zeros", "16 zero bytes", json!({ "recovery": "code", "code": hex([0; 16]) })),
        good("code of ones", "128 set bits", json!({ "recovery": "code", "code": hex([0xff; 16]) })),
    ];
    all.extend(texts());
    all.extend(wraps());
    all.extend(signatures());
    all.extend(sheets());
    all
}

fn texts() -> Vec<Case> {
    let text = code(&CODE).text().to_string();
    let said = |text: &str| json!({ "recovery": "text", "text": text });
    let groups = |between: &str| code(&CODE).groups().each_ref().map(|group| group.as_str()).join(between);
    let letters: Vec<char> = text.chars().collect();
    let with = |at: usize, character: char| {
        let mut letters = letters.clone();
        letters[at] = character;
        said(&String::from_iter(letters))
    };
    let at_one = letters.iter().rposition(|letter| *letter == '1').expect("a one");
    let next = |at: usize| {
        let value = base32::value(letters[at]).expect("of the alphabet");
        with(at, base32::character(value ^ 1))
    };
    let mut swapped = letters.clone();
    swapped.swap(10, 11);
    assert_ne!(swapped, letters);
    // The same code under another header, with a matching check.
    let other = |header: &[u8; 2]| {
        let check = crate::blob_hash(&[b"crystallum/1/recovery/check".as_slice(), header, &CODE].concat());
        let check: String = base32::encode(&check[..3]).chars().take(4).collect();
        let header = String::from_utf8_lossy(header).into_owned();
        said(&[header.as_str(), &base32::encode(&CODE), &check].concat())
    };
    assert_eq!(other(b"R1"), said(&text));
    vec![
        good("text", "32 characters", said(&text)),
        good("text in groups", "with hyphens", said(&groups("-"))),
        good("text in lower case", "with spaces", said(&groups(" ").to_lowercase())),
        good("text with letters for digits", "O for 0, I and L for 1", said(&confused(&text))),
        good("text with separators anywhere", "around and twice", said(&format!(" -{}- ", groups(" -- ")))),
        good("text of zeros", "16 zero bytes", said(&code(&[0; 16]).text())),
        hostile("no text", "text", "no character", said("")),
        hostile(
            "text of 31 characters",
            "text",
            "the last left out",
            said(&letters[..31].iter().collect::<String>()),
        ),
        hostile("text of 33 characters", "text", "one more", said(&format!("{text}0"))),
        hostile("letter U", "text", "a letter that is none", with(9, 'U')),
        hostile("underscores", "text in groups", "another separator", said(&groups("_"))),
        hostile("full-width digit", "text", "not of ASCII", with(9, '１')),
        hostile("long s", "text", "U+017F, whose capital is S", with(9, '\u{17f}')),
        hostile(
            "dotless i",
            "text with letters for digits",
            "U+0131, whose capital is I",
            with(at_one, '\u{131}'),
        ),
        hostile("tabs", "text in groups", "another separator", said(&groups("\t"))),
        hostile("line ends", "text in groups", "another separator", said(&groups("\n"))),
        hostile("no-break space", "text in groups", "another space", said(&groups("\u{a0}"))),
        hostile("account key", "text", "a right text of kind A", other(b"A1")),
        hostile("another kind", "text", "a right text of kind B", other(b"B1")),
        hostile("another version", "text", "a right text of version 2", other(b"R2")),
        hostile("kind alone", "text", "B for R, with the check of R", with(0, 'B')),
        hostile("version alone", "text", "2 for 1, with the check of 1", with(1, '2')),
        hostile("account key mistyped", "text", "A for R alone", with(0, 'A')),
        hostile("first character", "text", "one bit of the code", next(2)),
        hostile("middle character", "text", "one bit of the code", next(15)),
        hostile("bit after the code", "text", "the last bit of the 26 characters", next(27)),
        hostile("check", "text", "one bit of the check", next(31)),
        hostile("check's first character", "text", "one bit of the check", next(28)),
        hostile("neighbours swapped", "text", "two characters", said(&String::from_iter(swapped))),
    ]
}

fn confused(text: &str) -> String {
    let mut ones = 0;
    let replaced = text.chars().map(|character| match character {
        '0' => 'o',
        '1' => {
            ones += 1;
            if ones % 2 == 0 { 'L' } else { 'i' }
        }
        other => other,
    });
    replaced.collect()
}

#[derive(Clone, Copy)]
struct Offer {
    code: [u8; 16],
    scope: u8,
    vault: u8,
    epoch: u32,
    slot: u8,
}

const ROOT: Offer = Offer { code: CODE, scope: 1, vault: 0x11, epoch: 1, slot: 0x33 };
const COLD: Offer = Offer { scope: 2, slot: 0x34, ..ROOT };

impl Offer {
    fn input(&self, wrap: &[u8]) -> Value {
        json!({
            "recovery": "wrap", "code": hex(self.code), "scope": self.scope, "vault": hex([self.vault; 16]),
            "epoch": self.epoch, "slot": hex([self.slot; 16]), "wrap": hex(wrap),
        })
    }

    fn blob(&self, kind: u8, root: &[u8], class: usize) -> Vec<u8> {
        let (prk, _) = hkdf::Hkdf::<sha2::Sha256>::extract(Some(b"crystallum/1/recovery"), &self.code);
        let info = Encoder::new("crystallum/1/derive/keyslot.recovery").field(1, &[self.scope]).finish();
        let kek = Key::from_slice(&prk).expect("32 bytes").expand::<32>(&info);
        let kek = Key::from_slice(kek.as_slice()).expect("32 bytes");
        let (vault, slot) = ([self.vault; 16], [self.slot; 16]);
        let place: [(u8, &[u8]); 5] =
            [(2, &vault), (3, &self.epoch.to_be_bytes()), (4, &slot), (5, &[kind]), (6, &[self.scope])];
        raw_seal(&kek, "crystallum/1/seal/keyslot", &place, &[9; 32], root, class)
    }

    fn wrap(&self, root: u8) -> Vec<u8> {
        wrap("recovery", &code(&self.code).verifier(), &self.blob(3, &[root; 32], 64))
    }
}

fn wrap(kind: &str, verifier: &[u8], blob: &[u8]) -> Vec<u8> {
    Encoder::new(&format!("crystallum/1/keyslot/{kind}")).field(1, verifier).field(2, blob).finish().to_vec()
}

fn wraps() -> Vec<Case> {
    let (root, cold) = (ROOT.wrap(1), COLD.wrap(2));
    let (verifier, blob) = (code(&CODE).verifier(), ROOT.blob(3, &[1; 32], 64));
    let other = code(&[7; 16]).verifier();
    let with = |name, comment, wrap: &[u8]| hostile(name, "wrap", comment, ROOT.input(wrap));
    let changed = |at: usize| {
        let mut wrap = root.clone();
        wrap[at] ^= 1;
        wrap
    };
    let third =
        Encoder::new("crystallum/1/keyslot/recovery").field(1, &verifier).field(2, &blob).field(3, &[]);
    vec![
        good("wrap", "the root slot of a code", ROOT.input(&root)),
        good("cold wrap", "the cold slot of the same code", COLD.input(&cold)),
        hostile("other code", "wrap", "another code", Offer { code: [7; 16], ..ROOT }.input(&root)),
        hostile("other vault", "wrap", "another vault", Offer { vault: 0x12, ..ROOT }.input(&root)),
        hostile("other epoch", "wrap", "another epoch", Offer { epoch: 2, ..ROOT }.input(&root)),
        hostile("other slot", "wrap", "another slot", Offer { slot: 0x34, ..ROOT }.input(&root)),
        hostile("other scope", "wrap", "opened as cold", Offer { scope: 2, ..ROOT }.input(&root)),
        hostile("scope 3", "wrap", "an unknown scope", Offer { scope: 3, ..ROOT }.input(&root)),
        hostile("cold as root", "cold wrap", "offered in the root's place", ROOT.input(&cold)),
        with(
            "sealed for a passkey",
            "slot kind 1 in the place",
            &wrap("recovery", &verifier, &ROOT.blob(1, &[1; 32], 64)),
        ),
        with(
            "sealed for kind 2",
            "slot kind 2 in the place",
            &wrap("recovery", &verifier, &ROOT.blob(2, &[1; 32], 64)),
        ),
        with("verifier replaced", "the verifier of another code", &wrap("recovery", &other, &blob)),
        hostile(
            "verifier replaced and used",
            "wrap",
            "the verifier of the code that it is offered to",
            Offer { code: [7; 16], ..ROOT }.input(&wrap("recovery", &other, &blob)),
        ),
        with("labelled passkey", "the label of a passkey's wrap", &wrap("passkey", &verifier, &blob)),
        with("verifier of 31 bytes", "a byte less", &wrap("recovery", &verifier[..31], &blob)),
        with(
            "verifier of 33 bytes",
            "a byte more",
            &wrap("recovery", &[verifier.as_slice(), &[0]].concat(), &blob),
        ),
        with(
            "root of 31 bytes",
            "31 bytes are wrapped",
            &wrap("recovery", &verifier, &ROOT.blob(3, &[1; 31], 64)),
        ),
        with("other class", "padded to 128", &wrap("recovery", &verifier, &ROOT.blob(3, &[1; 32], 128))),
        with("no blob", "an empty blob", &wrap("recovery", &verifier, &[])),
        with("third field", "an empty field 3", &third.finish()),
        with("cut", "the last byte left out", &root[..root.len() - 1]),
        with("longer", "one zero byte more", &[root.as_slice(), &[0]].concat()),
        with("salt", "a flipped bit in the salt", &changed(root.len() - 144)),
        with("commitment", "a flipped bit in the commitment", &changed(root.len() - 112)),
        with("ciphertext", "a flipped bit in the ciphertext", &changed(root.len() - 80)),
        with("tag", "a flipped bit in the tag", &changed(root.len() - 1)),
    ]
}

const HOST: &str = "vault.example";

/// Returns what a signature covers, as the input of a vector.
fn signed(host: &str, server_nonce: &[u8], client_nonce: u8, device: u8, purpose: u8) -> Value {
    json!({
        "recovery": "sign", "code": hex(CODE), "host": host, "server_nonce": hex(server_nonce),
        "client_nonce": hex([client_nonce; 32]), "device_key_hash": hex([device; 32]), "purpose": purpose,
    })
}

fn signatures() -> Vec<Case> {
    let sign = |host: &str, nonce: &[u8], purpose: u8| signed(host, nonce, 8, 9, purpose);
    let signature = code(&CODE)
        .sign_in(&SignIn {
            host: HOST,
            server_nonce: &[7; 32],
            client_nonce: [8; 32],
            device_key_hash: [9; 32],
            purpose: Purpose::SignIn,
        })
        .expect("within limits");
    let verify = |verifier: [u8; 32], signature: &[u8; 64], mut named: Value| {
        named["recovery"] = json!("verify");
        named["verifier"] = hex(verifier);
        named["signature"] = hex(signature);
        if let Some(fields) = named.as_object_mut() {
            fields.remove("code");
        }
        named
    };
    let mine = code(&CODE).verifier();
    let replayed =
        |name, comment, named: Value| hostile(name, "verify", comment, verify(mine, &signature, named));
    let mut flipped = signature;
    flipped[40] ^= 1;
    // The same signature with the order of the group added to `s`.
    let mut malleated = signature;
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10_u16,
    ];
    let mut carry = 0;
    for (byte, add) in malleated[32..].iter_mut().zip(order) {
        let [high, low] = (u16::from(*byte) + add + carry).to_be_bytes();
        (*byte, carry) = (low, u16::from(high));
    }
    vec![
        good("sign", "signing in", sign(HOST, &[7; 32], 1)),
        good("sign, to change the methods", "purpose 2", sign(HOST, &[7; 32], 2)),
        good("sign, to delete the vault", "purpose 3", sign(HOST, &[7; 32], 3)),
        good("sign, shortest", "a host of 1 byte, a nonce of 16", sign("a", &[7; 16], 1)),
        good("sign, longest", "a host of 253 bytes, a nonce of 64", sign(&"a".repeat(253), &[7; 64], 1)),
        hostile("purpose 0", "sign", "no purpose", sign(HOST, &[7; 32], 0)),
        hostile("purpose 4", "sign", "an unknown purpose", sign(HOST, &[7; 32], 4)),
        hostile("no host", "sign", "an empty host", sign("", &[7; 32], 1)),
        hostile("host of 254 bytes", "sign, longest", "a byte more", sign(&"a".repeat(254), &[7; 64], 1)),
        hostile("no server nonce", "sign", "an empty nonce", sign(HOST, &[], 1)),
        hostile("server nonce of 15 bytes", "sign, shortest", "a byte less", sign("a", &[7; 15], 1)),
        hostile(
            "server nonce of 65 bytes",
            "sign, longest",
            "a byte more",
            sign(&"a".repeat(253), &[7; 65], 1),
        ),
        good("verify", "what was signed", verify(mine, &signature, sign(HOST, &[7; 32], 1))),
        replayed("other host", "the signature to another host", sign("vault.example.org", &[7; 32], 1)),
        replayed("host in capitals", "the same host in other letters", sign("Vault.example", &[7; 32], 1)),
        replayed("other server nonce", "the signature again", sign(HOST, &[6; 32], 1)),
        replayed("border moved", "the host's last letter in the nonce", {
            let nonce = [b"e".as_slice(), &[7; 32]].concat();
            sign("vault.exampl", &nonce, 1)
        }),
        replayed("other client nonce", "another nonce of the client", signed(HOST, &[7; 32], 7, 9, 1)),
        replayed("other device", "the key of another device", signed(HOST, &[7; 32], 8, 8, 1)),
        replayed("to change the methods", "another purpose", sign(HOST, &[7; 32], 2)),
        replayed("to delete the vault", "another purpose", sign(HOST, &[7; 32], 3)),
        hostile(
            "other verifier",
            "verify",
            "another code's",
            verify(code(&[7; 16]).verifier(), &signature, sign(HOST, &[7; 32], 1)),
        ),
        hostile("flipped signature", "verify", "a bit of s", verify(mine, &flipped, sign(HOST, &[7; 32], 1))),
        hostile(
            "signature with a large s",
            "verify",
            "s plus the group's order",
            verify(mine, &malleated, sign(HOST, &[7; 32], 1)),
        ),
        hostile("verifier of small order", "verify", "the neutral point", {
            let mut neutral = [0; 32];
            neutral[0] = 1;
            let mut signature = [0; 64];
            signature[0] = 1;
            verify(neutral, &signature, sign(HOST, &[7; 32], 1))
        }),
    ]
}

/// Spells bytes with `O` for the first 0.
fn spelt_with_o(bytes: &[u8]) -> String {
    let text = base32::encode(bytes);
    assert!(text.contains('0'), "it has a zero");
    text.replacen('0', "O", 1)
}

fn sheets() -> Vec<Case> {
    let floor = SheetFloor { vault: VAULT, counter: 42, head: [0xa7; 32] };
    let sheet = |counter| sheet_text(&code(&CODE), &SheetFloor { counter, ..floor }).to_string();
    let said = |text: &str| json!({ "recovery": "sheet", "text": text });
    let text = sheet(42);
    let parts: Vec<&str> = text.split(':').collect();
    let with = |name, comment, at: usize, part: &str| {
        let mut parts = parts.clone();
        parts[at] = part;
        hostile(name, "sheet", comment, said(&parts.join(":")))
    };
    let groups = code(&CODE).groups().each_ref().map(|group| group.as_str()).join("-");
    vec![
        good("sheet", "code and floor", said(&text)),
        good("sheet, first counter", "counter 1", said(&sheet(1))),
        good("sheet, last counter", "the largest number", said(&sheet(u64::MAX))),
        hostile("sheet's code alone", "sheet", "no floor", said(parts[2])),
        with("sheet in lower case", "the prefix", 0, "crystallum"),
        with("sheet of another version", "2", 1, "2"),
        with("sheet with a code in groups", "hyphens in the code", 2, &groups),
        with("sheet with a code in lower case", "the code", 2, &parts[2].to_lowercase()),
        with("sheet with an account key", "A for R", 2, &parts[2].replacen('R', "A", 1)),
        with(
            "sheet with a mistyped code",
            "the check does not fit",
            2,
            &[parts[2].split_at(31).0, if parts[2].ends_with('0') { "1" } else { "0" }].concat(),
        ),
        with("sheet with O for 0 in the code", "a letter for a digit", 2, &parts[2].replacen('0', "O", 1)),
        with("sheet with O for 0 in the vault", "a letter for a digit", 3, &spelt_with_o(&[0; 16])),
        with("sheet with O for 0 in the head", "a letter for a digit", 5, &spelt_with_o(&[0; 32])),
        with("sheet with digits of another script", "an Arabic-Indic 4", 4, "\u{664}2"),
        with("sheet with vault in lower case", "the vault", 3, &base32::encode(&[0xff; 16]).to_lowercase()),
        with(
            "sheet with a bit after the vault",
            "the last bit is set",
            3,
            &[base32::encode(VAULT.as_bytes()).split_at(25).0, "1"].concat(),
        ),
        with("sheet with a short vault", "a character less", 3, parts[3].split_at(25).0),
        with(
            "sheet with a short vault of zeros",
            "a character less",
            3,
            base32::encode(&[0; 16]).split_at(25).0,
        ),
        with("sheet with a long vault", "a character more", 3, &[parts[3], "0"].concat()),
        with(
            "sheet with a short head of zeros",
            "a character less",
            5,
            base32::encode(&[0; 32]).split_at(51).0,
        ),
        with("sheet with a long head", "a character more", 5, &[parts[5], "0"].concat()),
        with("sheet at counter 0", "no head has it", 4, "0"),
        with("sheet with a zero before", "042", 4, "042"),
        with("sheet with a sign", "+42", 4, "+42"),
        with("sheet without a counter", "no digit", 4, ""),
        with("sheet with a large counter", "2^64", 4, "18446744073709551616"),
        with("sheet with a short head", "a character less", 5, parts[5].split_at(51).0),
        with(
            "sheet with a bit after the head",
            "the last bit is set",
            5,
            &[parts[5].split_at(51).0, "1"].concat(),
        ),
        hostile("sheet with more", "sheet", "a colon at the end", said(&format!("{text}:"))),
        hostile("sheet with a space", "sheet", "a space before", said(&format!(" {text}"))),
        hostile("sheet without a head", "sheet", "five parts", said(&parts[..5].join(":"))),
    ]
}
