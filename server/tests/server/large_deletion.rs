//! A large account is deleted in small steps. From the first of them on it does not exist for
//! anybody.

use std::path::Path;

use crystallum_api::{Code, DeleteAccount, Proof};
use crystallum_server::{backup, delete_account, doctor, list_accounts, show_account};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Dealing, Person, SIGN_IN, Sheet};
use sqlx::Connection;

use crate::deletion::rows_with;
use crate::fixture::Fixture;
use crate::stores::open;

/// What is in the earlier secrets of the large account, and in nothing else.
const NEEDLE: &str = "ffee0123456789abcdef";

/// Creates a person with a wallet and 2,000 earlier secrets.
async fn large(fixture: &Fixture, name: &str) -> (Person, Sheet, Dealing) {
    let (mut person, sheet) = Person::with_sheet(fixture, name).await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("wallet", [vec![new_record("wallet")], dealing.changes()].concat()).await;
    let sql = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 2000) \
        INSERT INTO versions SELECT $1, randomblob(16), n, 1, CAST($2 || hex(zeroblob(500)) AS BLOB) FROM many";
    let mut database = open(&database(fixture)).await;
    let insert = sqlx::query(sql).bind(person.account.0.as_slice()).bind(NEEDLE);
    insert.execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    (person, sheet, dealing)
}

fn data(fixture: &Fixture) -> std::path::PathBuf {
    fixture.folder.path().join("data")
}

fn database(fixture: &Fixture) -> std::path::PathBuf {
    data(fixture).join("vault.db")
}

async fn delete(person: &Person) {
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
}

/// Returns whether what the earlier secrets hold is in a file of the main database.
fn is_left(data: &Path) -> bool {
    ["vault.db", "vault.db-wal"].iter().any(|file| {
        let bytes = std::fs::read(data.join(file)).unwrap_or_default();
        bytes.windows(NEEDLE.len()).any(|window| window == NEEDLE.as_bytes())
    })
}

#[tokio::test]
async fn nobody_sees_an_account_of_which_something_is_left() {
    let fixture = Fixture::start().await;
    let (anna, sheet, dealing) = large(&fixture, "anna").await;
    let mut otto = Person::new(&fixture, "otto").await;
    fixture.server.deletions_finished().await;
    fixture.server.hold_deletions(true);
    let sessions = anna.browser.cookie();
    delete(&anna).await;
    let left = rows_with(&database(&fixture), anna.account).await;
    assert!(left.contains(&"accounts".to_owned()) && left.contains(&"versions".to_owned()), "{left:?}");

    // No session and no sign-in method works, and the id is not free yet.
    anna.browser.set_cookie(sessions);
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::SessionExpired);
    assert_eq!(anna.browser.get("/api/delta?since=0").await.code(), Code::SessionExpired);
    let login = anna.assertion().await;
    assert_eq!(anna.browser.post_json("/api/login", &login).await.code(), Code::CredentialRejected);
    let login = sheet.login(&anna.browser, SIGN_IN).await;
    assert_eq!(anna.browser.post_json("/api/recovery", &login).await.code(), Code::ProofRejected);
    let again = Person::without_account(&fixture, "anna");
    let request = again.sign_up_request().await;
    assert_eq!(again.browser.post_json("/api/accounts", &request).await.code(), Code::Unavailable);
    // The shares are gone, and the sweep claims none.
    fixture.server.sweep().await;
    for number in 1..=5 {
        let file = fixture.store(number).join("shares.db");
        assert_eq!(rows_with(&file, anna.account).await, Vec::<String>::new());
    }
    otto.write("key", vec![new_record("key")]).await;

    // The operator is told, and a backup has nothing of the account.
    let folder = data(&fixture);
    let listed = list_accounts(&folder).await.unwrap();
    assert_eq!((listed.accounts.len(), listed.being_deleted), (1, 1));
    assert!(listed.to_string().ends_with("\n1 account; 1 more is being deleted"), "{listed}");
    let unknown = show_account(&folder, anna.account).await.unwrap_err().to_string();
    assert!(unknown.contains("there is no account"), "{unknown}");
    let report = doctor(&folder).await.unwrap();
    assert!(report.is_sound() && report.to_string().contains("of 1 account that was deleted"), "{report}");
    let copy = fixture.folder.path().join("backup");
    backup(&copy, &folder).await.unwrap();
    assert_eq!(rows_with(&copy.join("vault.db"), anna.account).await, Vec::<String>::new());
    let report = doctor(&copy).await.unwrap();
    assert!(report.is_sound() && !report.to_string().contains("deleted not"), "{report}");

    // The next server goes on, and then nothing is left, in the log either.
    assert!(is_left(&folder));
    let fixture = fixture.restart(async |_| ()).await;
    fixture.server.deletions_finished().await;
    fixture.server.check().await;
    assert_eq!(rows_with(&database(&fixture), anna.account).await, Vec::<String>::new());
    assert!(!is_left(&folder));
    assert_eq!(list_accounts(&folder).await.unwrap().being_deleted, 0);
    otto.reconnect(&fixture);
    otto.login().await;
    assert_eq!(otto.delta(0).await.counter, 2);
    let again = Person::without_account(&fixture, "anna");
    let request = again.sign_up_request().await;
    assert_eq!(again.browser.post_json("/api/accounts", &request).await.status, 200);
    assert_eq!(dealing.are_stored(&otto).await, [false; 5]);
}

#[tokio::test]
async fn the_server_deletes_the_rest_by_itself() {
    let fixture = Fixture::start().await;
    let (anna, ..) = large(&fixture, "anna").await;
    delete(&anna).await;
    fixture.server.deletions_finished().await;
    fixture.server.check().await;
    assert_eq!(rows_with(&database(&fixture), anna.account).await, Vec::<String>::new());
    assert!(!is_left(&data(&fixture)));
}

/// The command has finished when it says so, also beside a server.
#[tokio::test]
async fn the_operator_deletes_all_of_it() {
    let fixture = Fixture::start().await;
    let (anna, _, _) = large(&fixture, "anna").await;
    let folder = data(&fixture);
    let deleted = delete_account(&folder, anna.account).await.unwrap();
    assert_eq!(deleted.to_string(), format!("deleted account {}", anna.account));
    assert_eq!(rows_with(&database(&fixture), anna.account).await, Vec::<String>::new());
    assert!(!is_left(&folder));
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::SessionExpired);
}
