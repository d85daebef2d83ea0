//! A data folder of the first version is migrated and keeps working.

use std::fs;

use crystallum_api::{Change, Code, Part, Session};
use crystallum_server::{Clock, Server, Settings};
use crystallum_test_support::commits::{
    id, keyslot, keyslot_gone, new_record, overview, record, secret, tombstone,
};
use crystallum_test_support::{Dealing, Person, stores};
use sqlx::{AssertSqlSafe, Connection};

use crate::fixture::Fixture;
use crate::stores::open;

const FIRST: &str = include_str!("../../src/store/migrations/0001_first.sql");

/// Turns a data folder into one of the first version: its schema with the same rows.
async fn back_to_the_first_version(data: &std::path::Path) {
    let new = data.join("new.db");
    fs::rename(data.join("vault.db"), &new).unwrap();
    fs::remove_dir_all(data.join("stores")).unwrap();
    let mut old = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(data.join("vault.db"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    old = old.foreign_keys(false);
    let mut old = sqlx::ConnectOptions::connect(&old).await.unwrap();
    sqlx::raw_sql(FIRST).execute(&mut old).await.unwrap();
    sqlx::query("ATTACH DATABASE $1 AS new").bind(new.to_str().unwrap()).execute(&mut old).await.unwrap();
    for (table, columns) in [
        ("accounts", "id, counter, records, bytes, history, created"),
        ("credentials", "id, account, passkey, created"),
        ("commits", "account, counter, id, request, head, changes"),
        ("parts", "account, record, part, version, counter, blob"),
        ("tombstones", "account, record, version"),
        ("members", "account, kind, id"),
    ] {
        let sql = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut old).await.unwrap();
    }
    let copied = "CREATE TABLE _sqlx_migrations AS SELECT * FROM new._sqlx_migrations WHERE version = 1";
    sqlx::raw_sql(copied).execute(&mut old).await.unwrap();
    sqlx::raw_sql("DETACH DATABASE new").execute(&mut old).await.unwrap();
    old.close().await.unwrap();
    fs::remove_file(new).unwrap();
}

#[tokio::test]
async fn an_account_of_the_first_version_goes_on() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key"), new_record("gone")]).await;
    person.write("delete", vec![tombstone("gone", 2)]).await;
    let before = person.delta(0).await;
    let room = person.login().await.remaining;
    let fixture = fixture.restart(async |data| back_to_the_first_version(data).await).await;
    person.reconnect(&fixture);
    person.browser.set_cookie(None);
    let session: Session = person.login().await;
    assert_eq!((session.counter, session.remaining), (3, room));
    assert_eq!(person.delta(0).await, before);
    // The features of the second version work on data of the first.
    assert_eq!(stores(&person.browser).await.len(), 5);
    person.write("secret", vec![record("key", overview("key", 2), secret("key", 2))]).await;
    for version in [1, 2] {
        let reply = person.browser.get(&format!("/api/records/{}/secrets/{version}", id("key"))).await;
        assert_eq!(Some(reply.json::<Part>()), secret("key", version));
    }
    let changes = vec![keyslot_gone("slot root"), keyslot_gone("slot cold"), keyslot("new root", 1)];
    let request = person.change_request("ways", changes).await;
    person.change_sign_in_methods(&request).await;
    assert_eq!(person.try_write("again", vec![new_record("gone")]).await.code(), Code::BadRequest);
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let changes: Vec<Change> = std::iter::once(new_record("wallet")).chain(dealing.changes()).collect();
    person.write("split", changes).await;
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

#[tokio::test]
async fn a_later_version_is_left_alone() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let origin = fixture.server.origin().to_owned();
    fixture.server.stop().await;
    let mut database = open(&data.join("vault.db")).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        VALUES (99, 'later', TRUE, x'00', 0)";
    sqlx::query(sql).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let before = fs::read(data.join("vault.db")).unwrap();
    let settings = Settings { origin, ..Settings::local(&data) };
    let refused = Server::start(settings, Clock::manual(1)).await.err().unwrap();
    assert!(refused.to_string().contains("99"), "{refused}");
    assert_eq!(fs::read(data.join("vault.db")).unwrap(), before);
}
