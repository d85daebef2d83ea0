use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{array, hex, list, number};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::Tree;

pub(super) const FILE: File = File { name: "tree", section: "6", check, cases };

/// Returns whether these positioned leaf hashes, each position once, have this root and count.
fn check(input: &Value) -> Checked {
    let mut tree = Tree::default();
    for leaf in list(&input["leaves"]) {
        tree.insert(array(&leaf["position"]), array(&leaf["leaf"]));
    }
    if tree.root() == array::<32>(&input["root"]) && tree.leaves() == number::<u64>(&input["count"]) {
        Ok(json!({}))
    } else {
        Err(Refusal(None))
    }
}

type Leaf = ([u8; 32], [u8; 32]);

/// Returns a position given by its first and last byte.
fn leaf(first: u8, last: u8, hash: u8) -> Leaf {
    let mut position = [0; 32];
    (position[0], position[31]) = (first, last);
    (position, [hash; 32])
}

fn node(left: [u8; 32], right: [u8; 32]) -> [u8; 32] {
    Sha256::digest([[1].as_slice(), &left, &right].concat()).into()
}

fn input(leaves: &[Leaf], root: [u8; 32]) -> Value {
    let said: Vec<Value> = leaves
        .iter()
        .map(|(position, leaf)| json!({ "position": hex(position), "leaf": hex(leaf) }))
        .collect();
    json!({ "leaves": said, "root": hex(root), "count": leaves.len() })
}

fn cases() -> Vec<Case> {
    let (a, b, c) = (leaf(0x00, 0, 1), leaf(0x80, 0, 2), leaf(0xc0, 0, 3));
    let deep = leaf(0x00, 1, 4);
    let three = node(a.1, node(b.1, c.1));
    let bottom = (0..255).fold(node(a.1, deep.1), |below, _| node(below, [0; 32]));
    // 0x40 and 0x60 differ in the third bit; the right half of the tree is empty.
    let (d, e) = (leaf(0x40, 0, 5), leaf(0x60, 0, 6));
    let shifted = node(node([0; 32], node(d.1, e.1)), [0; 32]);
    let many: Vec<Leaf> = (0_u16..300)
        .map(|n| (Sha256::digest(n.to_be_bytes()).into(), Sha256::digest((n + 1000).to_be_bytes()).into()))
        .collect();
    let many_root = {
        let mut tree = Tree::default();
        many.iter().for_each(|(position, hash)| tree.insert(*position, *hash));
        tree.root()
    };
    let counted = |leaves: &[Leaf], root: [u8; 32], count: usize| {
        let mut input = input(leaves, root);
        input["count"] = json!(count);
        input
    };
    vec![
        good("empty", "the root of no leaves", input(&[], [0; 32])),
        good("one leaf", "the root is the leaf", input(&[a], a.1)),
        good("two leaves", "they part at the first bit", input(&[a, b], node(a.1, b.1))),
        good("three leaves", "two of them part at the second bit", input(&[a, b, c], three)),
        good("three leaves, other order", "the same root", input(&[c, a, b], three)),
        good("last bit", "two leaves under 256 nodes", input(&[a, deep], bottom)),
        good("third bit", "two leaves beside empty subtrees", input(&[d, e], shifted)),
        good("300 leaves", "positions and leaves are SHA-256 of u16 0.. and 1000..", input(&many, many_root)),
        hostile("empty hashed", "empty", "two empty halves under a node", input(&[], node([0; 32], [0; 32]))),
        hostile("one leaf under a node", "one leaf", "beside an empty half", input(&[a], node(a.1, [0; 32]))),
        hostile("swapped sides", "two leaves", "right before left", input(&[a, b], node(b.1, a.1))),
        hostile(
            "no prefix",
            "two leaves",
            "a node without its first byte",
            input(&[a, b], Sha256::digest([a.1, b.1].concat()).into()),
        ),
        hostile(
            "leaf's prefix",
            "two leaves",
            "a node with the prefix of leaves",
            input(&[a, b], Sha256::digest([[0].as_slice(), &a.1, &b.1].concat()).into()),
        ),
        hostile("short path", "last bit", "empty siblings left out", input(&[a, deep], node(a.1, deep.1))),
        hostile(
            "lifted subtree",
            "third bit",
            "two leaves without the nodes above",
            input(&[d, e], node(d.1, e.1)),
        ),
        hostile("leaf left out", "three leaves", "the root of two", input(&[a, b, c], node(a.1, b.1))),
        hostile(
            "least significant bit first",
            "two leaves",
            "bits of a byte counted from the other end",
            input(&[a, b], (0..7).fold(node(a.1, b.1), |below, _| node(below, [0; 32]))),
        ),
        hostile("one leaf more", "three leaves", "the count is one above", counted(&[a, b, c], three, 4)),
        hostile("one leaf less", "three leaves", "the count is one below", counted(&[a, b, c], three, 2)),
    ]
}

#[test]
fn recorded() {
    FILE.run(8, 11);
}
