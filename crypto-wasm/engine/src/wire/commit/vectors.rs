//! The recorded changes in their JSON form (FORMAT.md, section 9.1).

use std::fmt::Write as _;
use std::path::Path;

use crystallum_format::samples;
use serde_json::{Value, json};

use crate::wire::stored::change_from_json;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

/// Reads a change of a vault that has nothing yet, or the sample record if this is said to be live,
/// and returns the leaf that it makes.
fn read(input: &Value) -> Option<Value> {
    let text = input["text"].as_str().expect("text");
    let before = input["live"].as_array().map(|live| {
        let state = samples::written();
        let leaf = state.record(samples::RECORD).expect("it is live");
        let sample = json!([{
            "kind": "record", "id": hex(samples::RECORD.as_bytes()),
            "overview_version": leaf.overview_version, "overview_hash": hex(&leaf.overview_hash),
            "secret_version": leaf.secret_version, "secret_hash": hex(&leaf.secret_hash),
        }]);
        assert_eq!(live, sample.as_array().expect("a list"));
        state
    });
    let change = change_from_json(text.as_bytes()).ok()?.tree_change(before.as_ref()).ok()?;
    let (id, leaf) = change.leaf();
    let mut said = json!({ "kind": id.kind(), "id": hex(id.as_bytes()) });
    if let Some(leaf) = leaf {
        said["value"] = hex(&leaf.encode()).into();
    }
    Some(said)
}

#[test]
fn recorded_changes_are_read_as_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/changes.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON");
    let vectors = file["vectors"].as_array().expect("a list");
    let mut counts = (0, 0);
    for vector in vectors {
        let output = read(&vector["input"]);
        if vector["expect"] == "accepted" {
            counts.0 += 1;
            assert_eq!(output.as_ref(), Some(&vector["output"]), "{}", vector["name"]);
        } else {
            counts.1 += 1;
            assert_eq!(vector["expect"], "refused", "{}", vector["name"]);
            assert_eq!(output, None, "{}", vector["name"]);
        }
    }
    assert_eq!(counts, (22, 33), "accepted and refused");
}
