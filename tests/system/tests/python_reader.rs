//! A second implementation, written in Python from FORMAT.md alone, reads what the engine wrote.

use std::env;
use std::path::Path;
use std::process::{Command, Output};

use crystallum_messages::{Credentials, Exchange, KeyEdit, SecretText, SignInMethodKind};
use crystallum_system_tests::{Device, credentials, draft, typed};
use crystallum_test_support::{PHRASE, Passkeys, Server, server_program};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

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

/// Runs the reader on a folder with these arguments.
fn run(data: &Path, vault: &str, arguments: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/reader.py");
    let mut command = Command::new(python());
    command.arg(script).arg("--data").arg(data).args(["--vault", vault]).args(arguments);
    command.output().expect("the interpreter starts")
}

fn read(server: &Server, vault: &str, prf: &str) -> Output {
    run(&server.data(), vault, &["--prf", prf, "--rp-id", "localhost"])
}

/// Returns what the reader printed.
fn printed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
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
    let read_vault = printed(&read(&server, &vault, &prf));
    // Genesis, two keys, the trash, a deletion, a join, a new label.
    assert_eq!((&read_vault["heads"], &read_vault["counter"]), (&json!(7), &json!(7)));
    assert_eq!((&read_vault["devices"], &read_vault["keyslots"]), (&json!(2), &json!(4)));
    assert_eq!(read_vault["tombstones"], json!(1));
    assert!(read_vault["hash"].as_str().unwrap().starts_with(&fingerprint));
    let writers = read_vault["writers"].as_array().unwrap();
    assert!(writers[..5].iter().all(|writer| *writer == writers[0]) && writers[5] == writers[6]);
    assert_ne!(writers[0], writers[5]);

    let records = read_vault["records"].as_array().unwrap();
    assert_eq!(records.len(), 4, "the profile, two devices and the key");
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
    assert_eq!(profile["id"], json!(vault), "the profile has the vault's id");

    // Another passkey's output, and the output for the other root, open nothing.
    for wrong in [HEXLOWER.encode(&outputs[1]), HEXLOWER.encode(&[7; 32])] {
        let output = read(&server, &vault, &wrong);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
    }
}

/// Sign-in methods come and go, a device joins and writes, a wallet is refreshed. Then the stored
/// bytes are changed.
#[tokio::test]
async fn the_script_follows_methods_devices_and_wallets() {
    let server = Server::start();
    let (first, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = Device::new(&server, &first);
    let vault = laptop.create("My vault").await.unwrap().id.to_string();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let key = draft(Exchange::Kraken, "Key", "", credentials("api-key-4711", "first secret"));
    let key = laptop.add(key).await.unwrap().id;
    let wallet = laptop.add_wallet("Cold storage", PHRASE, 2, 3).await.unwrap().id;
    laptop.authenticator.then_hold(&other);
    laptop.add_passkey("Phone").await.unwrap();
    let mut phone = Device::new(&server, &other);
    phone.unlock_any().await.unwrap();
    let base = phone.open(key).await.unwrap().version;
    let newer = Some(credentials("api-key-4711", "second secret"));
    phone.edit(KeyEdit { id: key, base, label: None, note: None, credentials: newer }).await.unwrap();
    phone.refresh(wallet, 2, 5).await.unwrap();
    laptop.authenticator.hold(&first);
    laptop.sync().await.unwrap();
    let methods = laptop.sign_in_methods().await.unwrap();
    let added = methods.iter().find(|one| one.kind == SignInMethodKind::Passkey && !one.used_now);
    let outputs = laptop.authenticator.outputs();
    laptop.remove_sign_in_method(added.expect("the phone's").id).await.unwrap();

    let (root, cold) = (HEXLOWER.encode(&outputs[0]), HEXLOWER.encode(&outputs[1]));
    let stores: Vec<String> = (1..=5)
        .map(|number| server.data().join(format!("stores/{number}/shares.db")).to_string_lossy().into_owned())
        .collect();
    let stores: Vec<&str> = stores.iter().map(String::as_str).collect();
    let with_stores = |keys: &[&str]| {
        printed(&run(&server.data(), &vault, &[keys, &["--earlier", "--stores"], &stores].concat()))
    };
    let by_passkey = with_stores(&["--prf", &root, "--cold-prf", &cold, "--rp-id", "localhost"]);
    let by_code = with_stores(&["--code", &typed(&sheet)]);
    assert_eq!(by_passkey, by_code, "every method opens the same");
    let newest = with_stores(&["--prf", &root, "--cold-prf", &cold, "--rp-id", "localhost", "--newest"]);
    for member in ["records", "hash", "history", "counter", "devices", "keyslots", "shares", "tombstones"] {
        assert_eq!(newest[member], by_passkey[member], "the newest head alone shows the same {member}");
    }
    assert_eq!((&by_passkey["devices"], &by_passkey["keyslots"]), (&json!(2), &json!(4)));
    assert_eq!(by_passkey["shares"], json!(5));
    let records = by_passkey["records"].as_array().unwrap();
    assert!(records.iter().all(|record| record.get("state").is_none()), "all are understood: {records:?}");
    let of = |id: &str| records.iter().find(|record| record["id"] == id).expect("the record");
    let read_key = of(&key.to_string());
    assert_eq!(read_key["secret"]["api_secret"], json!("second secret"));
    let read_wallet = of(&wallet.to_string());
    assert_eq!((&read_wallet["phrase"]["words"], &read_wallet["bad_shares"]), (&json!(12), &json!([])));
    assert_eq!(read_wallet["overview"]["share_epoch"], json!(2));

    // A backup reads like the folder, unless a byte of it has changed.
    let backup = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("read-backup-{}", server.pid()));
    let made =
        Command::new(server_program()).arg("backup").arg(&backup).arg("--data").arg(server.data()).output();
    assert!(made.expect("the server's program starts").status.success());
    let keys = ["--prf", &root, "--rp-id", "localhost", "--earlier"];
    assert_eq!(printed(&run(&backup, &vault, &keys))["hash"], by_passkey["hash"]);
    let file = backup.join("stores/1/shares.db");
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let output = run(&backup, &vault, &keys);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("stores/1/shares.db is not the backed-up one"), "{told}");
    std::fs::remove_dir_all(&backup).unwrap();

    // In the other environment nothing opens, and nothing is an alarm.
    let practice = ["--prf", &root, "--rp-id", "localhost", "--environment", "practice"];
    let practice = printed(&run(&server.data(), &vault, &practice));
    let records = practice["records"].as_array().unwrap();
    assert!(records.iter().all(|record| record["state"] == json!("cannot be opened")));

    // What the vault did not sign is an alarm: nothing is printed.
    drop((laptop, phone));
    let without_past = ["--prf", &root, "--rp-id", "localhost", "--newest"];
    for (change, said) in [
        ("UPDATE leaves SET counter = counter + 1", None),
        ("UPDATE parts SET version = version + 9", None),
        // Of older rows, only wraps are read.
        (
            "UPDATE commits SET subtrees = head, head = zeroblob(3), changes = 'x' || changes WHERE counter = 4",
            None,
        ),
        ("UPDATE commits SET head = subtrees, changes = substr(changes, 2) WHERE counter = 4", None),
        ("DELETE FROM leaves WHERE kind = 5", Some("another tree")),
        ("UPDATE accounts SET past = zeroblob(8)", Some("the history of another counter")),
    ] {
        execute(&server.data(), change).await;
        let output = run(&server.data(), &vault, &without_past);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), said.is_none(), "{change}: {told}");
        assert!(said.is_none_or(|said| told.contains(said)), "{change}: {told}");
    }
    for (change, said) in [
        ("UPDATE parts SET blob = zeroblob(length(blob)) WHERE part = 2", "is not the signed one"),
        ("DELETE FROM parts WHERE part = 1", "is missing"),
        ("UPDATE commits SET head = zeroblob(length(head)) WHERE counter = 3", "head 3"),
        ("DELETE FROM commits WHERE counter = 2", "numbers it otherwise"),
    ] {
        execute(&server.data(), change).await;
        let output = run(&server.data(), &vault, &["--prf", &root, "--rp-id", "localhost"]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{change}");
        assert!(told.contains(said), "{change}: {told}");
    }
}

/// Changes a vault's stored rows behind the server's back.
async fn execute(data: &Path, statement: &str) {
    let options = SqliteConnectOptions::new().filename(data.join("vault.db"));
    let mut connection = options.connect().await.expect("the database is there");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a statement");
    connection.close().await.expect("written");
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
