//! Deletion of accounts.

use std::path::Path;

use axum::http::header;
use crystallum_api::{ChangeSignInMethods, Code, Committed, CreateAccount, DeleteAccount, Id, Proof};
use crystallum_test_support::commits::{keyslot, new_record, record, secret, tombstone};
use crystallum_test_support::{
    CHANGE_SIGN_IN_METHODS, DELETE, Dealing, Person, SIGN_IN, Share, Sheet, stores,
};
use sqlx::{Connection, Row};

use crate::fixture::Fixture;
use crate::stores::open;

/// Returns the tables of a database that contain these bytes in any column.
pub(crate) async fn rows_with(file: &Path, needle: Id) -> Vec<String> {
    let mut database = open(file).await;
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut database).await.unwrap();
    let mut found = Vec::new();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM \"{table}\""));
        for row in sqlx::query(sql).fetch_all(&mut database).await.unwrap() {
            let holds = (0..row.len()).any(|column| {
                let bytes: &[u8] = row.try_get_unchecked(column).unwrap_or_default();
                bytes.windows(16).any(|window| window == needle.0)
            });
            if holds {
                found.push(table.clone());
            }
        }
    }
    database.close().await.unwrap();
    found.sort();
    found.dedup();
    found
}

async fn tables_with(fixture: &Fixture, account: Id) -> Vec<Vec<String>> {
    let mut found = vec![rows_with(&fixture.folder.path().join("data/vault.db"), account).await];
    for number in 1..=5 {
        found.push(rows_with(&fixture.store(number).join("shares.db"), account).await);
    }
    found
}

/// Creates a person with rows in every table.
async fn person_with_everything(fixture: &Fixture, name: &str) -> (Person, Sheet, Dealing) {
    let (mut person, sheet) = Person::with_sheet(fixture, name).await;
    person.write("records", vec![new_record("key"), new_record("gone")]).await;
    person.write("secret", vec![record("key", None, secret("key", 2)), tombstone("gone", 2)]).await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    person.write("wallet", changes).await;
    let store = stores(&person.browser).await[0].id;
    assert_eq!(Share::new("pending", store).put(&person.browser).await.status, 204);
    (person, sheet, dealing)
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing() {
    let fixture = Fixture::start().await;
    let (anna, sheet, _) = person_with_everything(&fixture, "anna").await;
    let (otto, _, dealing) = person_with_everything(&fixture, "otto").await;
    let tables = [
        "accounts",
        "commits",
        "credentials",
        "leaves",
        "parts",
        "recovery",
        "sessions",
        "shares",
        "versions",
    ];
    for person in [&anna, &otto] {
        let found = tables_with(&fixture, person.account).await;
        assert_eq!(found[0], tables);
        assert!(found[1..].iter().all(|found| found == &["shares"]));
    }
    let request = DeleteAccount { proof: Proof::Passkey(anna.assertion().await) };
    let reply = anna.browser.post_json("/api/account/delete", &request).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    let line = reply.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(line.starts_with("crystallum=;") && line.ends_with("Max-Age=0"), "{line}");
    assert_eq!(anna.browser.cookie(), None);
    assert_eq!(tables_with(&fixture, anna.account).await, vec![Vec::<String>::new(); 6]);
    // No sign-in method works any more, and the other account has everything.
    let login = anna.assertion().await;
    assert_eq!(anna.browser.post_json("/api/login", &login).await.code(), Code::CredentialRejected);
    let login = sheet.login(&anna.browser, SIGN_IN).await;
    assert_eq!(anna.browser.post_json("/api/recovery", &login).await.code(), Code::ProofRejected);
    assert_eq!(otto.delta(0).await.counter, otto.counter());
    assert_eq!(dealing.are_stored(&otto).await, [true; 5]);
}

#[tokio::test]
async fn deletion_ends_every_session() {
    let fixture = Fixture::start().await;
    let (person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let first = person.browser.cookie();
    person.login().await;
    let request = DeleteAccount { proof: Proof::Recovery(sheet.login(&person.browser, DELETE).await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
    person.browser.set_cookie(first);
    assert_eq!(person.browser.get("/api/session").await.code(), Code::SessionExpired);
    let reply = person.browser.post_json("/api/account/delete", &request).await;
    assert_eq!(reply.code(), Code::SessionExpired);
}

#[tokio::test]
async fn deletion_needs_a_session_and_a_proof() {
    let fixture = Fixture::start().await;
    let (person, sheet) = Person::with_sheet(&fixture, "anna").await;
    let (other, other_sheet) = Person::with_sheet(&fixture, "otto").await;
    let mut wrong = vec![Proof::Passkey(other.assertion().await)];
    wrong.push(Proof::Recovery(other_sheet.login(&other.browser, DELETE).await));
    for purpose in [SIGN_IN, CHANGE_SIGN_IN_METHODS] {
        wrong.push(Proof::Recovery(sheet.login(&person.browser, purpose).await));
    }
    for proof in wrong {
        let reply = person.browser.post_json("/api/account/delete", &DeleteAccount { proof }).await;
        assert_eq!(reply.code(), Code::ProofRejected);
    }
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    let reply = fixture.browser().post_json("/api/account/delete", &request).await;
    assert_eq!(reply.code(), Code::SessionExpired);
    let reply = other.browser.post_json("/api/account/delete", &request).await;
    assert_eq!(reply.code(), Code::ProofRejected);
    // The attempt has consumed the assertion.
    let reply = person.browser.post_json("/api/account/delete", &request).await;
    assert_eq!(reply.code(), Code::CeremonyUnknown);
    assert_eq!(person.delta(0).await.counter, 1);
    assert_eq!(other.delta(0).await.counter, 1);
}

#[tokio::test]
async fn shares_in_an_unavailable_store_are_deleted_later() {
    let fixture = Fixture::start().await;
    let (person, _, _) = person_with_everything(&fixture, "anna").await;
    let aside = fixture.folder.path().join("aside");
    std::fs::rename(fixture.store(2), &aside).unwrap();
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
    std::fs::rename(&aside, fixture.store(2)).unwrap();
    let file = fixture.store(2).join("shares.db");
    assert_eq!(rows_with(&file, person.account).await, ["shares"]);
    // The mark of the deletion lasts for as long as a share that nobody knows would be kept.
    fixture.clock.advance(90 * 86_400);
    fixture.server.sweep().await;
    assert_eq!(tables_with(&fixture, person.account).await, vec![Vec::<String>::new(); 6]);
}

/// The id of a deleted account can be used again, and then its new shares count.
#[tokio::test]
async fn shares_of_an_account_that_was_made_again_are_kept() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.status, 200);
    person.acknowledged(&request.commit);
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    fixture.server.sweep().await;
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

#[tokio::test]
async fn a_registration_is_not_repeated_after_a_deletion() {
    let fixture = Fixture::start().await;
    let mut person = Person::without_account(&fixture, "anna");
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.status, 200);
    let delete = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &delete).await.status, 204);
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::CeremonyUnknown);
    // The same person can sign up again.
    let sheet = Sheet::new("anna");
    let request = CreateAccount { recovery: Some(sheet.verifier()), ..person.sign_up_request().await };
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.json::<Committed>().counter, 1);
    person.acknowledged(&request.commit);
    let changes = vec![keyslot("new root", 1), keyslot("new cold", 2)];
    let request: ChangeSignInMethods = person.change_request("methods", changes).await;
    person.change_sign_in_methods(&request).await;
}
