//! The wrap of a removed sign-in method is nowhere any more, so that whoever has the method and
//! takes a copy of the data later finds nothing that it opens.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crystallum_api::{Bytes, Change, ChangeSignInMethods, DeleteAccount, Proof};
use crystallum_server::{backup, doctor};
use crystallum_test_support::commits::{keyslot, keyslot_gone, new_record, wrap};
use crystallum_test_support::{Dealing, Person, SoftwareAuthenticator};
use data_encoding::BASE64URL_NOPAD;
use sqlx::Connection;

use crate::fixture::Fixture;
use crate::stores::open;

/// Returns the files below a folder that have a part of this wrap, as bytes or as text.
fn files_with(folder: &Path, wrap: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    // In base64url, three bytes are four characters, so this part of the text is one of the whole.
    let needles = [wrap[60..90].to_vec(), BASE64URL_NOPAD.encode(&wrap[60..90]).into_bytes()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, wrap));
            continue;
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            // SQLite deletes the log of a share store when it closes it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let has = |needle: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle);
        if needles.iter().any(has) {
            found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}

fn add(name: &str) -> Vec<Change> {
    vec![keyslot(&format!("{name} root"), 1), keyslot(&format!("{name} cold"), 2)]
}

fn remove(name: &str) -> Vec<Change> {
    vec![keyslot_gone(&format!("{name} root")), keyslot_gone(&format!("{name} cold"))]
}

async fn change(person: &mut Person, name: &str, changes: Vec<Change>) {
    let request = person.change_request(name, changes).await;
    person.change_sign_in_methods(&request).await;
}

/// Makes changes that add one sign-in method, with a passkey that the person uses from then on.
async fn change_passkey(person: &mut Person, name: &str, changes: Vec<Change>) {
    let authenticator = SoftwareAuthenticator::for_origin(person.browser.origin());
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&authenticator).await),
        ..person.change_request(name, changes).await
    };
    person.change_sign_in_methods(&request).await;
    person.authenticator = authenticator;
}

/// Returns how many bytes of history the account is said to have, and how many there are.
async fn history(fixture: &Fixture, person: &Person) -> (i64, i64) {
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    let sql = "SELECT history, (SELECT sum(length(head) + length(changes)) FROM commits WHERE account = accounts.id) \
        FROM accounts WHERE id = $1";
    let sizes = sqlx::query_as(sql).bind(person.account.0.as_slice()).fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();
    sizes
}

async fn assert_sound(data: &Path) {
    let report = doctor(data).await.unwrap();
    assert!(report.is_sound(), "{report}");
}

#[tokio::test]
async fn the_wraps_of_a_removed_method_are_in_no_file() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let mut person = Person::new(&fixture, "anna").await;
    person.write("key", vec![new_record("key")]).await;
    // One is alone in its commit, the other two share one.
    change_passkey(&mut person, "second", add("second")).await;
    change(&mut person, "more", [add("third"), add("fourth")].concat()).await;
    let wraps = |name: &str| [wrap(&format!("{name} root")), wrap(&format!("{name} cold"))];
    for name in ["slot", "second", "third", "fourth"] {
        for wrap in wraps(name) {
            assert!(!files_with(&data, &wrap).is_empty(), "{name}: the search finds nothing");
        }
    }
    let (mut before, _) = history(&fixture, &person).await;
    for name in ["slot", "third", "second"] {
        let is_smaller = name != "second";
        if is_smaller {
            change(&mut person, &format!("remove {name}"), remove(name)).await;
        } else {
            change_passkey(&mut person, "remove second", [add("last"), remove(name)].concat()).await;
        }
        fixture.server.clear_logs().await;
        for wrap in wraps(name) {
            assert_eq!(files_with(&data, &wrap), Vec::<String>::new(), "{name}");
        }
        let (counted, there) = history(&fixture, &person).await;
        assert_eq!(counted, there, "{name}");
        assert_eq!(counted < before, is_smaller, "{name}: {before} and then {counted}");
        before = counted;
    }
    assert_sound(&data).await;
    let copy = fixture.folder.path().join("backup");
    backup(&copy, &data).await.unwrap();
    for name in ["slot", "second", "third"] {
        for wrap in wraps(name) {
            assert_eq!(files_with(&copy, &wrap), Vec::<String>::new(), "{name}");
        }
    }
    assert_eq!(files_with(&copy, &wraps("fourth")[1]), ["vault.db"]);
    assert_sound(&copy).await;

    // Other devices get the hash in place of the wrap, and everything else as it was.
    let delta = person.delta(0).await;
    for (name, counter) in [("slot", 1), ("second", 3), ("third", 4), ("fourth", 4), ("last", 7)] {
        let is_live = ["fourth", "last"].contains(&name);
        for expected in add(name) {
            let Change::Keyslot { id: slot, hash, wrap, .. } = &expected else { panic!("a keyslot") };
            let wrap: Option<&Bytes> = wrap.as_ref().filter(|_| is_live);
            let told = delta.entries[counter - 1].changes.iter().find_map(|change| match change {
                Change::Keyslot { id, hash, wrap, .. } if id == slot => Some((hash, wrap.as_ref())),
                _ => None,
            });
            assert_eq!(told, Some((hash, wrap)), "{name}");
        }
    }
    // The server goes on after a restart, and the id can be used again.
    let fixture = fixture.restart(async |_| ()).await;
    person.reconnect(&fixture);
    person.login().await;
    change(&mut person, "again", add("slot")).await;
    change(&mut person, "gone again", remove("slot")).await;
    fixture.server.clear_logs().await;
    assert_eq!(files_with(&data, &wraps("slot")[0]), Vec::<String>::new());
    assert_sound(&data).await;
}

/// Somebody who reads keeps the log from being cleared. The removal is answered nevertheless.
#[tokio::test]
async fn the_log_is_cleared_when_nobody_reads_it() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let mut person = Person::new(&fixture, "anna").await;
    change(&mut person, "add", [add("second"), add("third")].concat()).await;
    let mut reader = open(&data.join("vault.db")).await;
    let mut read = reader.begin().await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM commits").fetch_one(&mut *read).await.unwrap();
    assert_eq!(count, 2);
    change(&mut person, "remove", remove("second")).await;
    assert_eq!(files_with(&data, &wrap("second root")), ["vault.db-wal"]);
    fixture.server.clear_logs().await;
    assert_eq!(files_with(&data, &wrap("second root")), ["vault.db-wal"]);
    read.rollback().await.unwrap();
    fixture.server.clear_logs().await;
    assert_eq!(files_with(&data, &wrap("second root")), Vec::<String>::new());
    // Writes wait for each other as before.
    person.write("key", vec![new_record("key")]).await;
}

#[tokio::test]
async fn a_deleted_account_is_not_in_the_log() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let person = Person::new(&fixture, "anna").await;
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
    fixture.server.clear_logs().await;
    assert_eq!(files_with(&data, &wrap("slot root")), Vec::<String>::new());
}

/// All writes wait while the log is cleared.
#[tokio::test]
async fn the_log_is_cleared_once_for_many_removals() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let mut person = Person::new(&fixture, "anna").await;
    let names = ["second", "third", "fourth", "fifth", "last"];
    change(&mut person, "add", names.map(add).concat()).await;
    let before = fixture.server.log_clearings();
    for name in &names[..4] {
        change(&mut person, name, remove(name)).await;
    }
    // The task that does it every five seconds may have come.
    let meanwhile = fixture.server.log_clearings() - before;
    assert!(meanwhile <= 1, "{meanwhile} times for 4 removals");
    fixture.server.clear_logs().await;
    for name in &names[..4] {
        assert_eq!(files_with(&data, &wrap(&format!("{name} root"))), Vec::<String>::new());
    }
    let cleared = fixture.server.log_clearings();
    person.write("key", vec![new_record("key")]).await;
    fixture.server.clear_logs().await;
    assert_eq!(fixture.server.log_clearings(), cleared, "nothing was removed");
}

/// SQLite keeps the log as long as anybody has the file open.
#[tokio::test]
async fn nothing_is_left_in_the_log_after_a_stop() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let mut person = Person::new(&fixture, "anna").await;
    change(&mut person, "add", [add("second"), add("third")].concat()).await;
    let mut reader = open(&data.join("vault.db")).await;
    let _: i64 = sqlx::query_scalar("SELECT count(*) FROM commits").fetch_one(&mut reader).await.unwrap();
    change(&mut person, "remove", remove("second")).await;
    fixture.server.stop().await;
    assert_eq!(files_with(&data, &wrap("second root")), Vec::<String>::new());
    reader.close().await.unwrap();
}

/// Whoever reads from a store keeps its log, in which deleted shares are.
#[tokio::test]
async fn deleted_shares_are_not_in_the_log_of_their_store() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    let mut reader = open(&fixture.store(1).join("shares.db")).await;
    let count = "SELECT count(*) FROM shares";
    let _: i64 = sqlx::query_scalar(count).fetch_one(&mut reader).await.unwrap();
    dealing.put(&person).await;
    let share = &dealing.shares[0].bytes;
    assert_eq!(files_with(&fixture.store(1), share), ["shares.db-wal"]);
    let mut read = reader.begin().await.unwrap();
    let _: i64 = sqlx::query_scalar(count).fetch_one(&mut *read).await.unwrap();
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
    fixture.server.clear_logs().await;
    assert_eq!(files_with(&fixture.store(1), share), ["shares.db-wal"], "it is read");
    read.rollback().await.unwrap();
    fixture.server.clear_logs().await;
    assert_eq!(files_with(&fixture.store(1), share), Vec::<String>::new());
    reader.close().await.unwrap();
}

#[tokio::test]
async fn doctor_finds_a_wrap_that_should_not_be_there() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    change(&mut person, "add", [add("second"), add("third")].concat()).await;
    let sql = "SELECT changes FROM commits WHERE counter = 2";
    let file = fixture.folder.path().join("data/vault.db");
    let mut database = open(&file).await;
    let whole: String = sqlx::query_scalar(sql).fetch_one(&mut database).await.unwrap();
    change(&mut person, "remove", remove("second")).await;
    let blanked: String = sqlx::query_scalar(sql).fetch_one(&mut database).await.unwrap();
    assert_ne!(whole, blanked);
    let update = "UPDATE commits SET changes = $1 WHERE counter = 2";
    sqlx::query(update).bind(&whole).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let report = doctor(&fixture.folder.path().join("data")).await.unwrap().to_string();
    assert_eq!(report.matches("it was removed, and its wrap is still there").count(), 2, "{report}");
}
