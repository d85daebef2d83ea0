//! A second implementation, written in Python from FORMAT.md alone, reads what the engine wrote.

use std::env;
use std::path::Path;
use std::process::{Command, Output};

use crystallum_messages::{Credentials, Exchange, SecretText};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{PHRASE, Passkeys, Server};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// Returns the interpreter: `CRYSTALLUM_PYTHON`, or a `python3` that has `cryptography`.
fn python() -> String {
    let python = env::var("CRYSTALLUM_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let works = Command::new(&python).args(["-c", "import cryptography"]).output();
    assert!(
        works.is_ok_and(|output| output.status.success()),
        "{python} has no package `cryptography`: run `cargo xtask test`, or set CRYSTALLUM_PYTHON to a Python 3.11 that has it"
    );
    python
}

fn read(server: &Server, vault: &str, prf: &str) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/reader.py");
    let mut command = Command::new(python());
    command.arg(script).arg("--data").arg(server.data());
    command.args(["--vault", vault, "--prf", prf, "--rp-id", "localhost"]);
    command.output().expect("the interpreter starts")
}

#[tokio::test]
async fn a_script_written_from_the_format_alone_reads_a_vault() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    let vault = laptop.create("Vault f\u{fc}r zwei").await.unwrap().id;
    let passphrase = Some(SecretText::new("and a passphrase".to_owned()));
    let okx = Credentials { passphrase, ..credentials("okx-api-key-4711", "okx secret \u{20ac}") };
    let id = laptop.add(draft(Exchange::Okx, "Main", "first\nsecond", okx)).await.unwrap().id;
    let gone = laptop
        .add(draft(Exchange::Gate, "Gone", "", credentials("gone-key", "gone secret")))
        .await
        .unwrap()
        .id;
    laptop.erase(gone).await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    phone.rename(id, "Renamed").await.unwrap();
    let fingerprint = {
        let mut third = Device::new(&server, &wallet);
        third.meet().await.unwrap().fingerprint
    };

    let outputs = laptop.authenticator.outputs();
    let (vault, prf) = (vault.to_string(), HEXLOWER.encode(&outputs[0]));
    let output = read(&server, &vault, &prf);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read_vault: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Genesis, two keys, the trash, a deletion, a join, a new label.
    assert_eq!((&read_vault["heads"], &read_vault["counter"]), (&json!(7), &json!(7)));
    assert_eq!((&read_vault["devices"], &read_vault["keyslots"]), (&json!(2), &json!(4)));
    assert_eq!(read_vault["tombstones"], json!(1));
    assert!(read_vault["hash"].as_str().unwrap().starts_with(&fingerprint));
    let writers = read_vault["writers"].as_array().unwrap();
    assert!(writers[..5].iter().all(|writer| *writer == writers[0]) && writers[5] == writers[6]);
    assert_ne!(writers[0], writers[5]);

    let records = read_vault["records"].as_array().unwrap();
    assert_eq!(records.len(), 4);
    let record = records.iter().find(|record| record["id"] == id.to_string()).expect("the key");
    assert_eq!((&record["overview_version"], &record["secret_version"]), (&json!(2), &json!(1)));
    let overview = &record["overview"];
    assert_eq!((&overview["exchange"], &overview["label"]), (&json!("okx"), &json!("Renamed")));
    assert_eq!(
        (&overview["note"], &overview["masked"]),
        (&json!("first\nsecond"), &json!("okx-\u{2026}4711"))
    );
    let secret = &record["secret"];
    assert_eq!(
        (&secret["api_key"], &secret["api_secret"]),
        (&json!("okx-api-key-4711"), &json!("okx secret \u{20ac}"))
    );
    assert_eq!(secret["passphrase"], json!("and a passphrase"));
    let profile = records
        .iter()
        .find(|record| record["overview"]["name"] == json!("Vault f\u{fc}r zwei"))
        .expect("the profile");
    assert_ne!(profile["id"], id.to_string());

    // Another passkey's output, and the output for the other root, open nothing.
    for wrong in [HEXLOWER.encode(&outputs[1]), HEXLOWER.encode(&[7; 32])] {
        let output = read(&server, &vault, &wrong);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_same_script_agrees_with_every_recorded_vector() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let vectors = folder.join("../../crypto-wasm/vectors");
    let mut command = Command::new(python());
    let output = command.arg(folder.join("python/reader.py")).arg("--vectors").arg(vectors).output();
    let output = output.expect("the interpreter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty(), "it says how many it read");
}

/// Runs the reader with the main database, some stores, and the outputs of the authenticator.
fn steal(server: &Server, vault: &str, keys: &[&str], stores: &[u8]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/reader.py");
    let mut command = Command::new(python());
    command.arg(script).arg("--data").arg(server.data()).args(["--vault", vault, "--rp-id", "localhost"]);
    let files = stores.iter().map(|number| server.data().join(format!("stores/{number}/shares.db")));
    command.args(keys);
    // Without the cold root there is nothing in a store that could be opened.
    if keys.contains(&"--cold-prf") {
        command.arg("--stores").args(files.clone());
    }
    let output = command.output().expect("the interpreter starts");
    let mut seen = [output.stdout, output.stderr].concat();
    for file in files {
        seen.extend(std::fs::read(file).expect("the store is there"));
    }
    (output.status.success(), String::from_utf8_lossy(&seen).into_owned())
}

#[tokio::test]
async fn a_thief_with_the_root_the_database_and_two_stores_has_no_phrase_and_the_owner_has_it() {
    // Entropy of sixteen bytes 0x7f (BIP-39's own vector).
    const ENTROPY: [u8; 16] = [0x7f; 16];
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    let vault = laptop.create("My vault").await.unwrap().id.to_string();
    laptop.add_wallet("Cold storage", PHRASE, 3, 5).await.unwrap();
    let outputs = laptop.authenticator.outputs();
    let (root, cold) = (HEXLOWER.encode(&outputs[0]), HEXLOWER.encode(&outputs[1]));
    let shows = |text: &str| {
        let lower = text.to_lowercase();
        PHRASE.split(' ').collect::<Vec<_>>().windows(2).any(|pair| lower.contains(&pair.join(" ")))
            || lower.contains(&HEXLOWER.encode(&ENTROPY))
    };
    for stores in [&[1, 2][..], &[3, 5], &[1, 2, 3, 4, 5]] {
        let (opened, text) = steal(&server, &vault, &["--prf", &root], stores);
        assert!(opened && text.contains("Cold storage"), "the root opens the vault: {text}");
        assert!(!shows(&text), "with the root and {stores:?}: {text}");
    }
    let both = ["--prf", &root, "--cold-prf", &cold];
    let (_, text) = steal(&server, &vault, &both, &[2, 4]);
    assert!(!shows(&text), "with both roots and two stores: {text}");
    let (opened, text) = steal(&server, &vault, &both, &[2, 4, 5]);
    assert!(opened && shows(&text), "with both roots and three stores: {text}");
}
