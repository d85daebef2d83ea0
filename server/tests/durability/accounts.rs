//! One account that is not sound affects no other, and the operator can remove it.

use std::path::Path;

use crystallum_api::{Code, Id};
use crystallum_test_support::{Person, ServerProcess, Witness, signer::WRITE, work};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::program::{assert_sound, run_command, run_doctor, start_server};

/// Runs a command on accounts. Returns its exit code, its output, and its errors.
async fn accounts(arguments: &[&str], data: &Path) -> (Option<i32>, String, String) {
    let mut command = vec!["accounts"];
    command.extend(arguments);
    let output = run_command(&command, None, data).await;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Creates an account whose history no device accepts, as an earlier version let anybody do.
async fn poison(server: &ServerProcess, data: &Path) -> Id {
    let person = Person::new(server, "mallory").await;
    let mut database = SqliteConnectOptions::new().filename(data.join("vault.db")).connect().await.unwrap();
    let sql = "UPDATE commits SET head = CAST(substr(head, 1, length(head) - 64) || randomblob(64) AS BLOB) WHERE account = $1";
    let done = sqlx::query(sql).bind(person.account.0.as_slice()).execute(&mut database).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
    database.close().await.unwrap();
    person.account
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_account_is_named_and_removed_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start_server(&data, None);
    let mut anna = Witness::new(&server, "anna").await;
    assert!(work::deal_wallet(&mut anna).await);
    let poisoned = poison(&server, &data).await.to_string();

    let report = run_doctor(&data).await;
    assert_eq!(report["accounts_with_problems"], 1, "{report:#}");
    for problem in report["problems"].as_array().unwrap() {
        assert_eq!(problem["account"], Value::String(poisoned.clone()));
        assert!(problem["means"].as_str().unwrap().contains("'accounts delete'"), "{problem}");
    }
    let text = run_command(&["doctor"], None, &data).await;
    assert_eq!(text.status.code(), Some(1));
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.ends_with("only in 1 account: everything else that can be checked without keys is sound\n"),
        "{text}"
    );

    let (code, list, _) = accounts(&["list"], &data).await;
    assert_eq!(code, Some(0));
    assert!(list.contains(&poisoned) && list.contains(&anna.state.vault.to_string()), "{list}");
    assert!(list.ends_with("\n2 accounts\n"), "{list}");
    let (code, shown, _) = accounts(&["show", &poisoned], &data).await;
    assert_eq!(code, Some(0));
    assert!(shown.contains("1 write of 1 device\n1 record with 1700 bytes of ciphertext\n"), "{shown}");
    assert!(shown.contains("1 passkey and no recovery code\n0 shares, 1 session\n"), "{shown}");

    let (code, deleted, errors) = accounts(&["delete", &poisoned], &data).await;
    assert_eq!((code, deleted, errors.as_str()), (Some(0), format!("deleted account {poisoned}\n"), ""));
    assert_sound(&data).await;
    let (code, _, error) = accounts(&["delete", &poisoned], &data).await;
    assert_eq!(code, Some(1));
    assert!(error.contains(&format!("there is no account {poisoned}")), "{error}");

    // The others notice nothing.
    anna.assert_everything_stored().await;
    let record = anna.rng.id();
    let add = anna.state.add(record, &mut anna.rng, 1_024);
    assert!(anna.write(WRITE, vec![add]).await);
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start_server(&data, None);
    let mut anna = Witness::new(&server, "anna").await;
    let mut bernd = Witness::new(&server, "bernd").await;
    for person in [&mut anna, &mut bernd] {
        assert!(work::deal_wallet(person).await);
    }
    let (code, _, errors) = accounts(&["delete", &anna.state.vault.to_string()], &data).await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let refused = anna.person.browser.get("/api/session").await;
    assert_eq!(refused.code(), Code::SessionExpired);
    let report = assert_sound(&data).await;
    assert_eq!((&report["accounts"], &report["shares"]), (&Value::from(1), &Value::from(5)));
    assert_eq!(report["notes"], Value::Array(Vec::new()), "no store has a share of hers");
    bernd.assert_everything_stored().await;
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_account_of_the_folder_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for command in [["show", "-_AAAAAAAAAAAAAAAAAAAA"], ["delete", "-_AAAAAAAAAAAAAAAAAAAA"]] {
        let (code, out, error) = accounts(&command, &data).await;
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(error.contains("has no database of this server"), "{error}");
        assert!(!data.exists());
    }
    assert!(start_server(&data, None).stop().success());
    for id in ["-_AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA"] {
        let (code, _, error) = accounts(&["delete", id], &data).await;
        assert_eq!(code, Some(1));
        assert!(error.contains(&format!("there is no account {id}")), "{error}");
    }
    for id in ["", "anna", "AAAAAAAAAAAAAAAAAAAAAB", "../vault.db"] {
        assert_eq!(accounts(&["delete", id], &data).await.0, Some(2), "{id}");
    }
    assert_eq!(accounts(&["list"], &data).await.1, "0 accounts\n");
}
