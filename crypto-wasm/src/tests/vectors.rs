//! The recorded vectors in `vectors/`. Every run reads and checks them; `write` creates only files
//! that do not exist yet.

mod chain;
mod chain_cases;
mod chain_genesis;
mod continued;
mod continued_odd;
mod continued_vault;
mod copies;
mod derive;
mod devices_chain;
mod earlier_roots;
mod encoding;
mod example;
mod head;
mod history;
mod inclusion;
mod json;
mod keyslot;
mod leaf;
mod leaves;
mod methods_chain;
mod newer;
mod parts;
mod record;
mod record_fields;
mod records;
mod recovery;
mod recovery_cases;
mod roots;
mod seal;
mod shares;
mod slots;
mod state;
mod tree;
mod vault_login;
mod wallet;
mod wallet_cases;
mod wallet_chain;
mod wallet_phrases;
mod wallet_shares;

use std::path::PathBuf;

use serde_json::{Value, json};

/// The input is refused; of a chain, the head at this index (from 0) is the first refused one.
#[derive(Debug, PartialEq, Eq)]
struct Refusal(Option<usize>);

impl<E: std::error::Error> From<E> for Refusal {
    fn from(_: E) -> Self {
        Self(None)
    }
}

/// The result of reading an input, or that it is refused.
type Checked = Result<Value, Refusal>;

/// One file of vectors.
struct File {
    name: &'static str,
    section: &'static str,
    check: fn(&Value) -> Checked,
    cases: fn() -> Vec<Case>,
}

/// A vector to be recorded.
struct Case {
    name: &'static str,
    comment: &'static str,
    /// The good vector from which a hostile one differs, as the comment says.
    from: Option<&'static str>,
    input: Value,
}

fn good(name: &'static str, comment: &'static str, input: Value) -> Case {
    Case { name, comment, from: None, input }
}

fn hostile(name: &'static str, from: &'static str, comment: &'static str, input: Value) -> Case {
    Case { name, comment, from: Some(from), input }
}

impl File {
    fn path(&self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors").join(self.name).with_extension("json")
    }

    /// Reads the file. Every accepted vector must have the recorded result, and every other one
    /// must be refused at the recorded step.
    fn run(&self, accepted: usize, refused: usize) {
        let text = std::fs::read_to_string(self.path()).expect("the file");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let mut counts = (0, 0);
        for vector in file["vectors"].as_array().expect("a list") {
            let name = format!("{}: {}", self.name, vector["name"]);
            let checked = (self.check)(&vector["input"]);
            if vector["expect"] == "accepted" {
                counts.0 += 1;
                assert_eq!(checked.as_ref(), Ok(&vector["output"]), "{name}");
            } else {
                counts.1 += 1;
                assert_eq!(vector["expect"], "refused", "{name}");
                let at = vector["refused_at"].as_u64().map(|at| usize::try_from(at).expect("small"));
                assert_eq!(checked, Err(Refusal(at)), "{name}");
            }
        }
        assert_eq!(counts, (accepted, refused), "{}: accepted and refused", self.name);
    }

    /// Records the cases, unless they are recorded already.
    fn write(&self) {
        if self.path().exists() {
            println!("{}: recorded already", self.name);
            return;
        }
        let vectors: Vec<Value> = (self.cases)().iter().map(|case| self.vector(case)).collect();
        let file = json!({ "format": 1, "section": self.section, "vectors": vectors });
        let text = serde_json::to_string_pretty(&file).expect("JSON") + "\n";
        std::fs::write(self.path(), text).expect("a writable folder");
    }

    fn vector(&self, case: &Case) -> Value {
        let checked = (self.check)(&case.input);
        let mut vector = json!({ "name": case.name, "comment": case.comment, "input": case.input });
        match (case.from, checked) {
            (None, Ok(output)) => {
                vector["expect"] = json!("accepted");
                vector["output"] = output;
            }
            (Some(from), Err(Refusal(at))) => {
                vector["expect"] = json!("refused");
                vector["from"] = json!(from);
                if let Some(at) = at {
                    vector["refused_at"] = json!(at);
                }
            }
            (_, checked) => panic!("{} of {} is {checked:?}", case.name, self.name),
        }
        vector
    }
}

const FILES: [File; 29] = [
    encoding::FILE,
    derive::FILE,
    seal::FILE,
    keyslot::FILE,
    record::FILE,
    leaf::FILE,
    tree::FILE,
    head::FILE,
    newer::FILE,
    history::FILE,
    chain::FILE,
    state::FILE,
    records::FILE,
    record_fields::FILE,
    leaves::FILE,
    recovery::FILE,
    wallet::FILE,
    methods_chain::FILE,
    devices_chain::FILE,
    wallet_chain::FILE,
    slots::FILE,
    earlier_roots::FILE,
    inclusion::FILE,
    copies::FILE,
    continued::FILE,
    parts::FILE,
    roots::FILE,
    shares::FILE,
    vault_login::FILE,
];

#[test]
#[ignore = "records vectors of new files; recorded ones are never made again"]
fn write() {
    FILES.iter().for_each(File::write);
}

#[test]
fn names_are_unique_and_hostile_vectors_name_a_good_one() {
    for file in FILES {
        let text = std::fs::read_to_string(file.path()).expect("the file");
        let parsed: Value = serde_json::from_str(&text).expect("JSON");
        let vectors = parsed["vectors"].as_array().expect("a list");
        let names: std::collections::BTreeSet<&str> =
            vectors.iter().filter_map(|v| v["name"].as_str()).collect();
        assert_eq!(names.len(), vectors.len(), "{}", file.name);
        for vector in vectors.iter().filter(|vector| vector["expect"] == "refused") {
            let good = vectors.iter().find(|other| other["name"] == vector["from"]).expect("a good one");
            assert_eq!(good["expect"], "accepted");
            assert_ne!(good["input"], vector["input"], "{}", vector["name"]);
        }
    }
}
