use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{array, bytes, hex};
use super::{Case, Checked, File, good, hostile};
use crate::tests::support::signatures::{SMALL_ORDER, order_minus, plus_order};
use crate::tests::support::{
    DEVICE, TIME, VAULT, device_key, device_signature, public, sign_as_vault, unlock,
};
use crate::{HeadBody, Op, SignedHead, VaultSigner, VaultVerifier};

pub(super) const FILE: File = File { name: "head", section: "7", check, cases };

/// Reads a head and verifies both signatures, the device's under the given key.
fn check(input: &Value) -> Checked {
    let head = SignedHead::from_bytes(&bytes(&input["head"]))?;
    head.verify(&array(&input["device_key"]))?;
    let body = head.body();
    Ok(json!({
        "vault": hex(body.vault.as_bytes()), "epoch": body.epoch, "counter": body.counter,
        "prev": body.prev.map(hex), "history": hex(body.history), "root": hex(body.root), "leaves": body.leaves, "min_format": body.min_format,
        "writer": hex(body.writer.as_bytes()), "op": bytes(&input["head"])[OP],
        "time": body.time, "vault_key": hex(body.vault_key.as_bytes()), "hash": hex(body.hash()),
    }))
}

/// Where the fields of a body with a parent begin.
const FORMAT: usize = 0;
const SUITE: usize = 1;
const MIN_FORMAT: usize = 2;
const OP: usize = 4;
const NPREV: usize = 33;
const VAULT_KEY: usize = 162;
const VAULT_SIGNATURE: usize = 194;
const DEVICE_SIGNATURE: usize = 258;

fn body() -> HeadBody {
    HeadBody {
        vault: VAULT,
        epoch: 1,
        counter: 2,
        prev: Some([0x50; 32]),
        history: [0x52; 32],
        root: [0x51; 32],
        leaves: 5,
        min_format: 1,
        writer: DEVICE,
        op: Op::Write,
        time: TIME,
        vault_key: unlock(1).1.verifier(),
    }
}

fn signed(body: HeadBody, vault: &VaultSigner, device: u8) -> Vec<u8> {
    vault.sign_head(body, device_signature(&body, device)).to_bytes()
}

fn input(head: &[u8]) -> Value {
    json!({ "head": hex(head), "device_key": hex(public(&device_key(0x21))) })
}

/// Bytes of a good head replaced.
fn with(at: usize, replaced: &[u8]) -> Value {
    let mut head = signed(body(), &unlock(1).1, 0x21);
    head[at..at + replaced.len()].copy_from_slice(replaced);
    input(&head)
}

/// Flips bit 7 of a byte.
fn flipped(at: usize) -> Value {
    with(at, &[signed(body(), &unlock(1).1, 0x21)[at] ^ 1])
}

/// Returns both signatures over another message.
fn over(message: &[u8]) -> Value {
    let signature: p256::ecdsa::Signature = device_key(0x21).sign(message);
    input(&[body().to_bytes().as_slice(), &sign_as_vault(1, message), &signature.to_bytes()].concat())
}

fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |value: &[u8]| {
        let zero: &[u8] = if value[0] < 0x80 { &[] } else { &[0] };
        [&[2, u8::try_from(zero.len() + value.len()).expect("short")], zero, value].concat()
    };
    let inner = [integer(&signature[..32]), integer(&signature[32..])].concat();
    [&[0x30, u8::try_from(inner.len()).expect("short")], inner.as_slice()].concat()
}

fn cases() -> Vec<Case> {
    let head = signed(body(), &unlock(1).1, 0x21);
    let genesis = signed(HeadBody { prev: None, counter: 1, op: Op::Genesis, ..body() }, &unlock(1).1, 0x21);
    let (vault, device) = (&head[VAULT_SIGNATURE..DEVICE_SIGNATURE], &head[DEVICE_SIGNATURE..]);
    let s: [u8; 32] = device[32..].try_into().expect("32 bytes");
    let vault_s: [u8; 32] = vault[32..].try_into().expect("32 bytes");
    let order = order_minus(&[0; 32]);
    let der = [&head[..DEVICE_SIGNATURE], &der(device)].concat();
    let hybrid = {
        let mut key = public(&device_key(0x21));
        key[0] = 6 | (key[64] & 1);
        json!({ "head": hex(&head), "device_key": hex(key) })
    };
    let off_curve = {
        let mut key = public(&device_key(0x21));
        key[64] ^= 1;
        json!({ "head": hex(&head), "device_key": hex(key) })
    };
    let mut all = vec![
        good("write", "a head with a parent", input(&head)),
        good("genesis", "a head without a parent", input(&genesis)),
        good(
            "join",
            "by another device",
            json!({
                "head": hex(signed(HeadBody { op: Op::Join, ..body() }, &unlock(1).1, 0x22)),
                "device_key": hex(public(&device_key(0x22))),
            }),
        ),
        good(
            "devices",
            "operation 8",
            input(&signed(HeadBody { op: Op::Devices, ..body() }, &unlock(1).1, 0x21)),
        ),
        good("other s", "the device's signature with n - s", with(DEVICE_SIGNATURE + 32, &order_minus(&s))),
        good(
            "largest numbers",
            "counter, leaves, time and epoch; a state refuses it, a head alone does not",
            input(&signed(
                HeadBody { counter: u64::MAX, leaves: u64::MAX, time: u64::MAX, epoch: u32::MAX, ..body() },
                &unlock(1).1,
                0x21,
            )),
        ),
        hostile(
            "other device",
            "write",
            "verified under another device's key",
            json!({
                "head": hex(&head), "device_key": hex(public(&device_key(0x22))),
            }),
        ),
        hostile(
            "other root",
            "write",
            "signed by another vault key than the one it names",
            input(&signed(body(), &unlock(2).1, 0x21)),
        ),
        hostile(
            "signatures swapped",
            "write",
            "the device's before the vault's",
            input(&[&head[..VAULT_SIGNATURE], device, vault].concat()),
        ),
        hostile(
            "vault's signature twice",
            "write",
            "in the device's place too",
            with(DEVICE_SIGNATURE, vault),
        ),
        hostile("hash alone", "write", "signatures over h without the label", over(&body().hash())),
        hostile("body alone", "write", "signatures over the body", over(&body().to_bytes())),
        hostile(
            "other label",
            "write",
            "signatures over another label",
            over(&[b"crystallum/1/heae".as_slice(), &body().hash()].concat()),
        ),
        hostile("DER", "write", "the device's signature in DER", input(&der)),
        hostile(
            "DER, cut",
            "write",
            "the device's signature in DER, cut to 64 bytes",
            input(&der[..DEVICE_SIGNATURE + 64]),
        ),
        hostile("r of 0", "write", "out of range", with(DEVICE_SIGNATURE, &[0; 32])),
        hostile("s of 0", "write", "out of range", with(DEVICE_SIGNATURE + 32, &[0; 32])),
        hostile("r of n", "write", "out of range", with(DEVICE_SIGNATURE, &order)),
        hostile("s of n", "write", "out of range", with(DEVICE_SIGNATURE + 32, &order)),
        hostile("zero device signature", "write", "64 zero bytes", with(DEVICE_SIGNATURE, &[0; 64])),
        hostile("zero vault signature", "write", "64 zero bytes", with(VAULT_SIGNATURE, &[0; 64])),
        hostile(
            "vault's s above the order",
            "write",
            "s plus the order of the group",
            with(VAULT_SIGNATURE + 32, &plus_order(&vault_s)),
        ),
        hostile("device key off the curve", "write", "a flipped bit in y", off_curve),
        hostile("hybrid device key", "write", "first byte 6 or 7", hybrid),
        hostile("format 0", "write", "another format", with(FORMAT, &[0])),
        hostile("format 2", "write", "another format", with(FORMAT, &[2])),
        hostile("suite 2", "write", "another suite", with(SUITE, &[2])),
        hostile("min format 2", "write", "it needs a later version", with(MIN_FORMAT, &[0, 2])),
        hostile("min format 65535", "write", "it needs a much later version", with(MIN_FORMAT, &[0xff; 2])),
        hostile("suite 0", "write", "no suite", with(SUITE, &[0])),
        hostile("two parents", "write", "nprev is 2", with(NPREV, &[2])),
        hostile("no parent", "write", "nprev is 0 and the parent still there", with(NPREV, &[0])),
        hostile("op 0", "write", "no operation", with(OP, &[0])),
        hostile("op 4", "write", "an operation that is refused for good", with(OP, &[4])),
        hostile("op 7", "write", "a rekey, which has three signatures", with(OP, &[7])),
        hostile("op 9", "write", "an unknown operation", with(OP, &[9])),
        hostile("op 3", "write", "a join, as signed for a write", with(OP, &[3])),
        hostile("cut", "write", "the last byte left out", input(&head[..head.len() - 1])),
        hostile(
            "no device signature",
            "write",
            "the last 64 bytes left out",
            input(&head[..DEVICE_SIGNATURE]),
        ),
        hostile("longer", "write", "one zero byte more", input(&[head.as_slice(), &[0]].concat())),
        hostile("empty", "write", "no byte", input(&[])),
        hostile("vault", "write", "a flipped bit", flipped(5)),
        hostile("epoch", "write", "a flipped bit", flipped(24)),
        hostile("counter", "write", "a flipped bit", flipped(32)),
        hostile("prev", "write", "a flipped bit", flipped(34)),
        hostile("history", "write", "a flipped bit", flipped(66)),
        hostile("root", "write", "a flipped bit", flipped(98)),
        hostile("leaves", "write", "a flipped bit", flipped(137)),
        hostile("min format", "write", "a flipped bit", flipped(3)),
        hostile("writer", "write", "a flipped bit", flipped(138)),
        hostile("time", "write", "a flipped bit", flipped(161)),
        hostile("vault key", "write", "a flipped bit", flipped(VAULT_KEY)),
        hostile("vault signature", "write", "a flipped bit", flipped(VAULT_SIGNATURE)),
        hostile("device signature", "write", "a flipped bit", flipped(DEVICE_SIGNATURE)),
    ];
    let names = ["small order 1", "small order 2", "small order 3", "small order 4"];
    // Points of order 1, 2, 4 and 8 as key and as R, with s = 0: a lax verifier takes some of them
    // for every message.
    for (name, point) in
        names.into_iter().zip([SMALL_ORDER[0], SMALL_ORDER[1], SMALL_ORDER[3], SMALL_ORDER[4]])
    {
        let point = data_encoding::HEXLOWER.decode(point.as_bytes()).expect("hex");
        let mut bytes = body().to_bytes();
        bytes[VAULT_KEY..VAULT_SIGNATURE].copy_from_slice(&point);
        let forged =
            SignedHead::from_bytes(&[bytes.as_slice(), &point, &[0; 96]].concat()).expect("well formed");
        let signature = device_signature(forged.body(), 0x21);
        let forged = [bytes.as_slice(), &point, &[0; 32], &signature].concat();
        all.push(hostile(name, "write", "vault key and R of small order, s = 0", input(&forged)));
    }
    all.extend(lax_signatures());
    all.extend(signed_bodies());
    all
}

/// Bodies that no version may have written, with signatures that verify.
fn signed_bodies() -> Vec<Case> {
    let signed = |body: &[u8]| {
        let hash = Sha256::new().chain_update([2]).chain_update(body).finalize();
        let message = [b"crystallum/1/head".as_slice(), &hash].concat();
        let signature: p256::ecdsa::Signature = device_key(0x21).sign(&message);
        input(&[body, &sign_as_vault(1, &message), &signature.to_bytes()].concat())
    };
    let good = body().to_bytes();
    let with = |name, comment, at: usize, value: u8| {
        let mut body = good.clone();
        body[at] = value;
        hostile(name, "write", comment, signed(&body))
    };
    let two_parents = {
        let mut body = good.clone();
        body[NPREV] = 2;
        body.splice(NPREV + 1..NPREV + 1, [0x4f; 32]);
        body
    };
    assert_eq!(signed(&good), input(&self::signed(body(), &unlock(1).1, 0x21)));
    vec![
        with("format 0, signed", "no format", FORMAT, 0),
        with("format 2, signed", "a later format", FORMAT, 2),
        with("suite 0, signed", "no suite", SUITE, 0),
        with("suite 2, signed", "another suite", SUITE, 2),
        with("min format 2, signed", "it needs a later version", MIN_FORMAT + 1, 2),
        with("min format 256, signed", "it needs a later version", MIN_FORMAT, 1),
        with("op 0, signed", "no operation", OP, 0),
        with("op 4, signed", "an operation that is refused for good", OP, 4),
        with("op 255, signed", "an unknown operation", OP, 255),
        with("nprev 2, signed", "one parent is there", NPREV, 2),
        with("nprev 0, signed", "a parent is there", NPREV, 0),
        hostile("two parents, signed", "write", "nprev is 2, and both are there", signed(&two_parents)),
        hostile(
            "longer body, signed",
            "write",
            "a zero byte more before the signatures",
            signed(&[good.as_slice(), &[0]].concat()),
        ),
        hostile(
            "shorter body, signed",
            "write",
            "the last byte left out before the signatures",
            signed(&good[..good.len() - 1]),
        ),
    ]
}

/// Signatures that verify wherever points of small order are not refused.
fn lax_signatures() -> Vec<Case> {
    let array = |text: &str| -> [u8; 32] {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex");
        bytes.try_into().expect("32 bytes")
    };
    let neutral = array(SMALL_ORDER[0]);
    // `R` is neutral, and `s` is SHA-512(R, A, message) times the vault's scalar.
    let r_alone = {
        let s = array("a0e1270c2aa497bd705d9f5b67143b1538ad7f0fd8776046334a08b7de0bf603");
        SignedHead::new(
            body(),
            [neutral, s].concat().try_into().expect("64 bytes"),
            device_signature(&body(), 0x21),
        )
    };
    // The vault key is neutral, `s` is any number and `R` is the base point times `s`.
    let a_alone = {
        let r = array("7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572");
        let s = array("d20a1feb8ca954ab000000000000000000000000000000000000000000000000");
        let body = HeadBody { vault_key: VaultVerifier::from_bytes(neutral), ..body() };
        SignedHead::new(body, [r, s].concat().try_into().expect("64 bytes"), device_signature(&body, 0x21))
    };
    for head in [&r_alone, &a_alone] {
        let signature: [u8; 64] =
            head.to_bytes()[VAULT_SIGNATURE..DEVICE_SIGNATURE].try_into().expect("64 bytes");
        let key = ed25519_dalek::VerifyingKey::from_bytes(head.body().vault_key.as_bytes()).expect("a point");
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        let lax = ed25519_dalek::Verifier::verify(&key, &head.body().message(), &signature);
        assert!(lax.is_ok(), "a lax verifier takes it");
    }
    let not_canonical = array(SMALL_ORDER[10]);
    let not_canonical = {
        let body = HeadBody { vault_key: VaultVerifier::from_bytes(not_canonical), ..body() };
        let signature = [not_canonical, [0; 32]].concat().try_into().expect("64 bytes");
        SignedHead::new(body, signature, device_signature(&body, 0x21))
    };
    let from = |name, comment, head: SignedHead| hostile(name, "write", comment, input(&head.to_bytes()));
    vec![
        from("R of small order", "R alone is, and the equation holds", r_alone),
        from("vault key of small order", "the key alone is, and the equation holds", a_alone),
        from("vault key not canonical", "y is p + 1, with the neutral point as R", not_canonical),
    ]
}

#[test]
fn recorded() {
    FILE.run(6, 69);
}
