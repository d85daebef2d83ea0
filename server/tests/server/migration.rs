//! Data folders of other versions.

use std::fs;

use crystallum_server::{Clock, Server, Settings};
use sqlx::Connection;

use crate::fixture::Fixture;
use crate::stores::open;

/// Before format 1 was settled, the first step of the schema was another one.
#[tokio::test]
async fn a_database_from_before_format_1_is_refused_in_one_line() {
    let fixture = Fixture::start().await;
    let data = fixture.folder.path().join("data");
    let origin = fixture.server.origin().to_owned();
    fixture.server.stop().await;
    let mut database = open(&data.join("vault.db")).await;
    sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let before = fs::read(data.join("vault.db")).unwrap();
    let settings = Settings { origin, ..Settings::local(&data) };
    let refused = Server::start(settings, Clock::manual(1)).await.err().unwrap().to_string();
    assert!(
        refused.contains("made before format 1 was settled") && refused.lines().count() == 1,
        "{refused}"
    );
    assert_eq!(fs::read(data.join("vault.db")).unwrap(), before);
}

#[tokio::test]
async fn a_database_of_a_later_version_is_not_touched() {
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
