//! Ids of copies, which every device computes alike.

use serde_json::{Value, json};

use super::json::{array, hex};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::{RecordId, RecordLeaf, copy_id};

pub(super) const FILE: File = File { name: "copies", section: "7.9", check, cases };

const RECORD: &str = "42424242424242424242424242424242";
const COPY: &str = "0797ef9aa69741c7cef8476420ec5a39";

fn check(input: &Value) -> Checked {
    let leaf = RecordLeaf {
        overview_version: 1,
        overview_hash: array(&input["overview_hash"]),
        secret_version: 1,
        secret_hash: array(&input["secret_hash"]),
    };
    let copy = copy_id(RecordId::new(array(&input["record"])), &leaf);
    if *copy.as_bytes() == array(&input["copy"]) { Ok(json!({})) } else { Err(Refusal(None)) }
}

fn input(record: u8, overview: u8, secret: u8, copy: &str) -> Value {
    json!({
        "record": hex([record; 16]), "overview_hash": hex([overview; 32]), "secret_hash": hex([secret; 32]),
        "copy": copy,
    })
}

fn cases() -> Vec<Case> {
    vec![
        good("a copy", "the first 16 bytes of the hash", input(0x42, 1, 2, COPY)),
        hostile("other order", "a copy", "the hashes the other way round", input(0x42, 2, 1, COPY)),
        hostile("other record", "a copy", "of another record", input(0x43, 1, 2, COPY)),
        hostile("same id", "a copy", "the id of the record", input(0x42, 1, 2, RECORD)),
    ]
}

#[test]
fn recorded() {
    FILE.run(1, 3);
}
