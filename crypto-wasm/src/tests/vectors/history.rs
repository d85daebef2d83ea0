use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{array, bytes, hex, list};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::History;

pub(super) const FILE: File = File { name: "history", section: "7", check, cases };

/// Reads a stored edge and adds the hashes of heads to it, as far as there can be more.
fn check(input: &Value) -> Checked {
    let mut history = History::from_bytes(&bytes(&input["edge"]))?;
    for head in list(&input["heads"]) {
        if history.len() == u64::MAX {
            return Err(Refusal(None));
        }
        history.push(&array(head));
    }
    Ok(json!({ "count": history.len(), "root": hex(history.root()), "edge": hex(history.to_bytes()) }))
}

/// The edge over the first `count` of the sample's heads.
fn edge(count: u64) -> Vec<u8> {
    let mut history = History::default();
    (1..=count).for_each(|number| history.push(&head(number)));
    history.to_bytes()
}

fn head(number: u64) -> [u8; 32] {
    Sha256::digest(number.to_be_bytes()).into()
}

fn input(edge: &[u8], heads: std::ops::RangeInclusive<u64>) -> Value {
    json!({ "edge": hex(edge), "heads": heads.map(|number| hex(head(number))).collect::<Vec<_>>() })
}

#[expect(clippy::reversed_empty_ranges, reason = "no heads are added")]
fn cases() -> Vec<Case> {
    let most = [u64::MAX.to_be_bytes().as_slice(), &[7; 64 * 32]].concat();
    vec![
        good("no head", "the root is SHA-256 of nothing", input(&edge(0), 1..=0)),
        good("one head", "the history of the second head", input(&edge(0), 1..=1)),
        good("two heads", "one complete subtree", input(&edge(0), 1..=2)),
        good("three heads", "two subtrees", input(&edge(0), 1..=3)),
        good("seven heads", "three subtrees", input(&edge(0), 1..=7)),
        good("eight heads", "seven and one make one subtree", input(&edge(7), 8..=8)),
        good("continued", "the same as seven heads, from a stored edge of five", input(&edge(5), 6..=7)),
        good("many heads", "a thousand", input(&edge(0), 1..=1000)),
        good("the most heads", "64 hashes", input(&most, 1..=0)),
        hostile("edge cut", "continued", "the last byte left out", input(&edge(5)[..71], 6..=7)),
        hostile("edge longer", "continued", "a zero byte more", input(&[edge(5), vec![0]].concat(), 6..=7)),
        hostile("hash missing", "continued", "five heads need two hashes", input(&edge(5)[..40], 6..=7)),
        hostile(
            "hash more",
            "continued",
            "five heads need two hashes",
            input(&[edge(5), vec![0; 32]].concat(), 6..=7),
        ),
        hostile("no edge", "no head", "no bytes", input(&[], 1..=0)),
        hostile("one head too many", "the most heads", "one more", input(&most, 1..=1)),
    ]
}

#[test]
fn recorded() {
    FILE.run(9, 6);
}
