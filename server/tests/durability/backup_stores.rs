//! A store that is damaged or missing keeps nothing else from being backed up.

use std::fs;
use std::path::Path;

use crystallum_api::Health;
use crystallum_test_support::{Witness, work};
use serde_json::Value;

use crate::program::{assert_sound, run_command, run_doctor, start_server};

/// Returns the exit code of a command and what it said.
async fn run(arguments: &[&str], folder: &Path, data: &Path) -> (Option<i32>, String) {
    let output = run_command(arguments, Some(folder), data).await;
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn manifest(backup: &Path) -> Value {
    serde_json::from_slice(&fs::read(backup.join("manifest.json")).unwrap()).unwrap()
}

/// Returns the places of the problems that the doctor finds outside of accounts.
async fn places(data: &Path) -> Vec<String> {
    let report = run_doctor(data).await;
    let problems = report["problems"].as_array().unwrap().iter();
    let general = problems.filter(|problem| problem["account"].is_null());
    general.map(|problem| problem["place"].as_str().unwrap().to_owned()).collect()
}

async fn problems(person: &Witness) -> Vec<String> {
    person.person.browser.get("/api/health").await.json::<Health>().problems
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sound_is_backed_up_and_the_manifest_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data"), folder.path().join("backup"));
    let mut server = start_server(&data, None);
    let mut person = Witness::new(&server, "hanna").await;
    assert!(work::deal_wallet(&mut person).await);
    assert!(server.stop().success());
    let whole = folder.path().join("whole");
    assert_eq!(run(&["backup"], &whole, &data).await.0, Some(0));
    assert_eq!(manifest(&whole).get("missing"), None);

    // Damaged within, no database, another store's, and not there.
    let store = |number: u8| data.join(format!("stores/{number}/shares.db"));
    let mut bytes = fs::read(store(1)).unwrap();
    let end = bytes.len();
    bytes[4_096..end].fill(0x5a);
    fs::write(store(1), bytes).unwrap();
    fs::write(store(2), b"nothing of the kind".repeat(1_000)).unwrap();
    fs::copy(store(4), store(3)).unwrap();
    fs::remove_dir_all(data.join("stores/5")).unwrap();
    let (code, said) = run(&["backup"], &to, &data).await;
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains(": 2 files, ") && said.contains("NOT in it: store 1 ("), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let manifest = manifest(&to);
    let names = |of: &str| -> Vec<String> {
        let entries = manifest[of].as_array().unwrap().iter();
        entries.map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("files"), ["vault.db", "stores/4/shares.db"]);
    let missing = [1, 2, 3, 5].map(|number| format!("stores/{number}/shares.db"));
    assert_eq!(names("missing"), missing);
    assert!(manifest["missing"][3]["why"].as_str().unwrap().contains("not there"), "{manifest:#}");
    assert_eq!(fs::read_dir(to.join("stores")).unwrap().count(), 1, "nothing is left of the others");
    assert_eq!(places(&to).await, missing);

    let restored = folder.path().join("restored");
    let (code, said) = run(&["restore"], &to, &restored).await;
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("NOT in it: store 1 ("), "{said}");
    assert_eq!(places(&restored).await, missing);
    // As the operator's page says: the stores of an earlier backup, or new ones.
    let mut server = start_server(&restored, None);
    person.person.reconnect(&server);
    assert!(problems(&person).await.contains(&"store_unavailable".to_owned()));
    assert!(server.stop().success());
    for number in [1, 2, 3] {
        let name = format!("stores/{number}");
        fs::create_dir(restored.join(&name)).unwrap();
        fs::copy(whole.join(&name).join("shares.db"), restored.join(&name).join("shares.db")).unwrap();
    }
    let output = run_command(&["stores", "create", "5"], None, &restored).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(run_command(&["stores", "list"], None, &restored).await.status.code(), Some(1));
    assert!(run_command(&["stores", "acknowledge", "5"], None, &restored).await.status.success());
    assert!(run_command(&["stores", "list"], None, &restored).await.status.success());
    let mut server = start_server(&restored, None);
    person.person.reconnect(&server);
    assert!(problems(&person).await.is_empty());
    assert!(server.stop().success());
    assert_sound(&whole).await;
}
