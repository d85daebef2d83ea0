//! A second implementation, written from FORMAT.md alone in another language, reads what this one wrote.

use std::env;
use std::path::Path;
use std::process::{Command, Output};

use crystallum_messages::{Credentials, Exchange, SecretText};
use crystallum_system_tests::{Device, Server, Wallet, credentials, draft};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// The interpreter of `CRYSTALLUM_PYTHON`, or a `python3` that has `cryptography`.
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
async fn a_script_written_from_the_format_alone_reads_the_vault() {
    let server = Server::start();
    let wallet = Wallet::default();
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
    laptop.delete(gone).await.unwrap();
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
    // Genesis, two keys, a deletion, a join, a new label.
    assert_eq!((&read_vault["heads"], &read_vault["counter"]), (&json!(6), &json!(6)));
    assert_eq!((&read_vault["devices"], &read_vault["keyslots"]), (&json!(2), &json!(2)));
    assert_eq!(read_vault["tombstones"], json!(1));
    assert!(read_vault["hash"].as_str().unwrap().starts_with(&fingerprint));
    let writers = read_vault["writers"].as_array().unwrap();
    assert!(writers[..4].iter().all(|writer| *writer == writers[0]) && writers[4] == writers[5]);
    assert_ne!(writers[0], writers[4]);

    let records = read_vault["records"].as_array().unwrap();
    assert_eq!(records.len(), 2);
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
    let profile = records.iter().find(|record| record["id"] != id.to_string()).expect("the profile");
    assert_eq!(profile["overview"]["name"], json!("Vault f\u{fc}r zwei"));

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
