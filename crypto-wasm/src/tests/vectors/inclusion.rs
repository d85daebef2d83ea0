//! Proofs that a head is part of the history of a later one.

use crystallum_format::history::inclusion::is_included;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{array, hex, list, number};
use super::{Case, Checked, File, Refusal, good, hostile};

pub(super) const FILE: File = File { name: "inclusion", section: "10", check, cases };

/// Verifies that a head is one of the first `count`.
fn check(input: &Value) -> Checked {
    let proof: Vec<[u8; 32]> = list(&input["proof"]).iter().map(array).collect();
    let (head, root) = (array(&input["head"]), array(&input["root"]));
    let (counter, count) = (number(&input["counter"]), number(&input["count"]));
    if is_included(counter, &head, count, &root, &proof) { Ok(json!({})) } else { Err(Refusal(None)) }
}

fn head(number: u64) -> [u8; 32] {
    Sha256::digest(number.to_be_bytes()).into()
}

/// The leaves of the log over the first `count` of the sample's heads.
fn log(count: u64) -> Vec<[u8; 32]> {
    (1..=count)
        .map(|number| Sha256::new().chain_update([0]).chain_update(head(number)).finalize().into())
        .collect()
}

/// Splits a list before the largest power of two that is less than its length.
fn split(leaves: &[[u8; 32]]) -> (&[[u8; 32]], &[[u8; 32]]) {
    leaves.split_at(1 << (leaves.len() - 1).ilog2())
}

/// RFC 9162, section 2.1.1.
fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = split(leaves);
            Sha256::new()
                .chain_update([1])
                .chain_update(root(left))
                .chain_update(root(right))
                .finalize()
                .into()
        }
    }
}

/// RFC 9162, section 2.1.3.1, for the leaf at an index.
fn proof(at: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = split(leaves);
    let (mut path, sibling) = match at.checked_sub(left.len()) {
        None => (proof(at, left), root(right)),
        Some(at) => (proof(at, right), root(left)),
    };
    path.push(sibling);
    path
}

fn input(counter: u64, count: u64) -> Value {
    let leaves = log(count);
    let at = usize::try_from(counter - 1).expect("small");
    json!({
        "counter": counter, "head": hex(head(counter)), "count": count, "root": hex(root(&leaves)),
        "proof": proof(at, &leaves).into_iter().map(hex).collect::<Vec<_>>(),
    })
}

fn with(counter: u64, count: u64, change: impl Fn(&mut Value)) -> Value {
    let mut input = input(counter, count);
    change(&mut input);
    input
}

fn proof_of(input: &mut Value) -> &mut Vec<Value> {
    input["proof"].as_array_mut().expect("a list")
}

fn cases() -> Vec<Case> {
    let of_seven =
        |name, comment, change: fn(&mut Value)| hostile(name, "third of seven", comment, with(3, 7, change));
    vec![
        good("the only one", "an empty proof", input(1, 1)),
        good("first of two", "one hash", input(1, 2)),
        good("last of three", "the right edge is one leaf", input(3, 3)),
        good("third of seven", "three hashes", input(3, 7)),
        good("last of seven", "two subtrees of different sizes", input(7, 7)),
        good("last of eight", "a complete tree", input(8, 8)),
        good("one of a thousand", "ten hashes", input(600, 1000)),
        good("last of a thousand", "fewer hashes, at the right edge", input(1000, 1000)),
        of_seven("another head", "the hash of a head", |input| input["head"] = json!(hex(head(4)))),
        of_seven("another counter", "one higher", |input| input["counter"] = json!(4)),
        of_seven("counter 0", "no head has it", |input| input["counter"] = json!(0)),
        of_seven("beyond the end", "one above the count", |input| input["counter"] = json!(8)),
        of_seven("another count", "two more", |input| input["count"] = json!(9)),
        of_seven("no heads", "a count of 0", |input| input["count"] = json!(0)),
        of_seven("another root", "a root of no log", |input| input["root"] = json!(hex([9; 32]))),
        of_seven("no proof", "no hashes", |input| proof_of(input).clear()),
        of_seven("proof cut", "the last hash left out", |input| drop(proof_of(input).pop())),
        of_seven("proof longer", "a hash more", |input| proof_of(input).push(json!(hex([0; 32])))),
        of_seven("proof in another order", "from the root down", |input| proof_of(input).reverse()),
        hostile(
            "a node for a head",
            "first of two",
            "the tree over two heads, as the leaf of one",
            with(1, 2, |input| {
                input["count"] = json!(1);
                input["head"] = json!(hex(root(&log(2))));
                proof_of(input).clear();
            }),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(8, 12);
}
