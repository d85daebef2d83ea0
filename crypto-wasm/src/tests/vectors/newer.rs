//! Heads of later versions: what a device that knows the vault says about them.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{array, bytes, hex};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::{HeadRejected, SignedHead, VaultVerifier};

pub(super) const FILE: File = File { name: "newer", section: "7.2", check, cases };

/// Accepts a head of a later version that the known vault has signed.
fn check(input: &Value) -> Checked {
    let key = VaultVerifier::from_bytes(array(&input["vault_key"]));
    match SignedHead::parse(&bytes(&input["head"])) {
        Err(HeadRejected::Newer(newer)) if newer.is_signed_by(&key) => Ok(json!({})),
        _ => Err(Refusal(None)),
    }
}

/// The known vault's key, and the one that a rekey draws.
fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

/// Returns a body that begins with this front and goes on in a way that no version knows.
fn body(format: u8, suite: u8, min_format: u16, op: u8) -> Vec<u8> {
    let [high, low] = min_format.to_be_bytes();
    [[format, suite, high, low, op].as_slice(), b"whatever comes next"].concat()
}

fn signature(key: &SigningKey, body: &[u8]) -> [u8; 64] {
    let hash = Sha256::new().chain_update([2]).chain_update(body).finalize();
    key.sign(&[b"crystallum/1/head".as_slice(), &hash].concat()).to_bytes()
}

/// Signs as the vault and its device.
fn signed(body: &[u8]) -> Vec<u8> {
    [body, &signature(&key(7), body), &[0xdd; 64]].concat()
}

/// Signs as the new vault, its device and the old vault.
fn rekeyed(body: &[u8]) -> Vec<u8> {
    [body, &signature(&key(8), body), &[0xdd; 64], &signature(&key(7), body)].concat()
}

fn input(head: &[u8]) -> Value {
    json!({ "head": hex(head), "vault_key": hex(key(7).verifying_key().to_bytes()) })
}

fn cases() -> Vec<Case> {
    let newer = signed(&body(2, 1, 1, 2));
    let rekey = rekeyed(&body(1, 1, 1, 7));
    let with = |name, comment, head: &[u8]| hostile(name, "format 2", comment, input(head));
    let of_rekey = |name, comment, head: &[u8]| hostile(name, "rekey", comment, input(head));
    let flipped = |at: usize| {
        let mut head = newer.clone();
        head[at] ^= 1;
        head
    };
    vec![
        good("format 2", "a later format", input(&newer)),
        good("suite 2", "another suite", input(&signed(&body(1, 2, 1, 2)))),
        good("min format 2", "what readers must know goes up", input(&signed(&body(1, 1, 2, 2)))),
        good("min format 65535", "the highest", input(&signed(&body(1, 1, u16::MAX, 2)))),
        good("unknown operation of format 2", "255", input(&signed(&body(2, 1, 1, 255)))),
        good("front alone", "a body of five bytes", input(&signed(&[2, 1, 0, 1, 2]))),
        good("rekey", "three signatures, of which the last is the known vault's", input(&rekey)),
        good("rekey of format 2", "three signatures", input(&rekeyed(&body(2, 1, 1, 7)))),
        with("this version", "nothing in the front is later", &signed(&body(1, 1, 1, 2))),
        with("unknown operation of this version", "255, and nothing is later", &signed(&body(1, 1, 1, 255))),
        with("format 0", "no format", &signed(&body(0, 1, 2, 2))),
        with("suite 0", "no suite", &signed(&body(2, 0, 1, 2))),
        with("op 0", "no operation", &signed(&body(2, 1, 1, 0))),
        with("signed by another vault", "a key that the device does not know", &{
            let body = body(2, 1, 1, 2);
            [body.as_slice(), &signature(&key(8), &body), &[0xdd; 64]].concat()
        }),
        with("signatures swapped", "the device's before the vault's", &{
            let body = body(2, 1, 1, 2);
            [body.as_slice(), &[0xdd; 64], &signature(&key(7), &body)].concat()
        }),
        with(
            "three signatures",
            "the known vault's is the last, without a rekey",
            &rekeyed(&body(2, 1, 1, 2)),
        ),
        with("other body", "a flipped bit after the front", &flipped(9)),
        with("other front", "a flipped bit of min format", &flipped(3)),
        with("cut", "the last byte left out", &newer[..newer.len() - 1]),
        with("longer", "a zero byte more", &[newer.as_slice(), &[0]].concat()),
        with("front cut", "four bytes and two signatures", &signed(&[2, 1, 0, 1])),
        with("front without signatures", "five bytes", &newer[..5]),
        with("no bytes", "nothing", &[]),
        of_rekey("rekey by the new vault alone", "the new vault's signature twice", &{
            let body = body(1, 1, 1, 7);
            [body.as_slice(), &signature(&key(8), &body), &[0xdd; 64], &signature(&key(8), &body)].concat()
        }),
        of_rekey("rekey with the old vault first", "the known vault's signature in the first place", &{
            let body = body(1, 1, 1, 7);
            [body.as_slice(), &signature(&key(7), &body), &[0xdd; 64], &signature(&key(8), &body)].concat()
        }),
        of_rekey("rekey with two signatures", "the third left out", &signed(&body(1, 1, 1, 7))),
        of_rekey("rekey too short", "a body of four bytes", &rekeyed(&[1, 1, 1, 7])),
    ]
}

#[test]
fn recorded() {
    FILE.run(8, 19);
}
